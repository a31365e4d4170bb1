import { million } from './attribution-goals.ts';
import { frame, LEFT, PLOT, px, type Series, scaleOf, short, TOP, text } from './graph.ts';
import type { Attribution, AttributionSize, Result } from './result.ts';
import { machineLine } from './table.ts';

const LINES: readonly [Series, string, (size: AttributionSize) => number][] = [
  ['known', 'Assay, stored to stored', ({ ours }) => ours.seconds],
  ['empty', 'its pass alone', ({ pass }) => pass.seconds],
  ['bare', 'DuckDB, join + argmax', ({ argmax }) => argmax.seconds],
  ['usual', 'DuckDB, window form', ({ window }) => window.seconds],
];

/** Seconds over the number of touches: a line that is straight grows with them. */
export function attributionGraph(result: Result, { sizes, conversions }: Attribution): string {
  const largest = Math.max(...sizes.map(({ touches }) => touches));
  const scale = scaleOf(sizes.flatMap((size) => LINES.map(([, , seconds]) => seconds(size))));
  const x = (touches: number): number => LEFT + (PLOT.width * touches) / largest;
  const parts = LINES.flatMap(([name, , seconds]) => {
    const points = sizes.map((size) => [x(size.touches), scale.y(seconds(size))] as const);
    return [
      `<polyline class="${name}" points="${points.map(([left, top]) => `${px(left)},${px(top)}`).join(' ')}"/>`,
      ...points.map(
        ([left, top]) => `<rect class="${name}" x="${px(left - 2.5)}" y="${px(top - 2.5)}" width="5" height="5"/>`,
      ),
    ];
  });
  for (const { touches } of sizes)
    parts.push(text(x(touches), TOP + PLOT.height + 20, short(touches), touches === largest ? 'end' : 'middle'));
  parts.push(text(LEFT + PLOT.width / 2, TOP + PLOT.height + 38, 'touches', 'middle'));
  return frame({
    title: 'Seconds until every conversion has its touch',
    subtitle: `${million(conversions)} conversions, click 7 days before view 1 day; each side stores its credits.`,
    legend: LINES.map(([name, label]) => [name, label]),
    axis: scale,
    footer: machineLine(result),
    parts,
  });
}
