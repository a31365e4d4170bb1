/** One stretch of time of a chart: from `at` on, UTC ms; a value that is absent leaves a gap. */
export interface ChartPoint {
  at: number;
  values: readonly (number | undefined)[];
}

/** Where a value stands, from 0 at the bottom to 1 at the top, and the lines that are told by name. */
export interface Scale {
  height(value: number): number;
  ticks: readonly number[];
}

/** From nothing to the next round number above all values. */
export function countScale(values: readonly number[]): Scale {
  const top = roundUp(Math.max(1, ...values));
  const half = top / 2;
  return { height: (value) => value / top, ticks: Number.isInteger(half) ? [0, half, top] : [0, top] };
}

/** By orders of magnitude, between the marks that hold all values, with room below the least; of none it has no line. `marks` only grow and begin above nothing. */
export function logScale(values: readonly number[], marks: readonly number[]): Scale {
  if (values.length === 0) return { height: () => 0, ticks: [] };
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const above = marks.findIndex((mark) => mark >= most);
  const high = above < 0 ? marks.length - 1 : Math.max(1, above);
  const low = Math.min(high - 1, Math.max(0, marks.filter((mark) => mark < least).length - 1));
  const [bottom = 1, top = 10] = [marks[low], marks[high]];
  const height = (value: number): number => {
    const share = Math.log(Math.max(value, bottom) / bottom) / Math.log(top / bottom);
    return Math.min(1, share);
  };
  return { height, ticks: marks.slice(low, high + 1) };
}

/**
 * The line of one value over all points, as steps: each point holds to the next. In units of a box as wide as there are
 * points and `high` in height, its zero at the bottom.
 */
export function stepPath(points: readonly ChartPoint[], of: number, scale: Scale, high: number): string {
  let path = '';
  let open = false;
  for (const [n, { values }] of points.entries()) {
    const value = values[of];
    if (value === undefined) {
      open = false;
      continue;
    }
    const y = round(high * (1 - scale.height(value)));
    path += `${open ? `V${y}` : `M${n} ${y}`}H${n + 1}`;
    open = true;
  }
  return path;
}

/** The same, filled down to the bottom. */
export function areaPath(points: readonly ChartPoint[], of: number, scale: Scale, high: number): string {
  return points
    .map(({ values }, n) => {
      const value = values[of];
      if (value === undefined || value <= 0) return '';
      return `M${n} ${high}V${round(high * (1 - scale.height(value)))}H${n + 1}V${high}Z`;
    })
    .join('');
}

/** 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const times = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return times * power;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
