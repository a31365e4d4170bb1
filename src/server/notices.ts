import type { LiveDifference, LiveFinding, LiveNotices } from '../api/answers.ts';
import type { EventRow } from '../event/event.ts';
import type { DifferenceRow, FindingRow } from '../event/finding.ts';
import { ruleFor } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { findingFix } from './finding-fixes.ts';
import { differenceSays } from './says.ts';

const NOTICES_MAX = 20;

/** What wants a person's look: the last findings and the last differences. */
export async function readNotices(
  reader: Pick<LedgerReader, 'findings' | 'differences' | 'load' | 'verdicts'>,
  specOf: (version: number) => Spec,
): Promise<LiveNotices> {
  const rows = await reader.differences(NOTICES_MAX);
  const { events } = await reader.load({ events: rows.map((row) => row.event), orders: [] });
  const differences: LiveDifference[] = [];
  for (const row of rows) {
    const event = events.find((one) => one.seq === row.event);
    const [verdict] = await reader.verdicts(row.seq, row.seq);
    if (event && verdict) differences.push(liveDifference(row, event, verdict, specOf(event.specVersion)));
  }
  return { findings: (await reader.findings(NOTICES_MAX)).map(liveFinding), differences };
}

function liveDifference(row: DifferenceRow, event: EventRow, verdict: VerdictRow, spec: Spec): LiveDifference {
  return {
    seq: row.seq,
    at: verdict.at,
    event: event.name,
    field: row.field,
    kept: row.kept,
    told: row.told,
    says: differenceSays(row, verdict.door, ruleFor(spec, event.name).precedence, event),
    trace: event.orderId ?? event.leadId ?? event.eventId,
  };
}

function liveFinding(row: FindingRow): LiveFinding {
  // Subjects are `order 10045`, `event demo-10045`, `lead L-1`: the rest of the text is an id. Calls by other tags are
  // known by the event's name alone, which leads nowhere.
  const byName = row.check.startsWith('foreign_pixel');
  const [, id] = byName ? [] : (/^(?:order|event|lead|visitor|session) (.+)$/s.exec(row.subject) ?? []);
  return { ...row, fix: findingFix(row.check), ...(id === undefined ? {} : { trace: id }) };
}
