import { type DispatchRow, transitions } from '../event/dispatch.ts';
import type { JsonObject } from '../event/event.ts';
import type { DispatchKey, ToldReplay } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { JournalReader } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { decide } from './decide.ts';
import { Guard } from './guard.ts';
import { recaller } from './recall.ts';

/** What became of each letter, or would: `why` it stays as it is; none where it is tried again, or let in. */
export interface ReplayOutcome {
  legs: { key: DispatchKey; why?: string }[];
  records: { seq: number; why?: string }[];
}

type Rows = { dispatches: readonly DispatchRow[]; verdicts: readonly VerdictRow[] };

/** What would become of a replay at `at`, by the same decisions that would take it. Nothing is written. */
export async function tryReplay(
  told: ToldReplay,
  at: number,
  around: {
    reader: Pick<LedgerReader, 'load' | 'verdicts' | 'offset' | 'specs' | 'keys' | 'tests'>;
    journal: Pick<JournalReader, 'read' | 'first'>;
    spec: Spec;
  },
): Promise<ReplayOutcome> {
  const { reader, journal, spec } = around;
  const seq = (await reader.offset()) + 1;
  const state = {
    spec,
    specs: new Map((await reader.specs()).map((row) => [row.version, row])),
    // It remembers nothing, and what is judged again is looked up in the ledger.
    guard: new Guard(),
    keys: new Map((await reader.keys()).map((row) => [row.id, row])),
    tests: new Map((await reader.tests()).map((row) => [row.destination, row])),
  };
  const body = { ...told } as unknown as JsonObject;
  const record = { seq, kind: 'replay', door: 'operator', keyId: '', receivedAt: at, body, personal: null } as const;
  const { effects } = await decide([record], state, (keys) => reader.load(keys), recaller(journal, reader));
  const before = await rowsOf(told, reader);
  return outcomeOf(told, seq, {
    dispatches: [...effects.dispatches, ...before.dispatches],
    verdicts: [...effects.verdicts, ...before.verdicts],
  });
}

/** What became of the replay that was taken as record `seq`, once the ledger has come to it. */
export async function replayOutcome(
  told: ToldReplay,
  seq: number,
  reader: Pick<LedgerReader, 'load' | 'verdicts'>,
): Promise<ReplayOutcome> {
  return outcomeOf(told, seq, await rowsOf(told, reader));
}

async function rowsOf(told: ToldReplay, reader: Pick<LedgerReader, 'load' | 'verdicts'>): Promise<Rows> {
  const { dispatches } = await reader.load({ events: [...new Set(told.legs.map(({ event }) => event))], orders: [] });
  const verdicts: VerdictRow[] = [];
  for (const seq of told.records) verdicts.push(...(await reader.verdicts(seq, seq)));
  return { dispatches, verdicts };
}

/** Of several rows for one letter the first one counts. */
function outcomeOf(told: ToldReplay, seq: number, { dispatches, verdicts }: Rows): ReplayOutcome {
  return {
    legs: told.legs.map((key) => {
      const why = whyLegStays(
        dispatches.find((row) => row.event === key.event && row.destination === key.destination && row.leg === key.leg),
        seq,
      );
      return why === undefined ? { key } : { key, why };
    }),
    records: told.records.map((record) => {
      const why = whyRecordStays(
        verdicts.find((row) => row.seq === record),
        seq,
      );
      return why === undefined ? { seq: record } : { seq: record, why };
    }),
  };
}

function whyLegStays(leg: DispatchRow | undefined, seq: number): string | undefined {
  if (leg?.leg !== 'api' || leg.draft) return 'letter_unknown';
  const own = leg.replays?.find((replay) => replay.seq === seq);
  if (own) return own.why;
  // The same refusal as the last time leaves no trace of its own.
  const last = leg.replays?.at(-1)?.why;
  return transitions[leg.state].replay === 'impossible' ? 'not_given_up' : (last ?? 'not_given_up');
}

function whyRecordStays(verdict: VerdictRow | undefined, seq: number): string | undefined {
  if (!verdict || verdict.draft) return 'letter_unknown';
  if (verdict.verdict === 'quarantined') return verdict.kind === 'unread' ? 'text_not_kept' : verdict.reasons[0];
  return verdict.again?.seq === seq ? undefined : 'not_quarantined';
}
