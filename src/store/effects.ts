import type { AdReportRow } from '../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Verdict } from '../event/event.ts';
import type { DifferenceRow, FindingRow } from '../event/finding.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { LeadRow } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { Problem } from '../event/problem.ts';
import type { TouchRow } from '../event/touch.ts';
import type { RecordKind } from './journal.ts';
import type { OrderKey } from './known.ts';

/** One verdict on one record. A change gets the next `n`; none is overwritten. */
export interface VerdictRow {
  /** journal sequence of the record */
  seq: number;
  n: number;
  verdict: Verdict;
  /** at least one code; see docs/reference/reasons.md */
  reasons: string[];
  /** what is wrong with a quarantined record, field by field */
  problems?: Problem[];
  /** sequence of the event it belongs to, if any */
  event?: number;
  /** the record told a draft: it is in no live total */
  draft?: true;
  at: number;
  /** of quarantined records: name of the event, or status of the lead, as told */
  name?: string;
  /** it was judged again: the record that asked for it, and the account that did, where that is known */
  again?: { seq: number; by?: string };
  /** repeated from the record, so that lists need not read the journal */
  door: Door;
  kind: RecordKind;
}

/** A version of the spec that was made the active one. */
export interface SpecRow {
  version: number;
  hash: string;
  activatedAt: number;
  text: string;
  rates: string | null;
  /** it changed what was frozen: why that was allowed, by which account of the machine, and the parts with both values */
  override?: { because: string; by?: string; what: string[] };
}

/** A visitor's choice about ads. Of these only a no is kept, until the visitor's next yes. */
export interface ChoiceRow {
  visitor: string;
  choice: 'granted' | 'denied';
  at: number;
}

/** Rows to write. A row replaces the one with the same key, verdicts and attempts included. */
export interface Effects {
  /** orders to forget with all their entries, and single entries, before anything is written: their facts stand elsewhere */
  moved: (OrderKey & { reference?: string })[];
  verdicts: VerdictRow[];
  events: EventRow[];
  orders: OrderRow[];
  entries: EntryRow[];
  dispatches: DispatchRow[];
  attempts: AttemptRow[];
  findings: FindingRow[];
  differences: DifferenceRow[];
  specs: SpecRow[];
  touches: TouchRow[];
  adReports: AdReportRow[];
  leads: LeadRow[];
  keys: KeyRow[];
  tests: TestRow[];
  /** in their order */
  choices: ChoiceRow[];
}

export function noEffects(): Effects {
  return {
    moved: [],
    verdicts: [],
    events: [],
    orders: [],
    entries: [],
    dispatches: [],
    attempts: [],
    findings: [],
    differences: [],
    specs: [],
    touches: [],
    adReports: [],
    leads: [],
    keys: [],
    tests: [],
    choices: [],
  };
}
