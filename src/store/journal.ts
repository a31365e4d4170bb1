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
  /** contact with an ad, told by our redirect or picture */
  | 'touch'
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
  /** Up to `limit` records after sequence `after`, in order. Rejects with `journal_corrupt` when a checksum differs. */
  read(after: number, limit: number): Promise<JournalRecord[]>;
  /** The last durable sequence, 0 when empty. */
  last(): Promise<number>;
  close(): Promise<void>;
}

/** The append-only list of everything received. Every engine passes `journal.conformance.ts`. */
export interface Journal extends JournalReader {
  /**
   * Writes all records or none, in order, and resolves with the first one's sequence once they survive a crash.
   * Appends under way at the same time share one commit. Rejects with `journal_unwritable` (disk full, closed).
   */
  append(records: readonly NewRecord[]): Promise<number>;
}
