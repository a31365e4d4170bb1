import type { ImportedAnswer } from '../../api/imports.ts';
import type { Io } from '../io.ts';
import { countText } from '../text-table.ts';
import { shown } from './columns.ts';

/** What is wrong with a row, in words of the file. */
export interface RowProblem {
  line: number;
  /** its header as the file writes it, in quotes, or the field that is missing */
  column: string;
  what: string;
  fix: string;
  code: string;
}

const PROBLEMS_MAX = 100;
const PROGRESS_MS = 200;

/** Counts what comes of a file that is read twice, and says it. */
export function openBringTally(file: string, { json, dryRun }: { json?: boolean; dryRun?: boolean }, io: Io) {
  const counts: ImportedAnswer = { new: 0, updated: 0, known: 0, older: 0, leftOut: 0 };
  const problems: RowProblem[] = [];
  let [rows, passed, badRows, totals, taken] = [0, 0, 0, 0, 0];
  let unread: readonly string[] = [];
  let sending = false;
  let stopped: string | undefined;
  let shownAt = 0;

  const progress = (): void => {
    const now = io.now();
    if (!io.interactive || json || now - shownAt < PROGRESS_MS) return;
    shownAt = now;
    io.stderr(
      `\r${sending ? `${countText(passed)} of ${countText(rows)} rows` : `checking: ${countText(rows)} rows`}  `,
    );
  };

  return {
    /** headers that no field takes */
    columns(left: readonly string[]): void {
      unread = left;
    },
    read(): void {
      if (sending) passed++;
      else rows++;
      progress();
    },
    /** A row of sums. */
    leave(): void {
      if (!sending) totals++;
    },
    bad(found: readonly RowProblem[]): void {
      badRows += new Set(found.map(({ line }) => line)).size;
      for (const one of found) if (problems.length < PROBLEMS_MAX) problems.push(one);
    },
    sent(batch: number, answer: ImportedAnswer): void {
      if (!sending) counts.leftOut += answer.leftOut;
      else {
        taken += batch;
        for (const name of ['new', 'updated', 'known', 'older'] as const) counts[name] += answer[name];
      }
      progress();
    },
    problems: (): number => badRows,
    /** All is checked; from here on it is sent. */
    send(): void {
      sending = true;
    },
    stopped(why: string): void {
      stopped = why;
    },
    /** Says how it went; the exit code. */
    finish(): number {
      if (shownAt > 0) io.stderr('\r\x1b[K');
      const told = { dryRun: dryRun === true, rows, ...counts, totals, unread, problems, stopped: stopped ?? null };
      if (json) io.stdout(`${JSON.stringify(told)}\n`);
      else {
        for (const { line, column, what, fix } of problems) io.stderr(`line ${line}: ${column} ${what}: ${fix}\n`);
        if (badRows > 0)
          io.stderr(
            `${problems.length >= PROBLEMS_MAX ? '…and more. ' : ''}Nothing was sent: mend these rows of ${countText(rows)}, or leave them out.\n`,
          );
        else if (stopped === undefined || taken > 0) io.stdout(`${summary().join('\n')}\n`);
        if (stopped !== undefined)
          io.stderr(
            `${stopped}${taken > 0 ? ' Import the file again: what is in is known, and changes nothing.' : ''}\n`,
          );
      }
      if (stopped !== undefined) return taken > 0 ? 1 : 2;
      return badRows > 0 ? 2 : 0;
    },
  };

  function summary(): string[] {
    const lines = [`${file}: ${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`];
    const say = (count: number, what: string): void => {
      if (count > 0) lines.push(`  ${countText(count)} ${what}`);
    };
    if (!sending) say(rows - totals, 'fine');
    say(counts.new, 'new');
    say(counts.updated, 'later than what was known, and in its place');
    say(counts.known, 'known already; nothing changed');
    say(counts.older, 'older than what is known; left out');
    say(totals, 'with sums; left out');
    say(counts.leftOut, 'e-mail addresses or phone numbers that are none; left out');
    if (unread.length > 0) lines.push(`  not read: ${unread.map(shown).join(', ').slice(0, 300)}`);
    if (dryRun) lines.push('Nothing was written: this was a dry run.');
    return lines;
  }
}
