import { type AdReportRow, adReportKey } from '../../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../../event/dispatch.ts';
import type { EventRow } from '../../event/event.ts';
import type { DifferenceRow, FindingRow } from '../../event/finding.ts';
import type { KeyRow, TestRow } from '../../event/key.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { Change } from '../changes.ts';
import type { SpecRow, VerdictRow } from '../effects.ts';
import { Shelf } from './shelf.ts';

/** Everything that the ledger holds. */
export class Rows {
  offset = 0;
  readonly verdicts = new Shelf<VerdictRow>(
    (row) => row.seq,
    (row) => [row.n],
  );
  readonly events = new Shelf<EventRow>((row) => row.seq);
  readonly orders = new Shelf<OrderRow>(
    (row) => row.orderId,
    (row) => [row.shop],
  );
  readonly entries = new Shelf<EntryRow>(
    (row) => row.orderId,
    (row) => [row.shop, row.reference],
  );
  readonly dispatches = new Shelf<DispatchRow>(
    (row) => row.event,
    (row) => [row.destination, row.leg],
  );
  /** those of `dispatches` that have a time to come or are under way */
  readonly waiting = new Shelf<DispatchRow>(
    (row) => row.event,
    (row) => [row.destination, row.leg],
  );
  readonly attempts = new Shelf<AttemptRow>(
    (row) => row.event,
    (row) => [row.destination, row.leg, row.n],
  );
  readonly findings = new Shelf<FindingRow>((row) => row.id);
  readonly differences = new Shelf<DifferenceRow>(
    (row) => row.event,
    (row) => [row.field, row.seq],
  );
  readonly leads = new Shelf<LeadRow>((row) => row.leadId);
  readonly specs = new Shelf<SpecRow>((row) => row.version);
  readonly touches = new Shelf<TouchRow>((row) => row.touch);
  readonly adReports = new Shelf<AdReportRow>(adReportKey);
  readonly keys = new Shelf<KeyRow>((row) => row.id);
  readonly tests = new Shelf<TestRow>((row) => row.destination);
  /** oldest first, numbered without a gap */
  readonly changes: Change[] = [];
  readonly refusers = new Set<string>();
}
