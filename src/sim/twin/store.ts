import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Channel, Outcome } from './dedup.ts';
import { amountKey, amountOf, plus, ZERO } from './money.ts';
import { reportsOf } from './reports.ts';

/** One counted event with what merged into it. */
export interface Tally {
  id: number;
  sourceId: string;
  event: string;
  /** the name after joining renamed standard events */
  name: string;
  eventId: string | null;
  orderId: string | null;
  ttp: string | null;
  test: string | null;
  firstAt: number;
  channels: Channel[];
  merged: number;
  dropped: number;
  value: string | null;
  currency: string | null;
  body: string;
}

export interface Arrival {
  tally: number;
  at: number;
  channel: Channel;
  outcome: Outcome | 'test';
  requestId: string;
  body: string;
}

export interface LoggedRequest {
  n: number;
  at: number;
  method: string;
  path: string;
  channel: string | null;
  /** null when no answer left */
  status: number | null;
  code: number | null;
  body: string;
  headers: string;
}

export interface IssueRow {
  at: number;
  rule: string;
  field: string;
  event: string;
  channel: Channel;
  eventId: string | null;
}

export interface EventFilter {
  sourceId?: string | undefined;
  event?: string | undefined;
  eventId?: string | undefined;
  orderId?: string | undefined;
  /** an event name, event id or order id */
  word?: string | undefined;
  /** test events alone, or the others alone */
  test?: boolean | undefined;
  limit: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS request (
    n INTEGER PRIMARY KEY, at INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, channel TEXT,
    status INTEGER, code INTEGER, body TEXT NOT NULL, headers TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS tally (
    id INTEGER PRIMARY KEY, sourceId TEXT NOT NULL, event TEXT NOT NULL, name TEXT NOT NULL, eventId TEXT,
    orderId TEXT, ttp TEXT, test TEXT, firstAt INTEGER NOT NULL, channels TEXT NOT NULL, merged INTEGER NOT NULL,
    dropped INTEGER NOT NULL, value TEXT, currency TEXT, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS tally_event ON tally (eventId, event, sourceId);
  CREATE INDEX IF NOT EXISTS tally_order ON tally (orderId) WHERE orderId IS NOT NULL;
  CREATE INDEX IF NOT EXISTS tally_ttp ON tally (ttp, sourceId) WHERE ttp IS NOT NULL;
  CREATE INDEX IF NOT EXISTS tally_first ON tally (firstAt);
  CREATE TABLE IF NOT EXISTS arrival (
    id INTEGER PRIMARY KEY, tally INTEGER NOT NULL, at INTEGER NOT NULL, channel TEXT NOT NULL, outcome TEXT NOT NULL,
    requestId TEXT NOT NULL, body TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS arrival_tally ON arrival (tally);
  CREATE TABLE IF NOT EXISTS issue (
    at INTEGER NOT NULL, rule TEXT NOT NULL, field TEXT NOT NULL, event TEXT NOT NULL, channel TEXT NOT NULL,
    eventId TEXT) STRICT;
  CREATE INDEX IF NOT EXISTS issue_at ON issue (at);
`;

const TALLY_COLUMNS =
  'sourceId, event, name, eventId, orderId, ttp, test, firstAt, channels, merged, dropped, value, currency, body';

/** The twin's memory: a file in `dir`, or nothing that outlives the process. */
export type Store = ReturnType<typeof openStore>;

export function openStore(dir: string | undefined) {
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const db = new DatabaseSync(dir === undefined ? ':memory:' : join(dir, 'twin.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  db.exec(SCHEMA);
  db.aggregate<string>('exactSum', {
    deterministic: true,
    start: '0',
    step: (sum, value) => amountKey(plus(amountOf(sum) ?? ZERO, amountOf(String(value)) ?? ZERO)),
  });

  const statements = new Map<string, ReturnType<typeof db.prepare>>();
  const prepared = (sql: string) => {
    const known = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, known);
    return known;
  };
  const rows = <T>(sql: string, ...values: SQLInputValue[]) => prepared(sql).all(...values) as T[];
  const run = (sql: string, ...values: SQLInputValue[]) => Number(prepared(sql).run(...values).lastInsertRowid);
  const tallies = (sql: string, ...values: SQLInputValue[]) =>
    rows<Omit<Tally, 'channels'> & { channels: string }>(sql, ...values).map(
      (row): Tally => ({ ...row, channels: row.channels.split(',') as Channel[] }),
    );

  return {
    /** All or nothing: what `work` writes is kept together. */
    together<T>(work: () => T): T {
      db.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    readSetting(name: string): string | undefined {
      return rows<{ value: string }>('SELECT value FROM setting WHERE name = ?', name)[0]?.value;
    },
    writeSetting(name: string, value: string): void {
      run('INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', name, value);
    },
    logRequest(r: Omit<LoggedRequest, 'n'>): void {
      run(
        'INSERT INTO request (at, method, path, channel, status, code, body, headers) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[r.at, r.method, r.path, r.channel, r.status, r.code, r.body, r.headers],
      );
    },
    requests(after: number, limit: number): LoggedRequest[] {
      return rows('SELECT * FROM request WHERE n > ? ORDER BY n LIMIT ?', after, limit);
    },
    /** The latest live tally under this key. */
    findByEventId(sourceId: string, column: 'event' | 'name', event: string, eventId: string): Tally | undefined {
      return tallies(
        `SELECT * FROM tally WHERE sourceId = ? AND ${column} = ? AND eventId = ? AND test IS NULL ORDER BY id DESC LIMIT 1`,
        ...[sourceId, event, eventId],
      )[0];
    },
    /** Live tallies of one browser, latest first. */
    findByTtp(sourceId: string, column: 'event' | 'name', event: string, ttp: string): Tally[] {
      return tallies(
        `SELECT * FROM tally WHERE sourceId = ? AND ${column} = ? AND ttp = ? AND test IS NULL ORDER BY id DESC LIMIT 20`,
        ...[sourceId, event, ttp],
      );
    },
    insertTally(t: Omit<Tally, 'id'>): number {
      return run(
        `INSERT INTO tally (${TALLY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[t.sourceId, t.event, t.name, t.eventId, t.orderId, t.ttp, t.test, t.firstAt, t.channels.join()],
        ...[t.merged, t.dropped, t.value, t.currency, t.body],
      );
    },
    updateTally(t: Tally): void {
      run(
        `UPDATE tally SET orderId = ?, ttp = ?, channels = ?, merged = ?, dropped = ?, value = ?, currency = ?, body = ?
         WHERE id = ?`,
        ...[t.orderId, t.ttp, t.channels.join(), t.merged, t.dropped, t.value, t.currency, t.body, t.id],
      );
    },
    insertArrival(a: Arrival): void {
      run(
        'INSERT INTO arrival (tally, at, channel, outcome, requestId, body) VALUES (?, ?, ?, ?, ?, ?)',
        ...[a.tally, a.at, a.channel, a.outcome, a.requestId, a.body],
      );
    },
    insertIssue(i: IssueRow): void {
      run('INSERT INTO issue VALUES (?, ?, ?, ?, ?, ?)', i.at, i.rule, i.field, i.event, i.channel, i.eventId);
    },
    /** The latest tallies that fit, in order of arrival. */
    tallies(filter: EventFilter): Tally[] {
      const given = Object.entries({
        'sourceId = ?': filter.sourceId,
        'event = ?': filter.event,
        'eventId = ?': filter.eventId,
        'orderId = ?': filter.orderId,
      }).filter((entry): entry is [string, string] => entry[1] !== undefined);
      const { word, test } = filter;
      const where = ['TRUE', ...given.map(([condition]) => condition)];
      if (word !== undefined) where.push('? IN (event, eventId, orderId)');
      if (test !== undefined) where.push(`test IS ${test ? 'NOT NULL' : 'NULL'}`);
      const sql = `SELECT * FROM tally WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`;
      const values = [...given.map(([, value]) => value), ...(word === undefined ? [] : [word])];
      return tallies(sql, ...values, filter.limit).reverse();
    },
    arrivals(tally: number): Arrival[] {
      return rows('SELECT * FROM arrival WHERE tally = ? ORDER BY id', tally);
    },
    ...reportsOf(rows),
    /** Forgets everything, settings included. */
    clear(): void {
      db.exec('DELETE FROM request; DELETE FROM tally; DELETE FROM arrival; DELETE FROM issue; DELETE FROM setting;');
    },
    close(): void {
      db.close();
    },
  };
}
