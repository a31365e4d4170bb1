import type { DispatchRow } from '../src/event/dispatch.ts';
import type { EventRow } from '../src/event/event.ts';
import { eventsTold, type ToldAnswer, type ToldSent } from '../src/event/told.ts';
import type { Journal, NewRecord } from '../src/store/journal.ts';
import type { LedgerReader, Sendable } from '../src/store/ledger.ts';
import { memoryLedger } from '../src/store/memory/ledger.ts';

/** An outbox that never runs dry. */
export interface Outbox {
  reader: LedgerReader;
  journal: Pick<Journal, 'append'>;
  /** events whose accepted answer was written down */
  delivered(): number;
}

const DESTINATION = 'main';

/**
 * Journal and ledger as transport sees them, without disk, thread and copies: what costs time is transport alone. A record
 * takes effect in the next turn of the event loop; an event that was delivered is due
 * again, under its old sequence. `events` have the sequences from 1 on.
 */
export function openOutbox(events: readonly EventRow[], committed: (offset: number) => void): Outbox {
  const rows = events.map((event): Sendable => ({ event, dispatch: waiting(event) }));
  /** In the order in which they came back. An entry holds as long as its event's place is its own; 0 is none. */
  let due = [undefined, ...rows];
  let first = 1;
  const places = Int32Array.from(due, (_, place) => place);
  let pending: NewRecord[] = [];
  let offset = 0;
  let delivered = 0;

  function rowOf(seq: number): Sendable {
    const row = rows[seq - 1];
    if (row?.event.seq !== seq) throw new Error(`event ${seq} does not stand at its sequence`);
    return row;
  }

  function take({ kind, body }: NewRecord): void {
    offset++;
    if (kind === 'sent')
      for (const send of (body as unknown as ToldSent).sends) for (const event of eventsTold(send)) places[event] = 0;
    else if (kind === 'answer')
      for (const answer of (body as unknown as ToldAnswer).answers) {
        if (answer.input !== 'accept') throw new Error(`the sink answers code 0, and transport read ${answer.why}`);
        const events = eventsTold(answer);
        for (const event of events) {
          places[event] = due.push(rowOf(event)) - 1;
        }
        delivered += events.length;
      }
    else throw new Error(`a record ${kind} where everything leaves at once`);
  }

  /** Forgets the entries before the first that holds. */
  function tidy(): void {
    for (const [event, place] of places.entries()) if (place > 0) places[event] = place - first + 1;
    due = [undefined, ...due.slice(first)];
    first = 1;
  }

  function commit(): void {
    const group = pending;
    pending = [];
    for (const record of group) take(record);
    committed(offset);
  }

  const reader: LedgerReader = {
    ...memoryLedger(),
    offset: async () => offset,
    async due(_now, limit, without = []) {
      if (without.some(({ money }) => !money)) return [];
      const page: Sendable[] = [];
      for (let at = first; at < due.length && page.length < limit; at++) {
        const row = due[at];
        if (row && places[row.event.seq] === at) page.push(row);
        else if (at === first) first++;
      }
      if (first > rows.length) tidy();
      return page;
    },
    async load(keys) {
      const nothing = {
        orders: [],
        entries: [],
        paid: [],
        findings: [],
        touches: [],
        refusers: [],
        contexts: [],
        leads: [],
      };
      const asked = keys.events.map(rowOf);
      return {
        ...nothing,
        events: asked.map(({ event }) => event),
        dispatches: asked.map(({ dispatch }) => dispatch),
      };
    },
    expired: async () => [],
    inFlight: async () => [],
    nextDueAt: async () => undefined,
  };
  return {
    reader,
    journal: {
      async append(records) {
        if (pending.length === 0) setImmediate(commit);
        const first = offset + pending.length + 1;
        pending.push(...records);
        return first;
      },
    },
    delivered: () => delivered,
  };
}

function waiting({ seq, receivedAt }: EventRow): DispatchRow {
  return {
    ...{ event: seq, destination: DESTINATION, leg: 'api', state: 'queued', why: 'first', dueAt: receivedAt },
    ...{ money: false, attempts: 0, changedAt: receivedAt },
  };
}
