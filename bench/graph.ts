import type { AckedRow, Filled, Result } from './result.ts';
import { machineLine, NAMES } from './table.ts';

export type Series = 'bare' | 'empty' | 'known' | 'usual';

const WIDTH = 760;
const HEIGHT = 416;
export const LEFT = 64;
const RIGHT = 20;
export const TOP = 82;
const BOTTOM = 94;
/** of the letters of a legend, roughly: an image can't ask its reader's fonts */
const LETTER = 6.6;
export const PLOT = { width: WIDTH - LEFT - RIGHT, height: HEIGHT - TOP - BOTTOM };
const SERIES: readonly Series[] = ['bare', 'empty', 'known', 'usual'];
const GRIDLINES = 5;

/** Events acknowledged a second at each size of request: a group of bars a size. */
export function ackedGraph(result: Result, rows: readonly AckedRow[]): string {
  const names = SERIES.filter((name) => rows.some((row) => row[name]));
  const scale = scaleOf(rows.flatMap((row) => names.map((name) => row[name]?.eventsPerSecond ?? 0)));
  const group = PLOT.width / rows.length;
  const bar = (group * 0.84) / names.length;
  const parts = rows.flatMap((row, at) => {
    const start = LEFT + group * at + group * 0.08;
    const bars = names.flatMap((name, n) => {
      const value = row[name]?.eventsPerSecond;
      if (value === undefined) return [];
      const [x, y] = [start + bar * n, scale.y(value)];
      return [
        `<rect class="${name}" x="${px(x + 1)}" y="${px(y)}" width="${px(bar - 2)}" height="${px(TOP + PLOT.height - y)}"/>`,
        text(x + bar / 2, y - 5, short(value), 'middle', 'value'),
      ];
    });
    const label = `${row.events} ${row.events === 1 ? 'event' : 'events'} a request`;
    return [...bars, text(LEFT + group * (at + 0.5), TOP + PLOT.height + 20, label, 'middle')];
  });
  return frame({
    title: 'Events acknowledged a second',
    subtitle: `Durable before the answer, except the bare server, which keeps nothing. Known ids: ${short(result.filled?.ids ?? 0)}.`,
    legend: names.map((name) => [name, NAMES[name]]),
    axis: scale,
    footer: machineLine(result),
    parts,
  });
}

/** Events a second while the stores are filled, over the ids they know by then. */
export function fillGraph(result: Result, filled: Filled): string {
  const lines: [Series, string, number[]][] = [
    ['known', 'Assay, acknowledged', filled.acked.seconds],
    ['empty', 'Assay, decided and committed', filled.committed.seconds],
    ['usual', 'usual design, acknowledged', filled.usual.seconds],
  ];
  const tenth = filled.ids / 10;
  const rates = lines.map(([, , seconds]) => seconds.map((took) => tenth / Math.max(took, 0.001)));
  const scale = scaleOf(rates.flat());
  const x = (ids: number): number => LEFT + (PLOT.width * ids) / filled.ids;
  const parts = lines.map(([name], at) => {
    const points = (rates[at] ?? []).map((rate, n) => `${px(x(tenth * (n + 0.5)))},${px(scale.y(rate))}`);
    return `<polyline class="${name}" points="${points.join(' ')}"/>`;
  });
  for (let n = 0; n <= 10; n += 2)
    parts.push(text(x(tenth * n), TOP + PLOT.height + 20, short(tenth * n), n === 10 ? 'end' : 'middle'));
  parts.push(text(LEFT + PLOT.width / 2, TOP + PLOT.height + 38, 'event ids in the store', 'middle'));
  return frame({
    title: 'Events a second while the store fills',
    subtitle: 'Random ids, 50 events a request, as fast as they are taken.',
    legend: lines.map(([name, label]) => [name, label]),
    axis: scale,
    footer: machineLine(result),
    parts,
  });
}

interface Scale {
  max: number;
  step: number;
  y(value: number): number;
}

/** From zero to a round figure above the largest value. */
export function scaleOf(values: readonly number[]): Scale {
  const raw = Math.max(1, ...values) / GRIDLINES;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const max = step * Math.ceil(Math.max(1, ...values) / step);
  return { max, step, y: (value) => TOP + PLOT.height * (1 - value / max) };
}

const STYLE = `
  :root { --ink: #1b1b1f; --faint: #5c5f66; --grid: #d9dbe0; --paper: #ffffff; --bare: #8b9099; --empty: #7fb2e5; --known: #1f6fb8; --usual: #c2571a }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #ececf0; --faint: #a7abb4; --grid: #3a3d44; --paper: #16171a; --bare: #8b9099; --empty: #2f6ea6; --known: #6cb4f5; --usual: #f0894a }
  }
  .paper { fill: var(--paper) }
  text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink) }
  .title { font-size: 17px; font-weight: 600 }
  .faint { fill: var(--faint); font-size: 11px }
  .value { font-size: 11px }
  .legend { font-size: 12px }
  .grid { stroke: var(--grid); stroke-width: 1 }
  ${SERIES.map((name) => `rect.${name} { fill: var(--${name}) } polyline.${name} { stroke: var(--${name}) }`).join('\n  ')}
  polyline { fill: none; stroke-width: 2.5; stroke-linejoin: round; stroke-linecap: round }
`;

/** What all graphs share: title, legend, gridlines with their figures, and the machine. */
export function frame(graph: {
  title: string;
  subtitle: string;
  legend: readonly (readonly [Series, string])[];
  axis: Scale;
  footer: string;
  parts: readonly string[];
}): string {
  const { max, step, y } = graph.axis;
  const grid = Array.from({ length: Math.round(max / step) + 1 }, (_, n) => n * step).flatMap((value) => [
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(value))}" y2="${px(y(value))}"/>`,
    text(LEFT - 8, y(value) + 4, short(value), 'end', 'faint'),
  ]);
  let next = LEFT;
  const legend = graph.legend.flatMap(([name, label]) => {
    const x = next;
    next += 40 + label.length * LETTER;
    return [
      `<rect class="${name}" x="${px(x)}" y="54" width="12" height="12" rx="2"/>`,
      text(x + 18, 64.5, label, 'start', 'legend'),
    ];
  });
  const [first = '', ...rest] = graph.footer.split(': ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">`,
    `<title>${escaped(graph.title)}</title>`,
    `<desc>${escaped(graph.subtitle)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="8"/>`,
    text(16, 26, graph.title, 'start', 'title'),
    text(16, 44, graph.subtitle, 'start', 'faint'),
    ...legend,
    ...grid,
    ...graph.parts,
    text(16, HEIGHT - 26, first, 'start', 'faint'),
    text(16, HEIGHT - 11, rest.join(': '), 'start', 'faint'),
    '</svg>',
    '',
  ].join('\n');
}

export function text(x: number, y: number, says: string, anchor: 'start' | 'middle' | 'end', name?: string): string {
  const as = name === undefined ? '' : ` class="${name}"`;
  return `<text${as} x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(says)}</text>`;
}

/** 61 k, 2.5 M, 0.4 */
export function short(value: number): string {
  const [by, unit] = value >= 1e6 ? [1e6, ' M'] : value >= 1000 ? [1000, ' k'] : [1, ''];
  const scaled = value / by;
  return `${scaled >= 100 || Number.isInteger(scaled) ? Math.round(scaled) : scaled.toFixed(1)}${unit}`;
}

export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(says: string): string {
  return says.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
