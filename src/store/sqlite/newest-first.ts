import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** What rows are narrowed to; times are UTC ms, `from` included, `to` not. */
export interface Narrowed {
  status: string | undefined;
  /** what the first part of the key begins with */
  prefix: string | undefined;
  /** of orders: all of them must be among the row's own */
  marks?: readonly string[];
  /** of leads: bounds of `changed_at`, likewise */
  changed?: { from?: number; to?: number } | undefined;
  from: number | undefined;
  to: number | undefined;
  /** the last one of the page before */
  after: { createdAt: number; key: readonly string[] } | undefined;
}

/** Up to so many ids that begin alike are collected and sorted; for more of them, all rows are walked newest first. */
const COLLECTED_MAX = 20_000;

/**
 * Keys of a table's rows newest first, by `created_at` and then by key. It has the indexes `<name>_created` and
 * `<name>_status`, which hold the key and what else lists are narrowed by: passing over what is not asked for reads no document.
 */
export function newestFirst(
  db: DatabaseSync,
  name: 'order' | 'lead',
  key: readonly [string, ...string[]],
): (asked: Narrowed, limit: number) => string[][] {
  const [id] = key;
  const columns = key.join(', ');
  const order = ['created_at', ...key].map((column) => `${column} DESC`).join(', ');
  const begins = `${id} >= ? AND ${id} < ? || CAST(x'ff' AS TEXT)`;
  const alike = db.prepare(`SELECT count(*) AS count FROM (SELECT 1 FROM "${name}" WHERE ${begins} LIMIT ?)`);
  const statements = new Map<string, StatementSync>();
  const keys = (sql: string, values: SQLInputValue[]): string[][] => {
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement.all(...values).map((row) => key.map((column) => String(row[column])));
  };

  /** Through an index, newest first. A pair of bounds by itself would walk through all that was created at one time. */
  function walk({ status, prefix, marks = [], changed, from, to, after }: Bounded, limit: number): string[][] {
    const [state, index] = status === undefined ? [[], 'created'] : [[status], 'status'];
    // The plus keeps SQLite from sorting what begins alike, however much that is.
    const alikes = prefix === '' ? [] : [prefix, prefix];
    const part = (time: string, times: SQLInputValue[], wanted: number): string[][] =>
      keys(
        `SELECT ${columns} FROM "${name}" INDEXED BY ${name}_${index} WHERE ${status === undefined ? '' : 'status = ? AND '}
        ${time} ${prefix === '' ? '' : `AND +${begins.replace(' AND ', ' AND +')}`} ${marked(marks)} ${changedIn(changed)}
        ORDER BY ${order} LIMIT ?`,
        [...state, ...times, ...alikes, ...marks, ...boundsOf(changed), wanted],
      );
    if (!after) return part('created_at >= ? AND created_at < ?', [from, to], limit);
    const { createdAt } = after;
    const values = `(${key.map(() => '?').join(', ')})`;
    const same =
      createdAt < from || createdAt >= to
        ? []
        : part(`created_at = ? AND (${columns}) < ${values}`, [createdAt, ...after.key], limit);
    return [
      ...same,
      ...part('created_at >= ? AND created_at < ?', [from, Math.min(to, createdAt)], limit - same.length),
    ];
  }

  /** All that begin alike, sorted. */
  function collect({ status, prefix, marks = [], changed, from, to, after }: Bounded, limit: number): string[][] {
    const values = ['?', ...key.map(() => '?')].join(', ');
    return keys(
      `SELECT ${columns} FROM "${name}" WHERE ${begins} AND +created_at >= ? AND +created_at < ?
      ${status === undefined ? '' : 'AND +status = ?'} ${marked(marks)} ${changedIn(changed)} ${after ? `AND (+created_at, ${columns}) < (${values})` : ''}
      ORDER BY +${order} LIMIT ?`,
      [
        ...[prefix, prefix, from, to],
        ...(status === undefined ? [] : [status]),
        ...marks,
        ...boundsOf(changed),
        ...(after ? [after.createdAt, ...after.key] : []),
        limit,
      ],
    );
  }

  return (asked, limit) => {
    const { from = Number.MIN_SAFE_INTEGER, to = Number.MAX_SAFE_INTEGER, prefix = '' } = asked;
    const bounded = { ...asked, from, to, prefix };
    const few = prefix !== '' && Number(alike.get(prefix, prefix, COLLECTED_MAX + 1)?.['count']) <= COLLECTED_MAX;
    return few ? collect(bounded, limit) : walk(bounded, limit);
  };
}

function marked(marks: readonly string[]): string {
  return marks.map(() => 'AND instr(marks, char(10) || ? || char(10)) > 0').join(' ');
}

function changedIn(changed: Narrowed['changed']): string {
  return changed ? 'AND +changed_at >= ? AND +changed_at < ?' : '';
}

function boundsOf(changed: Narrowed['changed']): number[] {
  return changed ? [changed.from ?? Number.MIN_SAFE_INTEGER, changed.to ?? Number.MAX_SAFE_INTEGER] : [];
}

type Bounded = Narrowed & { from: number; to: number; prefix: string };
