import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allDays, seriesByDay } from './by-day.ts';

const series = (campaign: string, days: [day: string, conversions: number, value: string][]) => ({
  ...{ key: campaign, of: { campaign } },
  days: days.map(([day, conversions, value]) => ({ day, conversions, value })),
});

test('all lines are drawn on one scale, by value, and their sums are exact', () => {
  const { of, parts } = seriesByDay([
    series('a', [
      ['2026-11-01', 1, '9007199254740993.01'],
      ['2026-11-02', 2, '0.00'],
    ]),
    series('b', [
      ['2026-11-01', 5, '4503599627370496.51 EUR'],
      ['2026-11-02', 0, '-1.00'],
    ]),
  ]);
  assert.equal(of, 'value');
  assert.deepEqual(
    parts.map((part) => [part.conversions, part.amount, part.days.map(({ height }) => height)]),
    [
      [3, '9007199254740993.01', [1, 0]],
      [5, '4503599627370495.51', [0.5, 0]],
    ],
  );
});

test('where nothing is worth anything, conversions are drawn', () => {
  const { of, parts } = seriesByDay([
    series('a', [
      ['2026-11-01', 1, '0.00'],
      ['2026-11-02', 4, '0.00'],
    ]),
  ]);
  assert.equal(of, 'conversions');
  assert.deepEqual(
    parts[0]?.days.map(({ height }) => height),
    [0.25, 1],
  );
  assert.deepEqual(seriesByDay([]).parts, []);
});

test('days without a line are nothing, and what are no days are none', () => {
  const earned = {
    conversions: 2,
    value: { amount: '9.00', currency: 'EUR' },
    net: { amount: '9.00', currency: 'EUR' },
  };
  const asked = (from: string, to: string) => ({ rows: [{ key: '2026-10-25', earned }], asked: { from, to } });
  const days = (from: string, to: string) =>
    allDays(asked(from, to) as unknown as Parameters<typeof allDays>[0]).days.map(
      ({ day, conversions }) => `${day} ${conversions}`,
    );
  assert.deepEqual(days('2026-10-24', '2026-10-26'), ['2026-10-24 0', '2026-10-25 2', '2026-10-26 0']);
  assert.deepEqual(days('x', '2026-10-26'), []);
  assert.equal(days('1000-01-01', '2026-10-26').length, 500);
});
