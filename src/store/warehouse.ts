import type {
  AdReportFact,
  ConversionFact,
  Creative,
  DispatchFact,
  EntryFact,
  EventFact,
  IdentifierKind,
  LeadFact,
  LinkFact,
  OrderFact,
  TouchFact,
  TouchKind,
} from '../event/fact.ts';

/** Up to where the warehouse has read the ledger. */
export interface Place {
  /** number of the ledger's last change that is in it, and the journal's offset at that change */
  change: number;
  offset: number;
  /** the last change whose credits are in it; behind `change` only while a rebuild is under way */
  credited: number;
}

/** What one step of the tailer writes, in one transaction. A row replaces the one with the same key. */
export interface FactBatch {
  events: EventFact[];
  conversions: ConversionFact[];
  touches: TouchFact[];
  links: LinkFact[];
  orders: OrderFact[];
  entries: EntryFact[];
  leads: LeadFact[];
  dispatches: DispatchFact[];
  adReports: AdReportFact[];
  /** rows that stand there no longer; they go before the others are written */
  gone: {
    orders: { shop: string; orderId: string }[];
    entries: { shop: string; orderId: string; reference: string }[];
    conversions: number[];
    /** numbers of touches: gone, or under another number among `touches` */
    touches: number[];
    links: Pick<LinkFact, 'visitor' | 'kind' | 'value'>[];
  };
  /** visitors whose person changed, each with its person: the smallest visitor of all that are one. Who is alone is not listed in the table. */
  people: { visitor: string; person: string }[];
  /** `people` are all there are: the rows before go */
  everybody?: true;
  /** identifiers that tie nobody because too many came with them, as they stand now; undefined: as before */
  shared?: SharedIdentifier[];
}

export interface SharedIdentifier {
  kind: IdentifierKind;
  value: string;
  visitors: number;
}

/** Under what rules credits were earned. Two that differ in anything but `asOf` stand beside each other. */
export interface Statement {
  /** 1, 2, 3 … */
  statement: number;
  /** `standing`: that of the spec that is active, kept up to date. `past`: one that was. `asked`: made for a question */
  role: 'standing' | 'past' | 'asked';
  specVersion: number;
  model: string;
  /** ms; 0 is off */
  windows: Record<TouchKind, number>;
  precedence: TouchKind[];
  count: 'every' | 'once';
  /** ms */
  halfLife: number;
  /** of the ad account: days are its days */
  timezone: string;
  /** UTC ms of the newest record that is in it */
  asOf: number;
  /** the ledger's change up to which it holds */
  change: number;
}

/**
 * Credits of one statement as columns; one row for each share of each conversion, and one for each conversion that nobody earned.
 * All columns are of one length. A conversion's rows stand together.
 */
export interface CreditColumns {
  /** sequence of the conversion's event */
  conversion: Float64Array;
  /** number of the touch that earned the share; 0: nobody */
  touch: Float64Array;
  /** `creativeNumber` of that touch; 0: nobody */
  creative: Float64Array;
  /** place in TOUCH_KINDS; 255: nobody */
  kind: Uint8Array;
  /** place in NO_CREDIT; 255: it was earned */
  why: Uint8Array;
  /** from 0 to 1; those of one conversion add up to 1 */
  share: Float64Array;
  /** share of the value and of the net, minor units */
  minor: BigInt64Array;
  net: BigInt64Array;
  /** days since 1970-01-01 in the statement's time zone: of the touch (of the conversion where nobody earned it), and of the conversion */
  touchedDay: Int32Array;
  convertedDay: Int32Array;
}

export const NO_CREDIT = ['no_touch', 'outside_windows', 'counted_once'] as const;

/** One share of a conversion, or that nobody earned it: a row of `CreditColumns`. */
export interface CreditRow {
  conversion: number;
  touch: number;
  creative: number;
  kind: number;
  why: number;
  share: number;
  minor: bigint;
  net: bigint;
  touchedDay: number;
  convertedDay: number;
}

/** For each conversion the latest touch of each kind before it, whatever its age up to 28 days; 0: none. */
export interface ReachColumns {
  conversion: Float64Array;
  click: Float64Array;
  clickAge: Float64Array;
  engagedView: Float64Array;
  engagedViewAge: Float64Array;
  view: Float64Array;
  viewAge: Float64Array;
}

export interface CreditWrite {
  statement: Statement;
  /** `all`: these are all of the statement's credits. `these`: they replace those of the conversions named */
  what: 'all' | 'these';
  /** with `these`: whose credits are replaced; a conversion without a row in `credits` has none any more */
  conversions: readonly number[];
  credits: CreditColumns;
  /** of the standing statement only */
  reach?: ReachColumns;
}

/** Touches as columns of one length. */
export interface TouchColumns {
  touch: Float64Array;
  occurredAt: Float64Array;
  /** place in TOUCH_KINDS */
  kind: Uint8Array;
  /** `creativeNumber` of each */
  creative: Float64Array;
  visitor: string[];
}

/** A creative with its number; touches and credits are grouped by it. */
export interface CreativeRow extends Creative {
  creative: number;
}

/**
 * Facts in columns, and the credits that were earned. One thread owns it. Every engine passes `warehouse.conformance.ts`;
 * reports are in `WarehouseReports`.
 */
export interface Warehouse {
  place(): Promise<Place>;
  /** Writes everything and the place in one transaction, or nothing; rejects with `warehouse_unwritable` when the disk does. */
  commit(facts: FactBatch, place: Place, credits?: CreditWrite): Promise<void>;
  /** Touches by their keys. */
  touchesByKey(keys: readonly string[]): Promise<TouchFact[]>;
  /** Touches by their numbers, in their order. */
  touchesNumbered(touches: readonly number[]): Promise<TouchFact[]>;
  /** Links by their keys. */
  linksByKey(keys: readonly Pick<LinkFact, 'visitor' | 'kind' | 'value'>[]): Promise<LinkFact[]>;
  /** All links of these identifiers; of one that thousands of visitors came with, all of these. */
  linksOf(identifiers: readonly { kind: IdentifierKind; value: string }[]): Promise<LinkFact[]>;
  /** Links of identifiers that more than one visitor came with, all of an identifier in one page. */
  ties(): AsyncIterable<LinkFact[]>;
  /** All touches and all conversions, in order of their numbers, in pages: what a book is loaded from. */
  touches(after: number): AsyncIterable<TouchFact[]>;
  /** What a book keeps of all touches, in no order: twenty times as fast as whole rows are. */
  touchColumns(): AsyncIterable<TouchColumns>;
  creatives(): Promise<CreativeRow[]>;
  conversions(after: number): AsyncIterable<ConversionFact[]>;
  eventsOf(seqs: readonly number[]): Promise<EventFact[]>;
  /** All entries of these orders. */
  entriesOf(orders: readonly { shop: string; orderId: string }[]): Promise<EntryFact[]>;
  conversionsOf(conversions: readonly number[]): Promise<ConversionFact[]>;
  statements(): Promise<Statement[]>;
  /** Credits of a statement for these conversions, as they stand; a conversion's rows together. */
  creditsOf(statement: number, conversions: readonly number[]): Promise<CreditColumns>;
  /** Takes a statement and its credits away. */
  forgetStatement(statement: number): Promise<void>;
  /** Retention: takes away what identifies a person in facts older than `before`, UTC ms; resolves with the links that went. */
  forget(before: number): Promise<LinkFact[]>;
  /** Up to when that has come, UTC ms; 0: it never ran. */
  forgotBefore(): Promise<number>;
  close(): Promise<void>;
}

export function noFacts(): FactBatch {
  return {
    events: [],
    conversions: [],
    touches: [],
    links: [],
    orders: [],
    entries: [],
    leads: [],
    dispatches: [],
    adReports: [],
    gone: { orders: [], entries: [], conversions: [], touches: [], links: [] },
    people: [],
  };
}

/** Columns for so many credits, all zero. */
export function noCredits(length = 0): CreditColumns {
  return {
    conversion: new Float64Array(length),
    touch: new Float64Array(length),
    creative: new Float64Array(length),
    kind: new Uint8Array(length),
    why: new Uint8Array(length),
    share: new Float64Array(length),
    minor: new BigInt64Array(length),
    net: new BigInt64Array(length),
    touchedDay: new Int32Array(length),
    convertedDay: new Int32Array(length),
  };
}
