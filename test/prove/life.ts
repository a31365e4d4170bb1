import { openAdmission } from '../../src/admission/run.ts';
import { readStored } from '../../src/admission/stored-spec.ts';
import { watchJournal } from '../../src/server/disk.ts';
import type { Spec } from '../../src/spec/spec.ts';
import type { SpecRow } from '../../src/store/effects.ts';
import { type Surroundings, startTransport, type Transport } from '../../src/transport/dispatch.ts';
import { type Handouts, openHandouts } from '../../src/transport/handout.ts';
import type { Planted } from './planted.ts';
import type { LifeStores } from './stores.ts';

/** Admission that failed begins anew after this. */
const AGAIN_MS = 1000;

export interface LifeAround {
  stores: LifeStores;
  /** our clock, UTC ms */
  now(): number;
  random(): number;
  post: Surroundings['post'];
  setTimer(run: () => void, ms: number): () => void;
  /** a slow consumer: admission does not run while it says so */
  isLagging(): boolean;
  planted: Planted;
}

/** One process from its start to its end: the real loops over its stores. */
export interface Life {
  transport(): Transport | undefined;
  handouts(): Handouts | undefined;
  /** Admission looks whether the journal has grown. */
  look(): void;
}

/** Starts like the server does: admission first, then handouts and transport once it has caught up. */
export function startLife(around: LifeAround): Life {
  const { stores, now, planted, setTimer } = around;
  const specs = new Map<number, Spec>();
  let transport: Transport | undefined;
  let handouts: Handouts | undefined;
  let admission: Awaited<ReturnType<typeof openAdmission>> | undefined;
  let running = false;
  let resting = false;

  const specOf = (version: number): Spec => {
    const spec = specs.get(version) ?? specs.get(Math.max(...specs.keys()));
    if (!spec) throw new Error('no spec is active');
    return spec;
  };
  const learn = (rows: readonly SpecRow[]): void => {
    for (const row of rows) if (!specs.has(row.version)) specs.set(row.version, read(row));
  };

  async function decide(): Promise<void> {
    if (!admission) {
      admission = planted.admission(await openAdmission(stores.journal, planted.ledger(stores.ledger)));
      while (await admission.remember());
    }
    const offset = await admission.catchUp();
    if ((await stores.ledger.offset()) === 0) return;
    if (specs.size === 0 || handouts) learn(await stores.ledger.specs());
    // A server that can't open its doors ends, and is started again.
    if (!handouts) await open().catch(() => stores.die());
    transport?.wake(offset);
    handouts?.wake();
  }

  async function open(): Promise<void> {
    const reader = planted.reader(stores.ledger);
    const journal = watchJournal(stores.journal, { wake: look, log: () => {}, setTimer });
    const opened = openHandouts({ reader: planted.handoutReader(stores.ledger), journal, specOf, now });
    transport = await startTransport({
      ...{ reader, journal, specOf, now, random: around.random, setTimer },
      post: planted.post(around.post),
      alarm: () => {},
    });
    handouts = opened;
  }

  function look(): void {
    if (running || resting || around.isLagging()) return;
    running = true;
    decide()
      .catch(() => {
        // Its memory may be ahead of the ledger: it begins anew from what is written.
        admission = undefined;
        resting = true;
        setTimer(() => {
          resting = false;
          look();
        }, AGAIN_MS);
      })
      .finally(() => {
        running = false;
      });
  }

  look();
  return { transport: () => transport, handouts: () => handouts, look };
}

function read(row: SpecRow): Spec {
  const spec = readStored(row);
  if (!spec.ok) throw new Error(`a variant is no spec: ${JSON.stringify(spec.problems)}`);
  return { ...spec.value, version: row.version };
}
