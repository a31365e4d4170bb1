import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exponentOf } from '../bench/attribution.ts';
import { type Check, makeData, ringOf, writeData } from '../bench/attribution-data.ts';
import { attributionGoals } from '../bench/attribution-goals.ts';
import { attributionGraph } from '../bench/attribution-graph.ts';
import { writeTables } from '../bench/attribution-tables.ts';
import { ready, start } from '../bench/children.ts';
import { ATTRIBUTION, attributionSection, between } from '../bench/docs.ts';
import { isMet } from '../bench/goals.ts';
import { readOptions } from '../bench/options.ts';
import type { Attribution, AttributionSize, Result, Stored } from '../bench/result.ts';
import { report } from '../bench/table.ts';

const ORDER = { touches: 20_000, conversions: 2_000, hot: false };

let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-bench-attribution-'));
  const data = makeData(ORDER);
  writeData(join(folder, 'columns'), data);
  await writeTables(join(folder, 'tables.duckdb'), data);
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('touches stand in time order, each with a number of its own, and one in a hundred came late', () => {
  const { touch, touchAt } = makeData(ORDER);
  assert.ok(touchAt.every((at, n) => n === 0 || at >= (touchAt[n - 1] as number)));
  assert.deepEqual(
    [...touch].sort((a, b) => a - b),
    Array.from(touch, (_, n) => n + 1),
  );
  const late = [...touch].filter((number, n) => number > n + 1 + ORDER.touches / 1000).length;
  assert.ok(late > ORDER.touches / 200 && late < ORDER.touches / 50, `${late} late`);
});

test('with a hot visitor, one has half a percent of everything', () => {
  const { touchVisitor, conversionVisitor } = makeData({ ...ORDER, hot: true });
  for (const column of [touchVisitor, conversionVisitor]) {
    const share = column.filter((visitor) => visitor === 3).length / column.length;
    assert.ok(share > 0.002 && share < 0.01, `${share}`);
  }
});

test('the ring leads through all visitors of a person and back', () => {
  const next = ringOf({ person: Uint32Array.of(0, 0, 2, 0, 4) });
  assert.deepEqual([...next], [3, 0, 2, 1, 4]);
});

test('the ceiling, our pass and both forms of DuckDB come to the same touches', async () => {
  const [columns, tables] = [join(folder, 'columns'), join(folder, 'tables.duckdb')];
  const told: Check[] = [];
  for (const [file, args] of [
    ['peers/attribution-bare.ts', [columns, '1']],
    ['attribution-pass.ts', [columns, '1']],
    ['peers/attribution-duckdb.ts', [tables, 'window', '1GiB']],
    ['peers/attribution-duckdb.ts', [tables, 'argmax', '1GiB']],
  ] as const) {
    const child = start(file, { args: [...args] });
    told.push((await ready<{ check: Check }>(child, file)).check);
    await child.ended;
  }
  for (const check of told) assert.deepEqual(check, told[0]);
  assert.ok((told[0]?.credited ?? 0) > 100);
});

test('the exponent of what grows evenly is one, of what grows with the square two', () => {
  const points = (power: number) => [5, 10, 100].map((touches) => ({ touches, seconds: 3 * touches ** power }));
  assert.ok(Math.abs(exponentOf(points(1)) - 1) < 1e-9);
  assert.ok(Math.abs(exponentOf(points(2)) - 2) < 1e-9);
});

test('sending and attribution may be written into the documents alone', () => {
  for (const part of ['sending', 'attribution'])
    assert.equal(readOptions(['--only', part, '--write-docs']).writeDocs, true, part);
  assert.throws(() => readOptions(['--only', 'attribution,guard', '--write-docs']), /one whole run/);
});

const found: Attribution = {
  ...{ touches: 20_000_000, conversions: 1_000_000 },
  sizes: [5, 10, 20].map((millions) => size(millions * 1e6, millions / 10)),
  hot: size(20_000_000, 2.2),
  hour: { touches: 27_778, conversions: 1_389, ms: 80, high: 95, allMs: 250 },
  dashboards: [{ name: 'campaigns', p50Ms: 50, p95Ms: 120 }],
  page: [{ name: 'opening', ms: 120, high: 210 }],
};
const result: Result = {
  ...{ at: '2026-11-22T12:00:00.000Z', quick: false, commit: 'abc', bodyBytes: 0, attribution: found },
  machine: { cpu: 'A <fast> one', cores: 2, memoryGigabytes: 8, kernel: 'Linux 6', node: '24', loadAtStart: 0.1 },
};

function size(touches: number, seconds: number): AttributionSize {
  const side = (value: number, peakBytes = 2 ** 31): Stored => ({ seconds: value, low: value, high: value, peakBytes });
  return {
    ...{ touches, check: { credited: 1, touches: 1, pairs: 1 }, bare: side(0.4), pass: side(0.5) },
    ours: { ...side(seconds), load: 0.1, pass: 0.5, store: seconds - 0.6, pairs: 0.1 },
    ...{ window: side(seconds), argmax: side(seconds / 2) },
  };
}

test('attribution that keeps every promise misses none, and each promise can be missed', () => {
  const goals = attributionGoals(found);
  assert.deepEqual(
    goals.filter((goal) => !isMet(goal)),
    [],
  );
  const worse: Attribution = {
    ...found,
    sizes: found.sizes.map((one) => ({
      ...one,
      ...{ pass: { ...one.pass, seconds: 1 }, ours: { ...one.ours, peakBytes: 2 ** 32 } },
      window: { ...one.window, seconds: one.ours.seconds / 2 },
      argmax: { ...one.argmax, seconds: one.ours.seconds / 4 },
    })),
    hot: size(20_000_000, 3),
    hour: { ...found.hour, ms: 101 },
    dashboards: [{ name: 'funnel', p50Ms: 1, p95Ms: 301 }],
    page: [{ name: 'opening', ms: 201, high: 201 }],
  };
  const [first, ...rest] = worse.sizes as [AttributionSize, ...AttributionSize[]];
  const steep = { ...worse, sizes: [{ ...first, ours: { ...first.ours, seconds: 0.2 } }, ...rest] };
  const missed = attributionGoals(steep).filter((goal) => !isMet(goal));
  assert.equal(missed.length, goals.length);
  assert.match(
    report(result, missed),
    /an hour’s increment: its news taken in, credits made and committed: 101\.0 ms, goal ≤ 100\.0 ms/,
  );
});

test('its figures stand between their own markers, and its graph is well-formed', () => {
  const page = readFileSync(new URL('../docs/performance.md', import.meta.url), 'utf8');
  const once = between(page, attributionSection(result), ATTRIBUTION);
  assert.equal(between(once, attributionSection(result), ATTRIBUTION), once);
  assert.match(once, /\| the pass, share of a bare time-ordered one.*\| 0\.80× +\| ≥ 0\.50× +\| yes/);
  const graph = attributionGraph(result, found);
  assert.match(graph, /A &#60;fast&#62; one/);
  assert.doesNotMatch(graph, /NaN|undefined|Infinity/);
  assert.equal([...graph.matchAll(/<polyline /g)].length, 4);
  for (const [, x = ''] of graph.matchAll(/ x="([^"]*)"/g)) assert.ok(Number(x) >= 0 && Number(x) <= 760, x);
});
