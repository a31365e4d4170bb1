import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, type RunningAssay, startAssay, startPeer } from './contestants.ts';
import type { Bench } from './folders.ts';
import type { Filled } from './result.ts';
import { shoot } from './shoot.ts';

/** Two running servers that know the same ids. */
export interface FilledServers {
  assay: RunningAssay;
  usual: Running;
  filled: Filled;
}

const EVENTS_A_REQUEST = 50;
const TENTHS = 10;
const SEED = 20_261_122;
/** The guard looks back three calendar days, so that ids of yesterday are still known today. */
const AGE_MS_MAX = 24 * 3600 * 1000;
const LOOK_MS = 50;
const SAY_MS = 5000;

/** Fills both designs through their doors with the same random ids, or takes the stores that an earlier run kept. */
export async function openFilled(bench: Bench): Promise<FilledServers> {
  const at = (name: string): string => join(bench.filledFolder, `bench-${name}`);
  const kept = keptOf(at('filled.json'), bench.plan.knownIds);
  if (!kept) {
    mkdirSync(bench.filledFolder, { recursive: true });
    for (const old of ['assay', 'usual.db', 'usual.db-wal', 'usual.db-shm', 'filled.json'])
      rmSync(at(old), { recursive: true, force: true });
  }
  const usual = await startPeer('unique-index', at('usual.db'));
  const filled = kept ?? (await fillBoth(bench, usual, at('assay')));
  if (!kept) writeFileSync(at('filled.json'), JSON.stringify({ ...filled, at: Date.now() }));
  bench.say(`Assay starts and learns ${filled.ids} ids`);
  const from = performance.now();
  const assay = await startAssay(at('assay'));
  await assay.settle();
  return { assay, usual, filled: { ...filled, startSeconds: (performance.now() - from) / 1000 } };
}

async function fillBoth(bench: Bench, usual: Running, folder: string): Promise<Filled> {
  const usualTimes = await fill(bench, usual, 'the usual design');
  const assay = await startAssay(folder);
  const times = await fill(bench, assay, 'Assay', assay);
  bench.note(assay);
  await assay.close();
  return {
    ids: bench.plan.knownIds,
    usual: { seconds: usualTimes.acked },
    acked: { seconds: times.acked },
    committed: { seconds: times.committed },
  };
}

function keptOf(note: string, ids: number): Filled | undefined {
  if (!existsSync(note)) return undefined;
  const kept = JSON.parse(readFileSync(note, 'utf8')) as Filled & { at: number };
  return kept.ids === ids && Date.now() - kept.at < AGE_MS_MAX ? kept : undefined;
}

/** Sends all ids as fast as they are taken. Seconds of each tenth: until it is acknowledged, and until it is committed. */
async function fill(
  bench: Bench,
  at: Running,
  name: string,
  assay?: RunningAssay,
): Promise<{ acked: number[]; committed: number[] }> {
  const { knownIds } = bench.plan;
  const acked = new Marks(knownIds);
  const committed = new Marks(knownIds);
  let told = 0;
  let decided = 0;
  // The spec's own record, written at the start, is no event.
  const before = (await assay?.progress())?.ledger ?? 0;
  const look = async (): Promise<void> => {
    decided = ((await assay?.progress())?.ledger ?? 0) - before;
    committed.reach(decided);
  };
  const looking = setInterval(() => void look(), LOOK_MS);
  const saying = setInterval(
    () =>
      bench.say(
        `fills ${name}: ${percent(told / knownIds)} acknowledged${assay ? `, ${percent(decided / knownIds)} decided` : ''}`,
      ),
    SAY_MS,
  );
  try {
    await shoot(
      at,
      {
        ...{ eventsPerRequest: EVENTS_A_REQUEST, seconds: 0, warmSeconds: 0, seed: SEED },
        requests: Math.ceil(knownIds / EVENTS_A_REQUEST),
      },
      {
        answered(requests) {
          told = requests * EVENTS_A_REQUEST;
          acked.reach(told);
        },
      },
    );
    acked.reach(knownIds);
    await assay?.settle();
    await look();
  } finally {
    clearInterval(looking);
    clearInterval(saying);
  }
  return { acked: acked.seconds(), committed: committed.seconds() };
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** When each tenth of a number was reached. */
export class Marks {
  readonly #total: number;
  readonly #from: number;
  readonly #at: number[] = [];

  constructor(total: number, from = performance.now()) {
    this.#total = total;
    this.#from = from;
  }

  /** Tenths that were reached between two looks share their time evenly. */
  reach(count: number, now = performance.now()): void {
    const reached = Math.min(TENTHS, Math.floor((count / this.#total) * TENTHS));
    const last = this.#at.at(-1) ?? this.#from;
    for (let more = reached - this.#at.length, n = 1; n <= more; n++) this.#at.push(last + ((now - last) * n) / more);
  }

  seconds(): number[] {
    return this.#at.map((at, n) => (at - (this.#at[n - 1] ?? this.#from)) / 1000);
  }
}
