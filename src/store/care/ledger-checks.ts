import type { DatabaseSync } from 'node:sqlite';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import { leadShares, markShares, orderShares, type Share, Sums } from '../book-sums.ts';
import { idsOf } from '../event-ids.ts';
import { totalReader } from '../sqlite/book-totals.ts';
import { readEventDoc } from '../sqlite/event-doc.ts';
import { dispatchTable, entryTable, leadTable, rowOf, type StoredEvent, type Table } from '../sqlite/ledger-columns.ts';
import { allMentions, mentionOf } from '../sqlite/mention.ts';
import { currentVerdicts } from './current-verdicts.ts';

/** One thing that must hold of a ledger; gives a sentence for each place where it does not. */
export interface LedgerCheck {
  /** as the end of "checking …" */
  name: string;
  find(db: DatabaseSync): Iterable<string>;
}

/** What must hold of a ledger by itself. Each is asked within one state of the file. */
export const LEDGER_CHECKS: readonly LedgerCheck[] = [
  { name: 'the file’s trees', find: trees },
  { name: 'verdicts and their totals', find: verdicts },
  { name: 'totals of dispatches', find: dispatchTotals },
  { name: 'totals of the books', find: bookTotals },
  { name: 'columns beside documents', find: columns },
  { name: 'what belongs together', find: relations },
  { name: 'the index of ids', find: index },
];

function* trees(db: DatabaseSync): Iterable<string> {
  for (const row of db.prepare('PRAGMA quick_check(100)').iterate()) {
    const says = String(row['quick_check'] ?? Object.values(row)[0]);
    if (says !== 'ok') yield says;
  }
}

/** Each record up to the offset has one current verdict, none after it, and the totals count them. */
function* verdicts(db: DatabaseSync): Iterable<string> {
  const offset = Number(db.prepare('SELECT "offset" FROM progress').get()?.['offset']);
  const counts = new Map<string, number>();
  let last = 0;
  for (const { seq, door, verdict, draft } of currentVerdicts(db)) {
    if (seq !== last + 1) yield `${range(last + 1, seq - 1)} no verdict`;
    last = seq;
    const key = `${door} ${verdict}${draft ? ' draft' : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (last < offset) yield `${range(last + 1, offset)} no verdict, and the ledger says that it is past them`;
  if (last > offset) yield `${range(offset + 1, last)} a verdict, and the ledger says that it is not there yet`;
  const told = db.prepare('SELECT door, verdict, draft, count FROM verdict_total WHERE count <> 0').all();
  const key = (row: Record<string, unknown>): string =>
    `${String(row['door'])} ${String(row['verdict'])}${row['draft'] ? ' draft' : ''}`;
  yield* differing('verdicts', counts, new Map(told.map((row) => [key(row), Number(row['count'])])));
}

function* dispatchTotals(db: DatabaseSync): Iterable<string> {
  const read = (from: string): Map<string, number> =>
    new Map(
      db
        .prepare(from)
        .all()
        .map(({ destination, leg, state, draft, count }) => [
          `${String(destination)} ${String(leg)} ${String(state)}${draft ? ' draft' : ''}`,
          Number(count),
        ]),
    );
  const counted = read(
    `SELECT destination, leg, state, coalesce(doc ->> 'draft', 0) AS draft, count(*) AS count FROM dispatch
    GROUP BY 1, 2, 3, 4`,
  );
  yield* differing('dispatches', counted, read('SELECT * FROM dispatch_total WHERE count <> 0'));
}

function* bookTotals(db: DatabaseSync): Iterable<string> {
  const [orders, marks, leads] = [new Sums(), new Sums(), new Sums()];
  for (const row of db.prepare('SELECT doc, marks FROM "order"').iterate()) {
    for (const share of orderShares(rowOf<OrderRow>({ doc: String(row['doc']) }))) orders.add(share);
    const lines = String(row['marks']).split('\n');
    for (const share of markShares(lines.filter((line) => line !== ''))) marks.add(share);
  }
  for (const row of db.prepare('SELECT doc FROM lead').iterate())
    for (const share of leadShares(rowOf<LeadRow>({ doc: String(row['doc']) }))) leads.add(share);
  for (const [book, sums] of [['orders', orders] as const, ['marks', marks] as const, ['leads', leads] as const])
    yield* differing(`the book of ${book}`, texts(sums.list()), texts(totalReader(db, book)()));
}

function texts(shares: readonly Share[]): Map<string, string> {
  return new Map(
    shares.map(({ status, currency, count, sums }) => [`${status} ${currency}`, `${count} with ${sums.join(' and ')}`]),
  );
}

/** The columns that indexes and lists read say what the documents do. */
function* columns(db: DatabaseSync): Iterable<string> {
  yield* differingColumns<DispatchRow>(db, dispatchTable);
  yield* differingColumns<EntryRow>(db, entryTable);
  yield* differingColumns<LeadRow>(db, leadTable);
}

function* differingColumns<Row>(db: DatabaseSync, table: Table<Row>): Iterable<string> {
  const names = [...table.key, ...table.beside];
  for (const row of db.prepare(`SELECT ${names.join(', ')}, doc FROM ${table.name}`).iterate()) {
    const values = table.values(rowOf<Row>({ doc: String(row['doc']) }));
    const at = names.findIndex((name, n) => row[name] !== values[n]);
    if (at < 0) continue;
    const key = table.key.map((name) => String(row[name])).join('/');
    yield `${table.name} ${key} has ${names[at]} ${String(row[names[at] ?? ''])} beside a document of ${String(values[at])}`;
  }
}

const RELATIONS: readonly [sql: string, says: (row: Record<string, unknown>) => string][] = [
  [
    'SELECT event, destination, leg FROM dispatch WHERE event NOT IN (SELECT seq FROM event)',
    (row) => `${leg(row)} is of an event that does not exist`,
  ],
  [
    `SELECT event, destination, leg, n FROM attempt a WHERE NOT EXISTS (SELECT 1 FROM dispatch d
      WHERE d.event = a.event AND d.destination = a.destination AND d.leg = a.leg)`,
    (row) => `attempt ${String(row['n'])} is of ${leg(row)}, which does not exist`,
  ],
  [
    `SELECT event, destination, leg FROM dispatch d WHERE state = 'delivered' AND NOT EXISTS (SELECT 1 FROM attempt a
      WHERE a.event = d.event AND a.destination = d.destination AND a.leg = d.leg AND a.doc ->> 'outcome' = 'accepted')`,
    (row) => `${leg(row)} is delivered, and TikTok accepted no attempt of it`,
  ],
  [
    'SELECT order_id, shop FROM capability WHERE (order_id, shop) NOT IN (SELECT order_id, shop FROM "order")',
    (row) => `a capability is of order ${String(row['order_id'])}, which does not exist`,
  ],
  [
    'SELECT DISTINCT touch FROM touch_id WHERE touch NOT IN (SELECT touch FROM touch)',
    (row) => `an id leads to touch ${String(row['touch'])}, which does not exist`,
  ],
];

function* relations(db: DatabaseSync): Iterable<string> {
  for (const [sql, says] of RELATIONS)
    for (const row of db.prepare(sql).iterate()) yield says(row as Record<string, unknown>);
}

function leg({ event, destination, leg: which }: Record<string, unknown>): string {
  return `dispatch ${String(event)}/${String(destination)}/${String(which)}`;
}

/** Every event is found by every id that it bears. */
function* index(db: DatabaseSync): Iterable<string> {
  const all = allMentions(db);
  for (const row of db.prepare('SELECT seq, doc, personal FROM event').iterate()) {
    const { seq, doc, personal } = row as unknown as StoredEvent;
    for (const id of idsOf(readEventDoc(seq, doc, personal)))
      if (!has(all, mentionOf(seq, id))) yield `event ${seq} is not found by one of its ids`;
  }
}

function has(sorted: BigUint64Array, wanted: bigint): boolean {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0n) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted;
}

function* differing<T>(of: string, counted: Map<string, T>, told: Map<string, T>): Iterable<string> {
  for (const name of new Set([...counted.keys(), ...told.keys()]))
    if (counted.get(name) !== told.get(name))
      yield `the total of ${of}, ${name}, says ${String(told.get(name) ?? 0)}, and there are ${String(counted.get(name) ?? 0)}`;
}

function range(from: number, to: number): string {
  return from === to ? `record ${from} has` : `records ${from} to ${to} have`;
}
