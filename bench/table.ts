import { attributionTable } from './attribution-table.ts';
import { count } from './count.ts';
import { type Goal, isMet } from './goals.ts';
import { table } from './markdown.ts';
import type { AckedRow, Machine, Result } from './result.ts';

/** The goals as a table in Markdown: it reads well in a terminal, too. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map((goal) => [
    goal.what,
    figure(goal.measured, goal),
    `${goal.must} ${figure(goal.limit, goal)}`,
    isMet(goal) ? 'yes' : '**no**',
    goal.from,
  ]);
  return table(['what', 'measured', 'goal', 'met', 'from'], rows);
}

/** Acknowledged events a second, and how busy who was. */
export function ackedTable(rows: readonly AckedRow[]): string {
  const lines = rows.flatMap(({ events, ...contestants }) =>
    (['bare', 'empty', 'known', 'usual'] as const).flatMap((name) => {
      const found = contestants[name];
      if (!found) return [];
      const { eventsPerSecond, low, high, mainShare, loadShare, ackMs } = found;
      return [
        [
          String(events),
          NAMES[name],
          count(eventsPerSecond),
          `${count(low)}–${count(high)}`,
          mainShare.toFixed(2),
          loadShare.toFixed(2),
          `${ackMs.p50.toFixed(1)} / ${ackMs.p99.toFixed(1)}`,
        ],
      ];
    }),
  );
  const heads = ['a request', 'server', 'events/s', 'lowest–highest', 'main thread', 'generator', 'p50 / p99 ms'];
  return table(heads, lines);
}

export const NAMES = {
  bare: 'bare node:http',
  empty: 'Assay, empty store',
  known: 'Assay, known ids',
  usual: 'usual design, known ids',
} as const;

export function machineLine({ machine, at, quick, commit }: Result): string {
  const what = quick ? 'Quick run (too short to say how fast it is)' : 'Run';
  return `${what} of ${at.slice(0, 16).replace('T', ' ')} UTC at ${commit}: ${machineText(machine)}.`;
}

function machineText({ cpu, cores, memoryGigabytes, kernel, node, loadAtStart }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGigabytes} GB, ${kernel}, Node ${node}, load ${loadAtStart.toFixed(1)} at its start`;
}

/** Everything a person wants to read after a run. */
export function report(result: Result, goals: readonly Goal[]): string {
  const missed = goals.filter((goal) => !isMet(goal));
  const { filled } = result;
  return [
    machineLine(result),
    goalTable(goals),
    ...(result.acked ? [ackedTable(result.acked)] : []),
    ...(filled ? [filledLine(filled)] : []),
    ...(result.attribution ? [attributionTable(result.attribution)] : []),
    missed.length === 0
      ? 'Every goal is met.'
      : `Missed:\n${missed.map((goal) => `- ${goal.what}: ${figure(goal.measured, goal)}, goal ${goal.must} ${figure(goal.limit, goal)}. ${goal.from}.${goal.where === '' ? '' : ` Time: ${goal.where}.`}`).join('\n')}`,
    '',
  ].join('\n\n');
}

export function filledLine({ ids, usual, acked, committed, startSeconds }: NonNullable<Result['filled']>): string {
  const seconds = (tenths: readonly number[]): string => count(tenths.reduce((sum, tenth) => sum + tenth, 0));
  const took = `Taking ${count(ids)} ids took the usual design ${seconds(usual.seconds)} s; Assay acknowledged them in ${seconds(acked.seconds)} s and had decided them after ${seconds(committed.seconds)} s.`;
  return startSeconds === undefined ? took : `${took} Starting with them takes it ${count(startSeconds)} s.`;
}

function figure(value: number, { unit }: Goal): string {
  switch (unit) {
    case '×':
      return `${value.toFixed(2)}×`;
    case 'of a core':
    case '':
      return value.toFixed(2);
    case 'ms':
    case 'B':
      return `${value.toFixed(1)} ${unit}`;
    case 'MB':
      return `${value.toFixed(0)} MB`;
  }
}
