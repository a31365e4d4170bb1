/** A point of a curve that only climbs, with the band that it may as well run in; all from 0 to 1. */
export interface BandPoint {
  x: number;
  y: number;
  low: number;
  high: number;
}

/** From 0 at `first` to 1 at `last` by orders of magnitude; what lies outside stands at the end. */
export function logPlace(value: number, first: number, last: number): number {
  return Math.min(1, Math.max(0, Math.log(Math.max(value, first) / first) / Math.log(last / first)));
}

/** The curve as steps: it keeps its height up to the next point. Units are those of a square of `size`. */
export function climbPath(points: readonly BandPoint[], size: number): string {
  let path = `M0 ${size}`;
  for (const { x, y } of points) path += `H${round(size * x)}V${round(size * (1 - y))}`;
  return `${path}H${size}`;
}

/** The band between `low` and `high`, in the same steps. */
export function bandPath(points: readonly BandPoint[], size: number): string {
  const [first] = points;
  if (!first) return '';
  let path = `M${round(size * first.x)} ${round(size * (1 - first.high))}`;
  for (const { x, high } of points.slice(1)) path += `H${round(size * x)}V${round(size * (1 - high))}`;
  path += `H${size}`;
  for (const { x, low } of [...points].reverse()) path += `V${round(size * (1 - low))}H${round(size * x)}`;
  return `${path}Z`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
