import { crc32 } from 'node:zlib';
import type { StoreFile } from './open.ts';

/** The file of the journal. Records are only added; `personal` alone may be nulled later. */
export const journalFile: StoreFile = {
  name: 'journal.db',
  settings: 'PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864',
  schema: [
    `CREATE TABLE record (
      seq INTEGER PRIMARY KEY,
      received_at INTEGER NOT NULL,
      door TEXT NOT NULL,
      key_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      body TEXT NOT NULL,
      personal TEXT,
      checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER record_stays BEFORE UPDATE OF seq, received_at, door, key_id, kind, body, checksum ON record
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER record_remains BEFORE DELETE ON record
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END`,
  ],
};

/** A record as the writer gets it: the body and the personal fields are JSON text. */
export type Cells = [
  receivedAt: number,
  door: string,
  keyId: string,
  kind: string,
  body: string,
  personal: string | null,
];

/** CRC-32 over everything but the personal fields. */
export function checksum(
  seq: number,
  receivedAt: number,
  door: string,
  keyId: string,
  kind: string,
  body: string,
): number {
  return crc32(`${seq}\n${receivedAt}\n${door}\n${keyId}\n${kind}\n${body}`);
}
