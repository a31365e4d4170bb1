import { MENTION_SCHEMA } from '../src/store/sqlite/mention.ts';

/** Shapes that the store's files have had, for tests of upgrades from them: `version` is the file's own. */
export interface OldShape {
  version: number;
  sql: string;
}

export const OLD_JOURNALS: readonly OldShape[] = [
  {
    version: 1,
    sql: `CREATE TABLE record (
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
  },
  {
    version: 2,
    sql: `CREATE TABLE page (
    seq INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    records TEXT NOT NULL,
    personal TEXT,
    checksum INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER page_stays BEFORE UPDATE OF seq, count, records, checksum ON page
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
    CREATE TRIGGER page_remains BEFORE DELETE ON page
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END`,
  },
];

export const OLD_LEDGERS: readonly OldShape[] = [
  {
    version: 1,
    sql: `CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
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
  },
  {
    version: 3,
    sql: `CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
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
    CREATE TABLE refusal (visitor TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  },
  {
    version: 4,
    sql: `CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
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

    CREATE TABLE "order" (
    order_id TEXT NOT NULL, shop TEXT NOT NULL, status TEXT NOT NULL, created_at INTEGER NOT NULL,
    doc TEXT NOT NULL, personal TEXT,
    PRIMARY KEY (order_id, shop)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_created ON "order" (created_at, order_id, shop);
    CREATE INDEX order_status ON "order" (status, created_at, order_id, shop);
    CREATE TABLE capability (
    hash TEXT PRIMARY KEY, order_id TEXT NOT NULL, shop TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE entry (
    order_id TEXT NOT NULL, shop TEXT NOT NULL, reference TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (order_id, shop, reference)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE lead (
    lead_id TEXT PRIMARY KEY, status TEXT NOT NULL, created_at INTEGER NOT NULL, doc TEXT NOT NULL, personal TEXT
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lead_created ON lead (created_at, lead_id);
    CREATE INDEX lead_status ON lead (status, created_at, lead_id);
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
    CREATE TABLE refusal (visitor TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  },
  {
    version: 5,
    sql: `CREATE TABLE progress (id INTEGER PRIMARY KEY CHECK (id = 1), "offset" INTEGER NOT NULL) STRICT;
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
    CREATE TABLE refusal (visitor TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  },
];
