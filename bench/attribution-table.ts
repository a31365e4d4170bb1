import { million } from './attribution-goals.ts';
import { count } from './count.ts';
import { table } from './markdown.ts';
import type { Attribution, AttributionSize } from './result.ts';

/** Seconds and memory of each side at each size. */
export function attributionTable({ sizes, hot }: Attribution): string {
  const seconds = (value: number): string => value.toFixed(2);
  const megabytes = (bytes: number): string => count(bytes / 2 ** 20);
  const row = (size: AttributionSize, what: string): string[] => {
    const { bare, pass, ours, window, argmax } = size;
    return [
      what,
      ...[bare, pass, ours].map((side) => seconds(side.seconds)),
      `${seconds(ours.load)} / ${seconds(ours.pass)} / ${seconds(ours.store)}`,
      seconds(ours.pairs),
      ...[window, argmax].map((side) => seconds(side.seconds)),
      ...[ours, window, argmax].map((side) => megabytes(side.peakBytes)),
    ];
  };
  return table(
    [
      ...[
        'touches',
        'bare pass s',
        'our pass s',
        'stored to stored s',
        'of it read / credit / write',
        'write pairs alone s',
      ],
      ...['window form s', 'join + argmax s', 'ours MB', 'window MB', 'argmax MB'],
    ],
    [
      ...sizes.map((size) => row(size, million(size.touches))),
      row(hot, `${million(hot.touches)}, one visitor with 0.5 %`),
    ],
  );
}
