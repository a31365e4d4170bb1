import type { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import type { EventRow } from '../../event/event.ts';
import type { OrderRow } from '../../event/order.ts';
import { idsOf } from '../event-ids.ts';
import type { Effects } from '../ledger.ts';
import {
  attemptTable,
  differenceTable,
  entryTable,
  eventTable,
  findingTable,
  orderTable,
  specTable,
  splitPersonal,
  type Table,
} from './ledger-columns.ts';
import { dispatchWriter, verdictWriter } from './ledger-totals.ts';
import { mentioner } from './mention.ts';
import { upsert } from './upsert.ts';

/** Prepares the one transaction that writes a batch's effects and the offset. */
export function committer(db: DatabaseSync): (effects: Effects, offset: number) => void {
  const verdicts = verdictWriter(db);
  const events = eventWriter(db);
  const orders = orderWriter(db);
  const entries = documentWriter(db, entryTable);
  const dispatches = dispatchWriter(db);
  const attempts = documentWriter(db, attemptTable);
  const findings = documentWriter(db, findingTable);
  const differences = documentWriter(db, differenceTable);
  const specs = documentWriter(db, specTable);
  const mention = mentioner(db);
  const advance = db.prepare('UPDATE progress SET "offset" = ? WHERE "offset" <= ?');

  const write = (effects: Effects, offset: number): void => {
    if (advance.run(offset, offset).changes === 0)
      throw new AssayError('ledger_backwards', `the ledger is already past record ${offset}`);
    verdicts(effects.verdicts);
    for (const row of effects.events) events(row);
    for (const row of effects.orders) orders(row);
    for (const row of effects.entries) entries(row);
    dispatches(effects.dispatches);
    for (const row of effects.attempts) attempts(row);
    for (const { event, requestId } of [...effects.dispatches, ...effects.attempts])
      if (requestId !== undefined) mention(event, requestId);
    for (const row of effects.findings) findings(row);
    for (const row of effects.differences) differences(row);
    for (const row of effects.specs) specs(row);
  };

  return (effects, offset) => {
    db.exec('BEGIN IMMEDIATE');
    try {
      write(effects, offset);
      db.exec('COMMIT');
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK');
      if (cause instanceof AssayError) throw cause;
      throw new AssayError('ledger_unwritable', `the ledger cannot be written: ${String(cause)}`, { cause });
    }
  };
}

function documentWriter<Row>(db: DatabaseSync, table: Table<Row>): (row: Row) => void {
  const write = upsert(db, table, ['doc']);
  return (row) => {
    write.run(...table.values(row), JSON.stringify(row));
  };
}

function eventWriter(db: DatabaseSync): (row: EventRow) => void {
  const write = upsert(db, eventTable, ['doc', 'personal']);
  const mention = mentioner(db);
  return (row) => {
    write.run(...eventTable.values(row), ...splitPersonal(row));
    for (const id of idsOf(row)) mention(row.seq, id);
  };
}

function orderWriter(db: DatabaseSync): (row: OrderRow) => void {
  const write = upsert(db, orderTable, ['doc', 'personal']);
  const grant = db.prepare('INSERT OR REPLACE INTO capability (hash, order_id, shop) VALUES (?, ?, ?)');
  return (row) => {
    write.run(...orderTable.values(row), ...splitPersonal(row));
    for (const hash of row.capabilities) grant.run(hash, row.orderId, row.shop);
  };
}
