import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { StoreFile } from './open.ts';

/**
 * How far retention has come: up to `cut` records are gone, up to `faded` their personal fields are empty. A page may go
 * once `cut` has passed it.
 */
const RETENTION = `
  CREATE TABLE IF NOT EXISTS retention (
    id INTEGER PRIMARY KEY CHECK (id = 1), cut INTEGER NOT NULL, faded INTEGER NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO retention VALUES (1, 0, 0);
  DROP TRIGGER page_remains;
  CREATE TRIGGER page_remains BEFORE DELETE ON page WHEN OLD.seq + OLD.count - 1 > (SELECT cut FROM retention)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END`;

/**
 * The file of the journal. A page holds the records that were written together, as one JSON text: a row for each
 * would cost more than their text. Pages are only added; `personal` alone may be nulled later.
 */
export const journalFile: StoreFile = {
  name: 'journal.db',
  // Measured: with 4 KB a commit of many events writes twice as often, and takes a tenth longer.
  pageBytes: 8192,
  // What retention empties or removes is overwritten: nothing else is ever deleted here.
  settings: 'PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON',
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
    ) STRICT`,
    intoPages,
    RETENTION,
  ],
};

/** A record in a page: everything but its sequence, which its place gives, and its personal fields. */
export type Line = [receivedAt: number, door: string, keyId: string, kind: string, body: unknown];

/** The CRC-32 of a page: its place, its number of records and their text, or its bytes in UTF-8. */
export function checksum(seq: number, count: number, records: string | Uint8Array): number {
  return crc32(records, crc32(`${seq}\n${count}\n`));
}

function intoPages(db: DatabaseSync): void {
  db.exec(`CREATE TABLE page (
      seq INTEGER PRIMARY KEY,
      count INTEGER NOT NULL,
      records TEXT NOT NULL,
      personal TEXT,
      checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER page_stays BEFORE UPDATE OF seq, count, records, checksum ON page
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER page_remains BEFORE DELETE ON page
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END`);
  const insert = db.prepare('INSERT INTO page (seq, count, records, personal, checksum) VALUES (?, 1, ?, ?, ?)');
  for (const row of db.prepare('SELECT * FROM record ORDER BY seq').iterate()) {
    const { seq, received_at, door, key_id, kind, body, personal } = row as Record<string, string | number | null>;
    const records = `[${JSON.stringify([received_at, door, key_id, kind]).slice(0, -1)},${body}]]`;
    insert.run(Number(seq), records, personal === null ? null : `[${personal}]`, checksum(Number(seq), 1, records));
  }
  db.exec('DROP TABLE record');
}
