import { readFileSync, writeFileSync } from 'node:fs';
import { goalsOf } from './goals.ts';
import { ackedGraph, fillGraph } from './graph.ts';
import type { Result } from './result.ts';
import { ackedTable, filledLine, goalTable, machineLine } from './table.ts';

const PAGE = new URL('../docs/performance.md', import.meta.url);
const FIGURES = new URL('../docs/performance.json', import.meta.url);
const IMAGES = new URL('../docs/images/', import.meta.url);

/** Puts a result into the documents: the page between its markers, the figures as JSON, the graphs. */
export function writeDocs(result: Result): void {
  writeFileSync(FIGURES, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(PAGE, between(readFileSync(PAGE, 'utf8'), section(result)));
  if (result.acked) writeFileSync(new URL('bench-acked.svg', IMAGES), ackedGraph(result, result.acked));
  if (result.filled) writeFileSync(new URL('bench-fill.svg', IMAGES), fillGraph(result, result.filled));
}

/** The figures as the page shows them. */
export function section(result: Result): string {
  const goals = goalsOf(result);
  const where = goals.filter(({ from }) => from !== '').map(({ what, where: time }) => `- ${what}: ${time}.`);
  return [
    machineLine(result),
    goalTable(goals),
    ...(result.acked ? [ackedTable(result.acked)] : []),
    ...(result.filled ? [filledLine(result.filled)] : []),
    ['Where the time goes, as CPU time an event by thread or stage:', '', ...where].join('\n'),
  ].join('\n\n');
}

const BEGIN = '<!-- figures: written by npm run bench -- --write-docs -->';
const END = '<!-- end of figures -->';

/** Replaces what stands between the markers; throws when one is missing. */
export function between(page: string, figures: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error('docs/performance.md has lost the markers around its figures');
  return `${page.slice(0, from + BEGIN.length)}\n\n${figures}\n\n${page.slice(to)}`;
}

// By hand, after a change of the words or the graphs: the figures stay.
if (import.meta.main) writeDocs(JSON.parse(readFileSync(FIGURES, 'utf8')) as Result);
