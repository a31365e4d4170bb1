import type { Parsed, Problem } from '../../event/problem.ts';

const ROWS = 1000;
const ROWS_MAX = 10_000;
const MS_MAX = 60_000;
const MS = 30_000;

export interface SqlAsked {
  sql: string;
  rowsMax: number;
  msMax: number;
}

/** Reads `{"sql": "SELECT …", "rows": 1000, "ms": 30000}`; the last two may be left out. */
export function readSqlAsked(body: Buffer): Parsed<SqlAsked> {
  let told: unknown;
  try {
    told = JSON.parse(body.toString('utf8'));
  } catch {
    return {
      ok: false,
      problems: [{ code: 'body_not_json', where: 'body', what: 'is not JSON', fix: 'send {"sql": "SELECT 1"}' }],
    };
  }
  const {
    sql,
    rows = ROWS,
    ms = MS,
  } = (typeof told === 'object' && told !== null ? told : {}) as Record<string, unknown>;
  const problems: Problem[] = [];
  if (typeof sql !== 'string' || sql.trim() === '')
    problems.push({ code: 'sql', where: 'sql', what: 'is no text', fix: 'send one statement, such as SELECT 1' });
  for (const [where, value, most] of [
    ['rows', rows, ROWS_MAX],
    ['ms', ms, MS_MAX],
  ] as const)
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most)
      problems.push({ code: 'sql_limit', where, what: 'is no whole number in bounds', fix: `send 1 to ${most}` });
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: { sql: sql as string, rowsMax: rows as number, msMax: ms as number } };
}
