import type {
  AdReportFact,
  ConversionFact,
  DispatchFact,
  EntryFact,
  EventFact,
  LeadFact,
  LinkFact,
  OrderFact,
  TouchFact,
} from '../../event/fact.ts';
import type { CreditRow, Place, ReachColumns, SharedIdentifier, Statement } from '../warehouse.ts';

export type ReachRow = Record<keyof ReachColumns, number>;

/** Everything that a warehouse holds, each kind by its key. */
export class WarehouseRows {
  place: Place = { change: 0, offset: 0, credited: 0 };
  readonly events = new Table<EventFact>(({ seq }) => [seq]);
  readonly conversions = new Table<ConversionFact>(({ conversion }) => [conversion]);
  readonly touches = new Table<TouchFact>(({ touch }) => [touch]);
  readonly links = new Table<LinkFact>(({ visitor, kind, value }) => [visitor, kind, value]);
  readonly orders = new Table<OrderFact>(({ shop, orderId }) => [shop, orderId]);
  readonly entries = new Table<EntryFact>(({ shop, orderId, reference }) => [shop, orderId, reference]);
  readonly leads = new Table<LeadFact>(({ leadId }) => [leadId]);
  readonly dispatches = new Table<DispatchFact>(({ event, destination, leg }) => [event, destination, leg]);
  readonly adReports = new Table<AdReportFact>(({ level, id, day, basis }) => [level, id, day, basis]);
  readonly people = new Table<{ visitor: string; person: string }>(({ visitor }) => [visitor]);
  shared: SharedIdentifier[] = [];
  /** UTC ms; what retention has come to */
  forgotBefore = 0;
  readonly statements = new Map<number, Statement>();
  /** by statement, then by conversion */
  readonly credits = new Map<number, Map<number, CreditRow[]>>();
  readonly reach = new Map<number, ReachRow>();
}

/** Rows by their key. */
class Table<Row> {
  readonly #rows = new Map<string, Row>();
  readonly #key: (row: Row) => readonly (string | number)[];

  constructor(key: (row: Row) => readonly (string | number)[]) {
    this.#key = key;
  }

  put(row: Row): void {
    this.#rows.set(this.#text(row), row);
  }

  /** Of the row only the key has to be there. */
  delete(key: Partial<Row>): void {
    this.#rows.delete(this.#text(key as Row));
  }

  clear(): void {
    this.#rows.clear();
  }

  get(key: Partial<Row>): Row | undefined {
    return this.#rows.get(this.#text(key as Row));
  }

  all(): Row[] {
    return [...this.#rows.values()];
  }

  get size(): number {
    return this.#rows.size;
  }

  #text(row: Row): string {
    return JSON.stringify(this.#key(row));
  }
}
