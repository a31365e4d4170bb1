import { amountOf, decimalText } from './exact.ts';
import type { Tally } from './tally.ts';

/** One figure of the truth, and the same of the books. */
export interface Compared {
  what: string;
  expected: string;
  found: string;
  /** of exact amounts: what rounding each invoice to the currency's digits took away in all */
  rounding?: string;
  /** what of `expected` neither the books nor rounding explain */
  difference: string;
  ok: boolean;
  /** one of many of its kind: shown only where it is wrong */
  isFine?: true;
}

/** What the replay of a set found. */
export interface Result {
  figures: Compared[];
  /** what a reader should know, such as invoices that were rounded */
  notes: string[];
  /** what went wrong beside figures */
  problems: string[];
}

/** The same of a set that was found. */
export interface Checked extends Result {
  set: string;
  files: string[];
  ok: boolean;
  seconds: number;
}

export function compareCounts(what: string, expected: number, found: number): Compared {
  return {
    ...{ what, expected: String(expected), found: String(found) },
    ...{ difference: String(found - expected), ok: expected === found },
  };
}

/** Amounts in units of 10^-9. `expected` is exact, and `found` may lack what `rounding` took away. */
export function compareAmounts(what: string, expected: string, found: bigint, rounding?: bigint): Compared {
  const digits = expected.split('.')[1]?.length ?? 0;
  const difference = found + (rounding ?? 0n) - amountOf(expected);
  return {
    ...{ what, expected, found: decimalText(found) },
    ...(rounding === undefined ? {} : { rounding: decimalText(rounding, digits) }),
    ...{ difference: decimalText(difference, digits), ok: difference === 0n },
  };
}

/** Each name of either tally. */
export function compareTallies(nameOf: (name: string) => string, expected: Tally, found: Tally): Compared[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].map((name) => compareCounts(nameOf(name), expected.get(name) ?? 0, found.get(name) ?? 0));
}

const HEADS = ['', 'expected', 'found', 'rounding', 'difference', ''] as const;

/** A set's figures as a table, with its notes. */
export function checkedText({ set, files, ok, figures, notes, problems, seconds }: Checked): string {
  const shown = figures.filter((figure) => !figure.isFine || !figure.ok);
  const hidden = figures.length - shown.length;
  const cells = [HEADS, ...shown.map(cellsOf)];
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const table = cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const wrong = figures.filter((figure) => !figure.ok).length;
  return [
    `${set}: ${files.join(', ')}`,
    ...table.map((line) => `  ${line}`),
    ...(hidden > 0 ? [`  and ${hidden} finer figures, all equal`] : []),
    ...notes.map((note) => `  ${note}`),
    ...problems.map((problem) => `  NOT ok: ${problem}`),
    `  ${ok ? `ok: all ${figures.length} figures are equal` : `NOT ok: ${wrong} of ${figures.length} figures differ`} (${seconds.toFixed(1)} s)`,
    '',
  ].join('\n');
}

function cellsOf({ what, expected, found, rounding = '', difference, ok }: Compared): string[] {
  return [what, expected, found, rounding, difference, ok ? 'ok' : 'NOT'];
}
