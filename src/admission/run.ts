import { setTimeout as sleep } from 'node:timers/promises';
import { AssayError } from '../event/error.ts';
import { defaultSpec } from '../spec/default.ts';
import type { SpecRow } from '../store/effects.ts';
import type { JournalReader, JournalRecord } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { type Admitting, decide } from './decide.ts';
import { dayOf } from './guard.ts';
import { rebuildGuard } from './guard-rebuild.ts';
import { recaller } from './recall.ts';
import { readStored } from './stored-spec.ts';

const BATCH_MAX = 1000;
/** Pages of the guard's past before a full batch: without them a backlog would be asked for event by event. */
const PAGES_FIRST = 50;

/** Admission over one journal and one ledger. The only writer of the ledger. */
export interface Admission {
  /** Decides and commits what the journal has; resolves with the offset reached. `onCommit` is called per batch. */
  catchUp(onCommit?: (offset: number) => void): Promise<number>;
  /** Fills in some of the guard's past; resolves with false once all is there. Till then more is asked of the ledger. */
  remember(): Promise<boolean>;
  readonly state: Admitting;
}

/**
 * Reads the journal from the ledger's offset on. The guard is rebuilt from the last days' events. After a batch that was
 * not full it rests for `restMs`, because a commit costs nearly the same for one record as for a hundred.
 */
export async function openAdmission(
  journal: Pick<JournalReader, 'read' | 'first'>,
  ledger: Ledger,
  { batchMax = BATCH_MAX, restMs = 0 } = {},
): Promise<Admission> {
  const specs = await ledger.specs();
  const { guard, remember } = await rebuildGuard(ledger);
  const state: Admitting = {
    spec: activeSpec(specs.at(-1)),
    specs: new Map(specs.map((row) => [row.version, row])),
    guard,
    keys: new Map((await ledger.keys()).map((row) => [row.id, row])),
    tests: new Map((await ledger.tests()).map((row) => [row.destination, row])),
  };
  const recall = recaller(journal, ledger);
  let running: Promise<number> | undefined;
  const run = async (onCommit?: (offset: number) => void): Promise<number> => {
    for (let offset = await ledger.offset(); ; ) {
      const records = batchOf(await journal.read(offset, batchMax));
      if (records.length === 0) return offset;
      if (records.length === batchMax) for (let page = 0; page < PAGES_FIRST && (await remember()); ) page++;
      const { effects, upTo, ...next } = await decide(records, state, (keys) => ledger.load(keys), recall);
      await ledger.commit(effects, upTo);
      Object.assign(state, next);
      offset = upTo;
      onCommit?.(offset);
      if (restMs > 0 && records.length < batchMax && upTo === records.at(-1)?.seq) await sleep(restMs);
    }
  };
  return {
    state,
    remember,
    catchUp(onCommit) {
      running ??= run(onCommit).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/**
 * A spec ends its batch. So does a day: the guard then knows all that the batch itself told before. A replay stands
 * alone: it asks the ledger what became of earlier records.
 */
function batchOf(records: JournalRecord[]): JournalRecord[] {
  const day = dayOf(records[0]?.receivedAt ?? 0);
  const end = records.findIndex(({ receivedAt }) => dayOf(receivedAt) !== day);
  const spec = records.findIndex((record) => record.kind === 'spec');
  const replay = records.findIndex((record) => record.kind === 'replay');
  const ends = [end, spec < 0 ? -1 : spec + 1, replay === 0 ? 1 : replay].filter((at) => at >= 0);
  return records.slice(0, Math.min(records.length, ...ends));
}

function activeSpec(last: SpecRow | undefined): Admitting['spec'] {
  if (!last) return { ...defaultSpec(), version: 0 };
  const parsed = readStored(last);
  if (!parsed.ok) throw new AssayError('spec_unreadable', `the activated spec version ${last.version} can't be read`);
  return { ...parsed.value, version: last.version };
}
