import type { Door, JsonObject, Personal } from '../event/event.ts';

/** What a record tells. */
export type RecordKind =
  /** an event told by a door */
  | 'event'
  /** an order told before its payment */
  | 'order'
  /** money that moved, told by a provider */
  | 'payment'
  /** a step of a lead */
  | 'lead'
  /** contact with an ad, told by our redirect or picture, or by an import */
  | 'touch'
  /** one row of a report of Ads Manager's */
  | 'adReport'
  /** the visitor's choice changed */
  | 'consent'
  /** what a page load was like */
  | 'engagement'
  /** another tag of the page called TikTok's pixel */
  | 'foreign'
  /** what became of TikTok's pixel in a page */
  | 'pixel'
  /** the page says that it fired a handout */
  | 'fired'
  /** we told a page to fire */
  | 'handout'
  /** a batch is about to go to TikTok */
  | 'sent'
  /** TikTok's answer, or why there is none */
  | 'answer'
  /** a hold or a handout ran out */
  | 'expired'
  /** a tracking spec became active */
  | 'spec'
  /** an operator made or ended a key */
  | 'key'
  /** an operator opened or closed a test session */
  | 'test'
  /** an operator wants dead letters tried again */
  | 'replay'
  /** the store came back from a backup */
  | 'restored'
  /** input that could not be read: its skeleton, never its text */
  | 'unread';

export interface NewRecord {
  kind: RecordKind;
  door: Door;
  /** id of the key that opened the door; empty for our own records */
  keyId: string;
  /** our clock, UTC ms */
  receivedAt: number;
  body: JsonObject;
  /** hashes, address, urls: beside the checksum, so that erasure can null them */
  personal: Personal | null;
}

export interface JournalRecord extends NewRecord {
  /** 1, 2, 3 … without a hole */
  seq: number;
}

/** Reading side, for any thread. */
export interface JournalReader {
  /**
   * Up to `limit` records after sequence `after`, in order. Rejects with `journal_corrupt` when a checksum differs, and
   * with `journal_cut` when retention has removed what is asked for.
   */
  read(after: number, limit: number): Promise<JournalRecord[]>;
  /** The first sequence that is still there: 1, until retention has removed records. One after `last` where none is left. */
  first(): Promise<number>;
  /** The last durable sequence, 0 when nothing was ever written. */
  last(): Promise<number>;
  close(): Promise<void>;
}

/** The append-only list of everything received. Every engine passes `journal.conformance.ts`. */
export interface Journal extends JournalReader {
  /**
   * Writes all records or none, in order, and resolves with the first one's sequence once they survive a crash.
   * Appends under way at the same time share one commit. Rejects with `journal_unwritable` (disk full, closed), and with
   * `journal_behind` when too much waits for the disk; what comes once the disk can be written again is taken. An append
   * of nothing writes nothing, but after a rejection it tries the disk.
   */
  append(records: readonly NewRecord[]): Promise<number>;
  /**
   * One step of retention, small enough for appends to wait for it: of what was received before `before`, UTC ms, up to
   * sequence `upTo`, it empties the personal fields, or removes the first records for good. The sequence goes on.
   */
  forget(what: 'personal' | 'records', before: number, upTo: number): Promise<Forgotten>;
}

/** What one step of retention did. */
export interface Forgotten {
  /** records or rows whose personal fields it emptied, or that it removed */
  count: number;
  /** `more`: the next step goes on. `nothing`: nothing else is that old. `beyond`: what else is that old comes after `upTo` */
  next: 'more' | 'nothing' | 'beyond';
}
