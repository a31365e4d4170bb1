import type { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import type { EventRow } from '../../event/event.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { ChoiceRow, Effects } from '../effects.ts';
import { idsOf, touchIdsOf } from '../event-ids.ts';
import { bookWriter } from './book-writes.ts';
import { changeWriter } from './changes.ts';
import { deliveryWriter } from './delivery-minutes.ts';
import { eventDoc } from './event-doc.ts';
import {
  adReportTable,
  attemptTable,
  differenceTable,
  eventTable,
  findingTable,
  keyTable,
  specTable,
  splitPersonal,
  type Table,
  testTable,
  touchTable,
} from './ledger-columns.ts';
import { dispatchWriter, verdictWriter } from './ledger-totals.ts';
import { letterWriter } from './letter-rows.ts';
import { mentioner } from './mention.ts';
import { rowsWriter, upsert } from './upsert.ts';

/** Prepares the one transaction that writes a batch's effects and the offset. */
export function committer(db: DatabaseSync): (effects: Effects, offset: number) => void {
  const letters = letterWriter(db);
  const verdicts = verdictWriter(db, letters.verdict);
  const mention = mentioner(db);
  const events = eventWriter(db, mention.add);
  const books = bookWriter(db);
  const deliveries = deliveryWriter(db);
  const dispatches = dispatchWriter(db, (before, after) => {
    deliveries.dispatch(before, after);
    letters.dispatch(before, after);
  });
  const attempts = documentWriter(db, attemptTable);
  const findings = documentWriter(db, findingTable);
  const differences = documentWriter(db, differenceTable);
  const specs = documentWriter(db, specTable);
  const touches = touchWriter(db);
  const adReports = documentWriter(db, adReportTable);
  const keys = documentWriter(db, keyTable);
  const tests = documentWriter(db, testTable);
  const choices = choiceWriter(db);
  const changes = changeWriter(db);
  const decided = db.prepare('SELECT "offset" FROM progress');
  const advance = db.prepare('UPDATE progress SET "offset" = ? WHERE "offset" <= ?');

  const write = (effects: Effects, offset: number): void => {
    const before = Number(decided.get()?.['offset']);
    if (advance.run(offset, offset).changes === 0)
      throw new AssayError('ledger_backwards', `the ledger is already past record ${offset}`);
    verdicts(effects.verdicts, before);
    events(effects.events, before);
    books(effects);
    dispatches(effects.dispatches, before);
    for (const row of effects.attempts) {
      deliveries.attempt(row);
      attempts(row);
    }
    deliveries.write();
    for (const { event, requestId } of [...effects.dispatches, ...effects.attempts])
      if (requestId !== undefined) mention.add(event, requestId);
    for (const row of effects.findings) findings(row);
    for (const row of effects.differences) differences(row);
    for (const row of effects.specs) specs(row);
    for (const row of effects.touches) touches(row);
    for (const row of effects.adReports) adReports(row);
    for (const row of effects.keys) keys(row);
    for (const row of effects.tests) tests(row);
    for (const row of effects.choices) choices(row);
    mention.write();
    changes(effects, offset);
  };

  return (effects, offset) => {
    try {
      db.exec('BEGIN IMMEDIATE');
      write(effects, offset);
      db.exec('COMMIT');
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK');
      mention.forget();
      deliveries.forget();
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

function touchWriter(db: DatabaseSync): (row: TouchRow) => void {
  const write = upsert(db, touchTable, ['doc', 'personal']);
  const name = db.prepare('INSERT OR IGNORE INTO touch_id (id, touch) VALUES (?, ?)');
  return (row) => {
    write.run(...touchTable.values(row), ...splitPersonal(row));
    for (const id of touchIdsOf(row)) name.run(id, row.touch);
  };
}

function eventWriter(
  db: DatabaseSync,
  mention: (event: number, id: string) => void,
): (rows: readonly EventRow[], decided: number) => void {
  const write = rowsWriter(db, eventTable, ['doc', 'personal'], (row) => [
    ...eventTable.values(row),
    eventDoc(row),
    row.personal === null ? null : JSON.stringify(row.personal),
  ]);
  return (rows, decided) => {
    write(rows, ({ seq }) => seq > decided);
    for (const row of rows) for (const id of idsOf(row)) mention(row.seq, id);
  };
}

function choiceWriter(db: DatabaseSync): (row: ChoiceRow) => void {
  const refuse = db.prepare('INSERT OR REPLACE INTO refusal (visitor, at) VALUES (?, ?)');
  const forget = db.prepare('DELETE FROM refusal WHERE visitor = ?');
  return ({ visitor, choice, at }) => void (choice === 'denied' ? refuse.run(visitor, at) : forget.run(visitor));
}
