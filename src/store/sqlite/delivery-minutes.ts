import type { DatabaseSync } from 'node:sqlite';
import type { AttemptRow, DispatchRow } from '../../event/dispatch.ts';
import { backlogOf, DeliverySums, deliveryMinute, isNothing, type MinuteSums, waitingOf } from '../delivery-sums.ts';
import type { LedgerReader } from '../ledger.ts';
import { rowOf, type Stored } from './ledger-columns.ts';

/** Running sums of one minute; "waiting" counts the legs that came in it and wait still. */
export const DELIVERY_SCHEMA = `
  CREATE TABLE delivery_minute (
    minute INTEGER NOT NULL, destination TEXT NOT NULL, waiting INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (minute, destination)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX delivery_waiting ON delivery_minute (minute, destination) WHERE waiting > 0`;

/** What one commit changes about deliveries: told row by row, written once for each minute. */
export interface DeliveryWriter {
  dispatch(before: DispatchRow | undefined, after: DispatchRow): void;
  attempt(row: AttemptRow): void;
  write(): void;
  forget(): void;
}

export function deliveryWriter(db: DatabaseSync): DeliveryWriter {
  const attempted = db.prepare('SELECT doc FROM attempt WHERE event = ? AND destination = ? AND leg = ? AND n = ?');
  const read = db.prepare('SELECT doc FROM delivery_minute WHERE minute = ? AND destination = ?');
  const write = db.prepare(
    'INSERT OR REPLACE INTO delivery_minute (minute, destination, waiting, doc) VALUES (?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM delivery_minute WHERE minute = ? AND destination = ?');
  let changes = new DeliverySums();

  function add(change: MinuteSums): void {
    const stored = read.get(change.minute, change.destination) as Stored | undefined;
    const sums = new DeliverySums();
    if (stored) sums.plus(rowOf<MinuteSums>(stored));
    sums.plus(change);
    for (const minute of sums.all())
      if (isNothing(minute)) remove.run(minute.minute, minute.destination);
      else write.run(minute.minute, minute.destination, waitingOf(minute), JSON.stringify(minute));
  }

  return {
    dispatch(before, after) {
      if (before) changes.dispatch(before, -1);
      changes.dispatch(after, 1);
    },
    /** Before the row itself is written: what it was stands in its place still. */
    attempt(row) {
      const before = attempted.get(row.event, row.destination, row.leg, row.n) as Stored | undefined;
      // Nearly always it was sent and not answered, and counted for nothing: telling that costs less than reading it.
      if (before?.doc.includes('"answeredAt"')) changes.attempt(rowOf<AttemptRow>(before), -1);
      changes.attempt(row, 1);
    },
    write() {
      for (const change of changes.all()) if (!isNothing(change)) add(change);
      changes = new DeliverySums();
    },
    forget() {
      changes = new DeliverySums();
    },
  };
}

/** What became of the legs minute by minute, and what waits now. */
export function deliveryReads(db: DatabaseSync): Pick<LedgerReader, 'deliveries' | 'backlog'> {
  const minutes = db.prepare(
    'SELECT doc FROM delivery_minute WHERE minute >= ? AND minute < ? ORDER BY minute, destination',
  );
  const waiting = db.prepare('SELECT doc FROM delivery_minute WHERE waiting > 0 ORDER BY minute, destination');
  return {
    async deliveries(from, to) {
      return (minutes.all(from, to) as unknown as Stored[]).flatMap(
        (stored) => deliveryMinute(rowOf<MinuteSums>(stored)) ?? [],
      );
    },
    async backlog() {
      return backlogOf((waiting.all() as unknown as Stored[]).map(rowOf<MinuteSums>));
    },
  };
}
