import { CHANGE_SCHEMA } from './changes.ts';
import { DELIVERY_SCHEMA } from './delivery-minutes.ts';
import { needWholeJournal } from './journal-begin.ts';
import { FORGET_SCHEMA } from './ledger-forget.ts';
import { LETTER_SCHEMA } from './letter-rows.ts';
import { MENTION_SCHEMA } from './mention.ts';
import type { StoreFile } from './open.ts';

/** Running counts, with their keys. */
const COUNTED: readonly [table: string, ...key: string[]][] = [
  ['verdict_total', 'door', 'verdict', 'draft'],
  ['dispatch_total', 'destination', 'leg', 'state', 'draft'],
  ['letter_total', 'kind', 'destination', 'why', 'code'],
];

/**
 * The file of the ledger. `doc` is a row as JSON; columns beside it are keys, or read by indexes and counters.
 * Synchronous NORMAL: a power cut may take the last commits, whole, and admission derives them again from the journal.
 */
export const ledgerFile: StoreFile = {
  name: 'ledger.db',
  // Measured: a seventh less work for a batch than with 4 KB; 16 KB gain little more, and cost small commits more.
  pageBytes: 8192,
  settings: 'PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864',
  // The first versions were emptied and derived again, the sixth too. Since then a journal may be cut, and a change of
  // shape has to be SQL or a function: the file may hold what no record tells any more.
  schema: ['', '', '', '', '', { derive: sixth(), check: needWholeJournal }, seventh()],
};

/** Everything here follows from the journal. */
function sixth(): string {
  return `
  CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
  INSERT INTO progress VALUES (1, 0);

  -- First verdicts, many in a row as they were committed together; "verdict" holds what came or changed later.
  CREATE TABLE verdict_page (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at_max INTEGER NOT NULL, doc TEXT NOT NULL
  ) STRICT;
  CREATE TABLE verdict (seq INTEGER NOT NULL, n INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (seq, n)) STRICT, WITHOUT ROWID;
  -- Records that tell of an earlier record's event.
  CREATE TABLE verdict_event (event INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (event, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE verdict_total (
    door TEXT NOT NULL, verdict TEXT NOT NULL, draft INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (door, verdict, draft)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE event (seq INTEGER PRIMARY KEY, order_id TEXT, doc TEXT NOT NULL, personal TEXT) STRICT;
  CREATE INDEX event_order ON event (order_id) WHERE order_id IS NOT NULL;
  ${MENTION_SCHEMA};

  -- "marks" holds one in each line, between line breaks.
  CREATE TABLE "order" (
    order_id TEXT NOT NULL, shop TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL,
    marks TEXT NOT NULL, doc TEXT NOT NULL, personal TEXT,
    PRIMARY KEY (order_id, shop)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX order_created ON "order" (created_at, order_id, shop, marks);
  CREATE INDEX order_status ON "order" (status, created_at, order_id, shop, marks);
  CREATE TABLE capability (
    hash TEXT PRIMARY KEY, order_id TEXT NOT NULL, shop TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entry (
    order_id TEXT NOT NULL, shop TEXT NOT NULL, reference TEXT NOT NULL, payment TEXT, doc TEXT NOT NULL,
    PRIMARY KEY (order_id, shop, reference)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_payment ON entry (payment) WHERE payment IS NOT NULL;
  CREATE TABLE lead (
    lead_id TEXT PRIMARY KEY, status TEXT NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    visitor TEXT, doc TEXT NOT NULL, personal TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lead_created ON lead (created_at, lead_id, changed_at);
  CREATE INDEX lead_status ON lead (status, created_at, lead_id, changed_at);
  CREATE INDEX lead_changed ON lead (changed_at, status);
  CREATE INDEX lead_visitor ON lead (visitor, created_at) WHERE visitor IS NOT NULL;
  -- Sums are a JSON list of texts, in minor units: an integer of SQLite is too small for all the money there may be.
  CREATE TABLE book_total (
    book TEXT NOT NULL, status TEXT NOT NULL, currency TEXT NOT NULL, count INTEGER NOT NULL, sums TEXT NOT NULL,
    PRIMARY KEY (book, status, currency)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE dispatch (
    event INTEGER NOT NULL, destination TEXT NOT NULL, leg TEXT NOT NULL,
    state TEXT NOT NULL, money INTEGER NOT NULL, due INTEGER, expiry INTEGER, doc TEXT NOT NULL,
    PRIMARY KEY (event, destination, leg)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX dispatch_due ON dispatch (destination, money, due, event) WHERE due IS NOT NULL;
  CREATE INDEX dispatch_expiry ON dispatch (expiry) WHERE expiry IS NOT NULL;
  CREATE INDEX dispatch_in_flight ON dispatch (event) WHERE state = 'inFlight' AND leg = 'api';
  CREATE TABLE dispatch_total (
    destination TEXT NOT NULL, leg TEXT NOT NULL, state TEXT NOT NULL, draft INTEGER NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY (destination, leg, state, draft)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE attempt (
    event INTEGER NOT NULL, destination TEXT NOT NULL, leg TEXT NOT NULL, n INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (event, destination, leg, n)
  ) STRICT, WITHOUT ROWID;
  ${DELIVERY_SCHEMA};
  ${LETTER_SCHEMA};

  CREATE TABLE finding (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, last_seen_at INTEGER NOT NULL, doc TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX finding_subject ON finding (subject);
  CREATE INDEX finding_seen ON finding (last_seen_at);
  CREATE TABLE difference (
    event INTEGER NOT NULL, field TEXT NOT NULL, seq INTEGER NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (event, field, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spec (version INTEGER PRIMARY KEY, doc TEXT NOT NULL) STRICT;

  CREATE TABLE touch (touch TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE touch_id (id TEXT NOT NULL, touch TEXT NOT NULL, PRIMARY KEY (id, touch)) STRICT, WITHOUT ROWID;
  CREATE TABLE key (id TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE test (destination TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE refusal (visitor TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  ${COUNTED.map(goneAtNothing).join(';')};
  ${FORGET_SCHEMA}`;
}

/** Touches have their personal fields in a column of their own and say how they came in; reports' rows, and changes. */
function seventh(): string {
  return `
  DROP INDEX touch_personal;
  ALTER TABLE touch ADD COLUMN personal TEXT;
  -- Imports came later: until then only the doors of our redirect and picture told touches.
  UPDATE touch SET
    personal = CASE WHEN doc ->> 'ttclid' IS NOT NULL
      THEN json_object('user', json_object('ttclid', doc ->> 'ttclid')) END,
    doc = json_set(json_remove(doc, '$.ttclid'), '$.receivedAt', doc ->> 'at', '$.door', 'browser');
  CREATE INDEX touch_personal ON touch (doc ->> 'receivedAt')
    WHERE personal IS NOT NULL OR doc ->> 'target' IS NOT NULL;
  CREATE TABLE ad_report (key TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID;
  ${CHANGE_SCHEMA}`;
}

/** A count that comes to nothing goes: what is left then does not tell how many commits led to it. */
function goneAtNothing([table, ...key]: (typeof COUNTED)[number]): string {
  return `CREATE TRIGGER ${table}_nothing AFTER UPDATE OF count ON ${table} WHEN NEW.count = 0
    BEGIN DELETE FROM ${table} WHERE ${key.map((name) => `${name} = NEW.${name}`).join(' AND ')}; END`;
}
