import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { attributionGraph } from './attribution-graph.ts';
import { attributionTable } from './attribution-table.ts';
import { type Goal, goalsOf } from './goals.ts';
import { ackedGraph, fillGraph } from './graph.ts';
import type { Result } from './result.ts';
import { ackedTable, filledLine, goalTable, machineLine } from './table.ts';

const PAGE = new URL('../docs/performance.md', import.meta.url);
const FIGURES = new URL('../docs/performance.json', import.meta.url);
const SENDING_FIGURES = new URL('../docs/performance-sending.json', import.meta.url);
const ATTRIBUTION_FIGURES = new URL('../docs/performance-attribution.json', import.meta.url);
const IMAGES = new URL('../docs/images/', import.meta.url);

/** Puts a result into the documents: the page between its markers, the figures as JSON, the graphs. */
export function writeDocs({ sending, attribution, ...doors }: Result): void {
  const write = (figures: URL, result: Result, marks: Marks, text: string): void => {
    writeFileSync(figures, `${JSON.stringify(result, null, 2)}\n`);
    writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), text, marks));
  };
  if (doors.acked) {
    write(FIGURES, doors, DOORS, section(doors));
    writeFileSync(new URL('bench-acked.svg', IMAGES), ackedGraph(doors, doors.acked));
    if (doors.filled) writeFileSync(new URL('bench-fill.svg', IMAGES), fillGraph(doors, doors.filled));
  }
  const { at, quick, commit, machine, bodyBytes } = doors;
  const run: Result = { at, quick, commit, machine, bodyBytes };
  if (sending) {
    const alone = { ...run, sending };
    write(SENDING_FIGURES, alone, SENDING, sendingSection(alone));
  }
  if (!attribution) return;
  const alone = { ...run, attribution };
  write(ATTRIBUTION_FIGURES, alone, ATTRIBUTION, attributionSection(alone));
  writeFileSync(new URL('bench-attribution.svg', IMAGES), attributionGraph(alone, attribution));
}

/** The figures of the doors as the page shows them. */
export function section(result: Result): string {
  const goals = goalsOf(result);
  return [
    machineLine(result),
    goalTable(goals),
    ...(result.acked ? [ackedTable(result.acked)] : []),
    ...(result.filled ? [filledLine(result.filled)] : []),
    whereText(goals),
  ].join('\n\n');
}

function whereText(goals: readonly Goal[]): string {
  const where = goals.filter(({ from }) => from !== '').map(({ what, where: time }) => `- ${what}: ${time}.`);
  return ['Where the time goes, as CPU time an event by thread or stage:', '', ...where].join('\n');
}

/** The figures of sending. */
export function sendingSection(result: Result): string {
  const goals = goalsOf(result);
  return [machineLine(result), goalTable(goals), whereText(goals)].join('\n\n');
}

/** The figures of attribution. */
export function attributionSection(result: Result): string {
  const goals = goalsOf(result);
  return [
    machineLine(result),
    goalTable(goals),
    ...(result.attribution ? [attributionTable(result.attribution)] : []),
    ...goals.filter(({ where }) => where !== '').map(({ where }) => `Of the middle run: ${where}.`),
  ].join('\n\n');
}

/** Between which lines of the page figures stand. */
export type Marks = readonly [begin: string, end: string];

export const DOORS: Marks = ['<!-- figures: written by npm run bench -- --write-docs -->', '<!-- end of figures -->'];
export const SENDING: Marks = [
  '<!-- sending: written by npm run bench -- --only sending --write-docs -->',
  '<!-- end of sending -->',
];
export const ATTRIBUTION: Marks = [
  '<!-- attribution: written by npm run bench -- --only attribution --write-docs -->',
  '<!-- end of attribution -->',
];

/** Replaces what stands between the markers; throws when one is missing. */
export function between(page: string, figures: string, [begin, end]: Marks = DOORS): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error('docs/performance.md has lost the markers around its figures');
  return `${page.slice(0, from + begin.length)}\n\n${figures}\n\n${page.slice(to)}`;
}

// By hand, after a change of the words or the graphs: the figures stay.
if (import.meta.main)
  for (const file of [FIGURES, SENDING_FIGURES, ATTRIBUTION_FIGURES])
    if (existsSync(file)) writeDocs(JSON.parse(readFileSync(file, 'utf8')) as Result);
