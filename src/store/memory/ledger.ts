import { AssayError } from '../../event/error.ts';
import { CHANGES_KEPT, changed } from '../changes.ts';
import type { Ledger } from '../ledger.ts';
import { dueOf, expiryOf } from '../waiting.ts';
import { bookReads } from './book-reads.ts';
import { changeReads } from './changes.ts';
import { copy } from './copy.ts';
import { deliveryReads } from './delivery-reads.ts';
import { forgetPersonal } from './forget.ts';
import { keyReads } from './key-reads.ts';
import { letterReads } from './letter-reads.ts';
import { listReads } from './list-reads.ts';
import { outboxReads } from './outbox-reads.ts';
import { Rows } from './rows.ts';
import { traceReads } from './trace-reads.ts';

/** A ledger that ends with the process: for explanations, tests and simulations. */
export function memoryLedger(): Ledger {
  const rows = new Rows();
  return {
    ...keyReads(rows),
    ...changeReads(rows),
    ...outboxReads(rows),
    ...traceReads(rows),
    ...listReads(rows),
    ...bookReads(rows),
    ...deliveryReads(rows),
    ...letterReads(rows),
    async commit(effects, offset) {
      if (offset < rows.offset) throw new AssayError('ledger_backwards', `the ledger is already past record ${offset}`);
      const { dispatches, ...others } = copy(effects);
      for (const { shop, orderId, reference } of others.moved) {
        for (const row of rows.entries.of(orderId))
          if (row.shop === shop && (reference === undefined || row.reference === reference)) rows.entries.delete(row);
        if (reference !== undefined) continue;
        for (const row of rows.orders.of(orderId)) if (row.shop === shop) rows.orders.delete(row);
      }
      for (const row of others.verdicts) rows.verdicts.put(row);
      for (const row of others.events) rows.events.put(row);
      for (const row of others.orders) rows.orders.put(row);
      for (const row of others.entries) rows.entries.put(row);
      for (const row of others.attempts) rows.attempts.put(row);
      for (const row of others.findings) rows.findings.put(row);
      for (const row of others.differences) rows.differences.put(row);
      for (const row of others.specs) rows.specs.put(row);
      for (const row of others.touches) rows.touches.put(row);
      for (const row of others.adReports) rows.adReports.put(row);
      for (const row of others.leads) rows.leads.put(row);
      for (const row of others.keys) rows.keys.put(row);
      for (const row of others.tests) rows.tests.put(row);
      for (const { visitor, choice } of others.choices)
        if (choice === 'denied') rows.refusers.add(visitor);
        else rows.refusers.delete(visitor);
      for (const row of dispatches) {
        rows.dispatches.put(row);
        const waits = dueOf(row) !== undefined || expiryOf(row) !== undefined || row.state === 'inFlight';
        if (waits) rows.waiting.put(row);
        else rows.waiting.delete(row);
      }
      rows.changes.push({ n: (rows.changes.at(-1)?.n ?? 0) + 1, offset, ...changed(effects) });
      if (rows.changes.length > CHANGES_KEPT) rows.changes.shift();
      rows.offset = offset;
    },
    async forget(before) {
      return forgetPersonal(rows, before);
    },
    async close() {},
  };
}
