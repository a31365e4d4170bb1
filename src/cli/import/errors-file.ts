import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { hashContacts } from '../../contacts/contacts.ts';
import { isContactId, looksLikeContact } from '../../contacts/scrub.ts';
import { AssayError } from '../../event/error.ts';
import type { Problem } from '../../event/problem.ts';
import { type Column, isPersonal } from './columns.ts';

/** A CSV of the rows that were not taken, with their problems: mended, it can be imported again. */
export interface ErrorsFile {
  write(line: number, cells: readonly string[], problems: readonly Problem[]): void;
  /** A file without a row is taken away. */
  close(): void;
}

/** Names of the two columns in front; an import of the file leaves them out. */
export const ERROR_COLUMNS = ['line', 'problems'];

/** Contacts are hashed, as TikTok wants them, or left out: no plain one is written to disk. */
export function openErrorsFile(path: string, columns: readonly Column[]): ErrorsFile {
  const file = opened(path);
  let rows = 0;
  const kept = columns.flatMap((column, index) => (column.path ? [{ column, index }] : []));
  const put = (cells: readonly string[]): void => void writeSync(file, `${cells.map(quoted).join(',')}\r\n`);
  put([...ERROR_COLUMNS, ...kept.map(({ column }) => column.header)]);
  return {
    write(line, cells, problems) {
      rows++;
      const why = problems.map((problem) => `${problem.where} ${problem.what}: ${problem.fix}`).join('; ');
      put([String(line), why, ...kept.map(({ column, index }) => safe(column, cells[index]?.trim() ?? ''))]);
    },
    close() {
      closeSync(file);
      if (rows === 0) rmSync(path);
    },
  };
}

function opened(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (cause) {
    throw new AssayError('errors_unwritable', `${path} can’t be written: name another file with --errors.`, { cause });
  }
}

const IDS = new Set(['order_id', 'reference', 'content_id', 'lead_id']);

function safe(column: Column, cell: string): string {
  // Many shops number orders as phones are numbered, and a row without its number can't be imported again.
  const isContact = IDS.has(column.path?.at(-1) ?? '') ? isContactId : looksLikeContact;
  if (!isPersonal(column)) return isContact(cell) ? '' : cell;
  const { user } = hashContacts({ [column.path?.[1] ?? '']: cell }, {});
  return Object.values(user).flat()[0] ?? '';
}

function quoted(cell: string): string {
  // A leading = or + would run as a formula where the file is opened in a spreadsheet.
  const text = /^[=+\-@\t\r]/.test(cell) && !/^[+-]?[\d.,]+$/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
