import { isContactId } from '../../contacts/scrub.ts';
import type { Problem } from '../../event/problem.ts';
import type { Io } from '../io.ts';
import { tableText } from '../text-table.ts';
import type { Fate } from './sender.ts';

export interface Tally {
  read(): void;
  sent(fate: Fate): void;
  bad(line: number, problems: readonly Problem[]): void;
  stopped(why: string): void;
  /** Says how it went; the exit code. */
  finish(): number;
}

interface Counts {
  rows: number;
  bad: number;
  new: number;
  known: number;
  pending: number;
  fine: number;
}

/** Rows shown in a dry run, and problems told; an errors file holds all. */
const PREVIEW_ROWS = 5;
const PROBLEMS_MAX = 100;
const PROGRESS_MS = 200;

/** Counts rows, shows progress on a terminal, and says how it went. */
export function openTally(
  file: string,
  how: { dryRun: boolean; json: boolean; url: string; preview: (told: object, id: string) => string[] },
  io: Io,
): Tally {
  const counts: Counts = { rows: 0, bad: 0, new: 0, known: 0, pending: 0, fine: 0 };
  const problems: (Problem & { line: number })[] = [];
  const preview: string[][] = [];
  const started = io.now();
  let shownAt = 0;
  let why: string | undefined;

  function progress(): void {
    const now = io.now();
    if (!io.interactive || how.json || now - shownAt < PROGRESS_MS) return;
    shownAt = now;
    const rate = Math.round(counts.rows / Math.max(0.001, (now - started) / 1000));
    io.stderr(`\r${number(counts.rows)} rows, ${number(rate)} a second, ${number(counts.bad)} with problems  `);
  }

  return {
    read() {
      counts.rows++;
      progress();
    },
    sent({ going, kind }) {
      if (kind !== 'bad') counts[kind]++;
      if (preview.length < PREVIEW_ROWS)
        preview.push([`line ${going.line}`, ...how.preview(going.told, going.eventId).map(withoutContact), kind]);
      progress();
    },
    bad(line, found) {
      counts.bad++;
      for (const problem of found) if (problems.length < PROBLEMS_MAX) problems.push({ ...problem, line });
    },
    stopped(reason) {
      why = reason;
    },
    finish() {
      const taken = counts.new + counts.known + counts.pending + counts.fine;
      if (io.interactive && !how.json && shownAt > 0) io.stderr('\r\x1b[K');
      if (how.json)
        io.stdout(
          `${JSON.stringify({ dryRun: how.dryRun, ...counts, stopped: why ?? null, problems, cut: counts.bad > new Set(problems.map(({ line }) => line)).size })}\n`,
        );
      else {
        if (how.dryRun && preview.length > 0) io.stdout(`${tableText(preview)}\n\n`);
        for (const problem of problems)
          io.stderr(`line ${problem.line}: ${problem.where} ${problem.what}: ${problem.fix}\n`);
        if (problems.length >= PROBLEMS_MAX) io.stderr('…and more: --errors FILE writes them all.\n');
        io.stdout(`${summary(file, counts, how)}\n`);
        if (why !== undefined) io.stderr(`The import stopped: ${why}\n`);
      }
      if (why !== undefined) return taken + counts.bad === 0 || taken === 0 ? 2 : 1;
      return counts.bad > 0 ? 1 : 0;
    },
  };
}

function summary(file: string, counts: Counts, { dryRun, url }: { dryRun: boolean; url: string }): string {
  const lines = [
    `${file === '-' ? 'Standard input' : file}: ${number(counts.rows)} ${counts.rows === 1 ? 'row' : 'rows'}`,
  ];
  const say = (count: number, what: string): void => {
    if (count > 0) lines.push(`  ${number(count)} ${what}`);
  };
  say(counts.fine, 'fine');
  say(counts.new, 'imported');
  say(counts.known, 'known already; nothing changed');
  say(counts.pending, 'written down, without a verdict yet: the Live page shows it');
  say(counts.bad, 'with problems');
  if (dryRun) lines.push(`Nothing was written: this was a dry run against ${url}.`);
  return lines.join('\n');
}

/** Somebody's address may stand where an id belongs. */
function withoutContact(cell: string): string {
  return isContactId(cell) ? '(removed)' : cell;
}

function number(count: number): string {
  return count.toLocaleString('en-GB');
}
