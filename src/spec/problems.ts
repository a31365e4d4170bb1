import type { Problem } from '../event/problem.ts';

const EXCERPT_MAX = 100;

/** Problems for a terminal: place, what, how to mend it, and the line with a mark below it. */
export function renderProblems(file: string, text: string, problems: readonly Problem[]): string {
  const lines = text.split(/\r?\n/);
  return problems.map((problem) => renderProblem(file, lines, problem)).join('\n');
}

function renderProblem(file: string, lines: string[], { where, what, fix, code, line, column }: Problem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const end = /[.?!]$/.test(what) ? '' : '.';
  const head = `${place} ${printable(`${where} ${what}${end} ${fix}`)}\n`;
  const source = line === undefined ? undefined : lines[line - 1];
  // What stands where a token's variable belongs may be the token itself.
  if (source === undefined || source.trim() === '' || code === 'token_form') return head;
  // A long line is shown around the place; a tab counts as one character, as in the column's number.
  const from = Math.max(0, (column ?? 1) - EXCERPT_MAX / 2);
  const gutter = `  ${line} | `;
  const excerpt = printable(source.slice(from, from + EXCERPT_MAX));
  return `${head}${gutter}${excerpt}\n${' '.repeat(gutter.length + (column ?? 1) - 1 - from)}^\n`;
}

/** Escape sequences in a file must not reach the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
