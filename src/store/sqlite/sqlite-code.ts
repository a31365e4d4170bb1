// https://www.sqlite.org/rescode.html
export const SQLITE_BUSY = 5;
export const SQLITE_CORRUPT = 11;

/** The primary result code of an error that SQLite raised. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}
