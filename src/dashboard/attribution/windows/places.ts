import type { WindowsAnswer } from '../../../api/attribution.ts';

/** Where a campaign stands under one of the windows; null: nothing is credited to it there. */
interface Place {
  place: number | null;
  /** of the window, among all of them */
  window: number;
}

/** A campaign's places: under the spec's windows, and the highest and the lowest that a window gives it. */
export function extremes(
  places: WindowsAnswer['ranks'][number]['places'],
  standing: number,
): { spec: number | null; best: Place; worst: Place } {
  const all = places.map((place, window): Place => ({ place, window }));
  const height = ({ place }: Place) => place ?? Number.POSITIVE_INFINITY;
  const none: Place = { place: null, window: 0 };
  return {
    spec: places[standing] ?? null,
    best: all.reduce((so, one) => (height(one) < height(so) ? one : so), all[0] ?? none),
    worst: all.reduce((so, one) => (height(one) > height(so) ? one : so), all[0] ?? none),
  };
}
