import type { Problem } from '../event/problem.ts';
import { ClientError } from './error.ts';
import type { Told } from './queue.ts';
import type { Sent } from './send.ts';

/** One event of a batch, whatever else its sender keeps of it. */
interface Member {
  eventId: string;
}

/** What to do with a batch after its answer. */
export interface Settled<M extends Member> {
  told: { waiting: M; told: Told }[];
  failed: { waiting: M[]; error: ClientError }[];
  /** known to the collector, with something to mend */
  warned: ClientError[];
  /** batches to send next, in order */
  again: M[][];
}

/** The field of a body that its members stand in. */
export type List = 'events' | 'facts' | 'leads';

/** Statuses that are about the body: a part of it may be good. */
const ABOUT_BODY = new Set([400, 413, 422]);

/**
 * Judges a batch by the body of its answer: told, refused one by one, or to be sent again in smaller parts. `list` is
 * the field of the body that it stood in.
 */
export function settle<M extends Member>(batch: M[], sent: Sent, stopped: boolean, list: List = 'events'): Settled<M> {
  const settled: Settled<M> = { told: [], failed: [], warned: [], again: [] };
  const fail = (waiting: M[], error: ClientError): Settled<M> => {
    settled.failed.push({ waiting, error });
    return settled;
  };
  switch (sent.kind) {
    case 'gaveUp':
      return fail(batch, new ClientError(stopped ? 'closed' : 'gave_up', idsOf(batch), { why: sent.why }));
    case 'answered': {
      const { receipt, accepted } = sent.body;
      if (typeof receipt !== 'string' || accepted !== batch.length)
        return fail(
          batch,
          new ClientError('refused', idsOf(batch), {
            status: sent.status,
            why: `${batch.length} ${list} were sent and ${String(accepted)} accepted: is this address the collector’s?`,
          }),
        );
      return verdicts(batch, receipt, sent.body['records'], settled);
    }
    case 'refused': {
      const { status, why, problems } = sent;
      if (!ABOUT_BODY.has(status) || batch.length === 1) {
        const code = status === 413 ? 'too_large' : 'refused';
        return fail(batch, new ClientError(code, idsOf(batch), { status, why, problems: problems.map(ofOne) }));
      }
      const bad = batch.flatMap((waiting, index) => {
        const found = problems.filter(
          ({ where }) => where === `${list}.${index}` || where.startsWith(`${list}.${index}.`),
        );
        return found.length > 0 ? [{ waiting, found }] : [];
      });
      for (const { waiting, found } of bad)
        fail([waiting], new ClientError('refused', [waiting.eventId], { status, why, problems: found.map(ofOne) }));
      const rest = batch.filter((waiting) => !bad.some((one) => one.waiting === waiting));
      const half = Math.ceil(batch.length / 2);
      const parts = bad.length > 0 ? [rest] : [batch.slice(0, half), batch.slice(half)];
      settled.again = parts.filter((part) => part.length > 0);
      return settled;
    }
  }
}

/** Verdicts come in the order of the events; those without one yet are at the end. */
function verdicts<M extends Member>(batch: M[], receipt: string, records: unknown, settled: Settled<M>): Settled<M> {
  const known = Array.isArray(records)
    ? (records as { verdict: string; reasons: string[]; problems?: Problem[] }[])
    : [];
  for (const [index, waiting] of batch.entries()) {
    const told: Told = { event_id: waiting.eventId, receipt };
    const record = known[index];
    if (record) Object.assign(told, { verdict: record.verdict, reasons: record.reasons });
    if (record?.problems) told.problems = record.problems;
    settled.told.push({ waiting, told });
    if (record?.verdict === 'quarantined' || record?.verdict === 'refused') {
      const why = `${record.verdict}: ${record.reasons.join(', ')}`;
      settled.warned.push(new ClientError('quarantined', [waiting.eventId], { why, problems: record.problems ?? [] }));
    }
  }
  return settled;
}

/** `events.3.time` of a batch is `time` of one of them. */
function ofOne(problem: Problem): Problem {
  return { ...problem, where: problem.where.replace(/^(?:events|facts|leads)\.\d+\./, '') };
}

function idsOf(batch: readonly Member[]): string[] {
  return batch.map(({ eventId }) => eventId);
}
