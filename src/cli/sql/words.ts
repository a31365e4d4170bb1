import type { SqlAnswer } from '../../api/attribution.ts';
import { csvRow } from '../../server/books/csv.ts';

type Cell = SqlAnswer['rows'][number][number];

/** Wider cells are cut where a person reads them; files have them whole. */
const CELL_CHARS_MAX = 80;

/** Rows in columns: numbers to the right, `null` where there is nothing. */
export function sqlTable({ columns, rows, ms }: SqlAnswer): string {
  const cells = rows.map((row) => row.map(shown));
  const isNumber = columns.map(({ type }) =>
    /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL.*)$/.test(type),
  );
  const heads = columns.map(({ name }) => shown(name));
  const widths = heads.map((head, n) => cells.reduce((most, row) => Math.max(most, row[n]?.length ?? 0), head.length));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, n) => (isNumber[n] ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)))
      .join('  ')
      .trimEnd();
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}, ${ms} ms`;
  return `${[line(heads), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map(line), '', count].join('\n')}\n`;
}

export function jsonText(answer: SqlAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

/** As RFC 4180 has it; text that a spreadsheet would take for a formula is made harmless. */
export function csvText({ columns, rows }: SqlAnswer): string {
  const head = csvRow(columns.map(({ name }) => ({ text: name })));
  return head + rows.map((row) => csvRow(row.map((cell, n) => csvCell(cell, columns[n]?.type ?? '')))).join('');
}

/** Decimals and large whole numbers come as text, and are numbers all the same. */
export function csvCell(cell: Cell, type: string): Parameters<typeof csvRow>[0][number] {
  if (cell === null || typeof cell === 'number') return { number: cell };
  if (typeof cell === 'boolean') return { number: String(cell) };
  return /^(DECIMAL|U?BIGINT|U?HUGEINT)/.test(type) && /^-?\d+(\.\d+)?$/.test(cell) ? { number: cell } : { text: cell };
}

function shown(cell: Cell): string {
  if (cell === null) return 'null';
  // Whatever could move the cursor or turn the writing round is shown as what it is.
  const text = String(cell).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (one) => `\\u${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return text.length > CELL_CHARS_MAX ? `${text.slice(0, CELL_CHARS_MAX - 1)}…` : text;
}
