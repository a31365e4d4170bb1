// https://www.sqlite.org/rescode.html
export const SQLITE_BUSY = 5;
export const SQLITE_CORRUPT = 11;
/** SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL and SQLITE_CANTOPEN: what a disk in trouble says, and may stop saying. */
const OF_THE_DISK: readonly (number | undefined)[] = [8, 10, 13, 14];

/** The primary result code of an error that SQLite raised. */
export function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** Did SQLite fail because of the disk: full, read-only or broken? */
export function isDiskError(error: unknown): boolean {
  return OF_THE_DISK.includes(sqliteCode(error));
}
