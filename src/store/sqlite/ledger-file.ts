import type { StoreFile } from './open.ts';

/**
 * The file of the ledger. `doc` is a row as JSON; columns beside it are keys, or read by indexes and counters.
 * Synchronous NORMAL: a power cut may take the last commits, whole, and admission derives them again from the journal.
 */
export const ledgerFile: StoreFile = {
  name: 'ledger.db',
  settings: 'PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864',
  schema: [
    `CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
    INSERT INTO progress VALUES (1, 0);

    CREATE TABLE verdict (
      seq INTEGER NOT NULL, n INTEGER NOT NULL,
      verdict TEXT NOT NULL, door TEXT NOT NULL, event INTEGER, doc TEXT NOT NULL,
      PRIMARY KEY (seq, n)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX verdict_event ON verdict (event) WHERE event IS NOT NULL;
    CREATE TABLE verdict_total (
      door TEXT NOT NULL, verdict TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (door, verdict)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE event (
      seq INTEGER PRIMARY KEY,
      source_id TEXT NOT NULL, name TEXT NOT NULL, event_id TEXT NOT NULL,
      received_at INTEGER NOT NULL, order_id TEXT, doors TEXT NOT NULL, doc TEXT NOT NULL, personal TEXT
    ) STRICT;
    CREATE INDEX event_received ON event (received_at);
    CREATE INDEX event_order ON event (order_id) WHERE order_id IS NOT NULL;
    CREATE TABLE mention (
      bucket INTEGER NOT NULL, hash INTEGER NOT NULL, event INTEGER NOT NULL,
      PRIMARY KEY (bucket, hash, event)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE "order" (
      order_id TEXT NOT NULL, shop TEXT NOT NULL, doc TEXT NOT NULL, personal TEXT,
      PRIMARY KEY (order_id, shop)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE capability (
      hash TEXT PRIMARY KEY, order_id TEXT NOT NULL, shop TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE entry (
      order_id TEXT NOT NULL, shop TEXT NOT NULL, reference TEXT NOT NULL, doc TEXT NOT NULL,
      PRIMARY KEY (order_id, shop, reference)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE dispatch (
      event INTEGER NOT NULL, destination TEXT NOT NULL, leg TEXT NOT NULL,
      state TEXT NOT NULL, money INTEGER NOT NULL, due INTEGER, expiry INTEGER, doc TEXT NOT NULL,
      PRIMARY KEY (event, destination, leg)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dispatch_due ON dispatch (money, due, event, destination) WHERE due IS NOT NULL;
    CREATE INDEX dispatch_expiry ON dispatch (expiry) WHERE expiry IS NOT NULL;
    CREATE INDEX dispatch_in_flight ON dispatch (event) WHERE state = 'inFlight' AND leg = 'api';
    CREATE TABLE dispatch_total (
      destination TEXT NOT NULL, leg TEXT NOT NULL, state TEXT NOT NULL, count INTEGER NOT NULL,
      PRIMARY KEY (destination, leg, state)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE attempt (
      event INTEGER NOT NULL, destination TEXT NOT NULL, leg TEXT NOT NULL, n INTEGER NOT NULL, doc TEXT NOT NULL,
      PRIMARY KEY (event, destination, leg, n)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE finding (
      id TEXT PRIMARY KEY, subject TEXT NOT NULL, last_seen_at INTEGER NOT NULL, doc TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX finding_subject ON finding (subject);
    CREATE INDEX finding_seen ON finding (last_seen_at);
    CREATE TABLE difference (
      event INTEGER NOT NULL, field TEXT NOT NULL, seq INTEGER NOT NULL, doc TEXT NOT NULL,
      PRIMARY KEY (event, field, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE spec (version INTEGER PRIMARY KEY, doc TEXT NOT NULL) STRICT`,
  ],
};
