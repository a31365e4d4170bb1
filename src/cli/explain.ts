import { openAdmission } from '../admission/run.ts';
import { parser, serverEvent } from '../collection/schemas.ts';
import { eventRecord, sitesOf, type Wire } from '../collection/tell.ts';
import type { DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, JsonObject, Verdict } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import { defaultSpec } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { Journal } from '../store/journal.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { normalisedEvent, requestOf } from '../transport/view.ts';

export interface Explained {
  verdict: Verdict;
  reasons: string[];
  /** the normalised event; empty where nothing could be read */
  event: JsonObject;
  /** the request that would go when the event's hold ends; null for quarantined, refused and duplicate */
  request: TrackRequest | null;
  problems: Problem[];
  legs: Pick<DispatchRow, 'destination' | 'leg' | 'state' | 'why'>[];
}

const readWire = parser(serverEvent);
const DOORS = ['browser', 'server', 'webhook', 'crm', 'import'];

/** Runs events through the real doors' hashing and the real admission, on fresh memory. Nothing is sent. */
export async function explain(inputs: readonly unknown[], spec: Spec | undefined, now: number): Promise<Explained[]> {
  const journal = memoryJournal();
  const ledger = memoryLedger();
  const admission = await openAdmission(journal, ledger);
  admission.state.spec = { ...(spec ?? defaultSpec()), version: 1 };
  const sequences: (number | Problem[])[] = [];
  for (const input of inputs) sequences.push(await tell(input, admission.state.spec, journal, now));
  await admission.catchUp();
  const results: Explained[] = [];
  for (const sequence of sequences) {
    if (typeof sequence !== 'number') {
      results.push({
        verdict: 'quarantined',
        reasons: ['body_shape'],
        event: {},
        request: null,
        problems: sequence,
        legs: [],
      });
      continue;
    }
    const [verdict] = await ledger.verdicts(sequence, sequence);
    if (!verdict) continue;
    const known = await ledger.load({ events: verdict.event === undefined ? [] : [verdict.event], orders: [] });
    results.push(result(verdict, known.events[0], known.dispatches, admission.state.spec));
  }
  await journal.close();
  await ledger.close();
  return results;
}

async function tell(input: unknown, spec: Spec, journal: Journal, now: number): Promise<number | Problem[]> {
  const read = readWire(input);
  if (!read.ok) return read.problems;
  const told = (input as { door?: unknown }).door ?? 'server';
  if (typeof told !== 'string' || !DOORS.includes(told.split(':', 1)[0] ?? ''))
    return [{ code: 'body_shape', where: 'door', what: 'no door of ours', fix: `send one of ${DOORS.join(', ')}` }];
  const door = (told === 'webhook' ? 'webhook:standard' : told) as Door;
  const record = eventRecord(read.value as Wire, { door, keyId: 'explain', receivedAt: now }, sitesOf(spec));
  return journal.append([record]);
}

function result(verdict: VerdictRow, event: EventRow | undefined, legs: DispatchRow[], spec: Spec): Explained {
  const sends = event && (verdict.verdict === 'admitted' || verdict.verdict === 'paired');
  return {
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    event: event ? normalisedEvent(event) : {},
    request: sends ? requestOf(event, spec) : null,
    problems: verdict.problems ?? [],
    legs: event ? legs.map(({ destination, leg, state, why }) => ({ destination, leg, state, why })) : [],
  };
}
