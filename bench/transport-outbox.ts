import type { DispatchRow } from '../src/event/dispatch.ts';
import type { EventRow } from '../src/event/event.ts';
import type { OutgoingEvent } from '../src/event/outgoing.ts';
import type { DispatchesTold, ToldAnswer, ToldSent } from '../src/event/told.ts';
import type { Journal, NewRecord } from '../src/store/journal.ts';
import type { LedgerReader } from '../src/store/ledger.ts';
import { memoryLedger } from '../src/store/memory/ledger.ts';
import type { Sendable } from '../src/store/outbox.ts';
import { eventDoc } from '../src/store/sqlite/event-doc.ts';
import { readOutgoing } from '../src/store/sqlite/outgoing-doc.ts';

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
  const rows = events.map((event, at): Sendable => {
    if (event.seq !== at + 1) throw new Error(`event ${event.seq} does not stand at its sequence`);
    return { event: asStored(event), dispatch: waiting(event), pixel: undefined };
  });
  /** In the order in which they came back, over and over: what is due stands from `first` up to before `end`. */
  const due = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows.length + 1)));
  const mask = due.length - 1;
  /** where each event stands in it; an entry holds as long as its event's place is its own, and -1 is none */
  const places = new Float64Array(rows.length + 1);
  let first = 0;
  let end = 0;
  let pending: NewRecord[] = [];
  let offset = 0;
  let delivered = 0;
  for (const { event } of rows) put(event.seq);

  function put(event: number): void {
    if (end - first > mask) forget();
    if (end - first > mask) throw new Error('more is due than there are events');
    due[end & mask] = event;
    places[event] = end++;
  }

  /** Passes over the entries before the first that holds. */
  function forget(): void {
    while (first < end && places[due[first & mask] as number] !== first) first++;
  }

  function take({ kind, body }: NewRecord): void {
    offset++;
    if (kind === 'sent')
      for (const send of (body as unknown as ToldSent).sends)
        forAll(send, (event) => {
          places[event] = -1;
        });
    else if (kind === 'answer')
      for (const answer of (body as unknown as ToldAnswer).answers) {
        if (answer.input !== 'accept') throw new Error(`the sink answers code 0, and transport read ${answer.why}`);
        forAll(answer, put);
        delivered += 1 + (answer.more?.length ?? 0);
      }
    else throw new Error(`a record ${kind} where everything leaves at once`);
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
      forget();
      for (let at = first; at < end && page.length < limit; at++) {
        const event = due[at & mask] as number;
        if (places[event] === at) page.push(rows[event - 1] as Sendable);
      }
      return page;
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

/** What the ledger would hand on: cut out of the texts that it keeps. */
function asStored(event: EventRow): OutgoingEvent {
  return readOutgoing(event.seq, eventDoc(event), JSON.stringify(event.personal));
}

function forAll({ event, more }: DispatchesTold, run: (event: number) => void): void {
  run(event);
  if (more) for (const one of more) run(one);
}

function waiting({ seq, receivedAt }: EventRow): DispatchRow {
  return {
    ...{ event: seq, destination: DESTINATION, leg: 'api', state: 'queued', why: 'first', dueAt: receivedAt },
    ...{ money: false, attempts: 0, changedAt: receivedAt },
  };
}
