import { AssayError } from '../event/error.ts';
import { DAY } from '../event/time.ts';
import { defaultSpec } from '../spec/default.ts';
import type { Journal, JournalRecord } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { type Admitting, decide } from './decide.ts';
import { fingerprint, GUARD_DAYS, Guard } from './guard.ts';
import { readStored } from './stored-spec.ts';

const BATCH_MAX = 1000;
const GUARD_PAGE = 10_000;

/** Admission over one journal and one ledger. The only writer of the ledger. */
export interface Admission {
  /** Decides and commits what the journal has; resolves with the offset reached. `onCommit` is called per batch. */
  catchUp(onCommit?: (offset: number) => void): Promise<number>;
  readonly state: Admitting;
}

/** Reads the journal from the ledger's offset on. The guard is rebuilt from the last days' events. */
export async function openAdmission(
  journal: Pick<Journal, 'read'>,
  ledger: Ledger,
  batchMax = BATCH_MAX,
): Promise<Admission> {
  const state: Admitting = { spec: await activeSpec(ledger), guard: await rebuildGuard(ledger) };
  let running: Promise<number> | undefined;
  const run = async (onCommit?: (offset: number) => void): Promise<number> => {
    for (let offset = await ledger.offset(); ; ) {
      const records = upToSpec(await journal.read(offset, batchMax));
      const last = records.at(-1);
      if (!last) return offset;
      const { effects, spec } = await decide(records, state, (keys) => ledger.load(keys));
      await ledger.commit(effects, last.seq);
      state.spec = spec;
      offset = last.seq;
      onCommit?.(offset);
    }
  };
  return {
    state,
    catchUp(onCommit) {
      running ??= run(onCommit).finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

function upToSpec(records: JournalRecord[]): JournalRecord[] {
  const spec = records.findIndex((record) => record.kind === 'spec');
  return spec < 0 ? records : records.slice(0, spec + 1);
}

async function activeSpec(ledger: Ledger): Promise<Admitting['spec']> {
  const last = (await ledger.specs()).at(-1);
  if (!last) return { ...defaultSpec(), version: 0 };
  const parsed = readStored(last);
  if (!parsed.ok) throw new AssayError('spec_unreadable', `the activated spec version ${last.version} can't be read`);
  return { ...parsed.value, version: last.version };
}

async function rebuildGuard(ledger: Ledger): Promise<Guard> {
  const guard = new Guard();
  const newest = (await ledger.recent(Number.MAX_SAFE_INTEGER, 1))[0]?.verdict.at ?? 0;
  for (let after = 0; ; ) {
    const rows = await ledger.guard(newest - GUARD_DAYS * DAY, after, GUARD_PAGE);
    for (const row of rows) {
      const key = fingerprint(row.sourceId, row.name, row.eventId);
      const [first, ...others] = row.doors;
      if (first) guard.add(key, row.seq, first, row.receivedAt);
      for (const door of others) guard.mark(key, door);
    }
    const last = rows.at(-1);
    if (!last || rows.length < GUARD_PAGE) return guard;
    after = last.seq;
  }
}
