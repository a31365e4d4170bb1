/** A number that we wrote ourselves, or text that somebody may have told. */
export type Cell = { number: string | number | null } | { text: string | null };

/**
 * One row as RFC 4180 has it. Text that a spreadsheet would take for a formula gets a `'` before it; numbers of ours,
 * such as a net below zero, stay numbers.
 */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map((cell) => ('number' in cell ? String(cell.number ?? '') : quoted(harmless(cell.text ?? '')))).join(',')}\r\n`;
}

/** What spreadsheets begin a formula with, full-width forms included; a tab or line break before it is skipped by some. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

// A semicolon parts cells where a comma is the decimal point.
function quoted(text: string): string {
  return /[",;\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
