import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_TRACKING_YAML } from '../../spec/default-text.ts';
import { parseSpec } from '../../spec/parse.ts';
import { readDay } from './day-span.ts';
import { type ActiveSpec, markersOf } from './markers.ts';

const FREEZE = 'freeze: { until: 2026-11-20, because: holiday sale, what: [attribution, money] }';

/** The version of this number, active from then on; each change replaces a text of the built-in spec. */
function active(version: number, at: string, changes: readonly [string, string][] = [], because?: string): ActiveSpec {
  const text = changes.reduce((before, [was, becomes]) => {
    assert.ok(before.includes(was), was);
    return before.replace(was, becomes);
  }, DEFAULT_TRACKING_YAML);
  const parsed = parseSpec(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const spec = { ...parsed.value, version };
  return { spec, activatedAt: Date.parse(at), ...(because === undefined ? {} : { because }) };
}

const VERSIONS = [
  active(1, '2026-11-01T08:00:00Z'),
  active(2, '2026-11-10T23:30:00Z', [['click: 7d', 'click: 1d']]),
  active(3, '2026-11-12T08:00:00Z', [
    ['click: 7d', 'click: 1d'],
    ['freeze: null', FREEZE],
  ]),
];

function marked(versions: readonly ActiveSpec[], from: string, to: string, timezone = 'UTC'): string[] {
  const [first, last] = [readDay(from) ?? 0, readDay(to) ?? 0];
  return markersOf(versions, { first, last, timezone }).map(
    ({ day, what, version, says }) => `${day} ${what} ${version}: ${says.join('; ')}`,
  );
}

test('each version of the spec is marked on its day with what it changed, and so is the end of its freeze', () => {
  assert.deepEqual(marked(VERSIONS, '2026-11-01', '2026-11-30'), [
    '2026-11-01 activated 1: The first spec',
    '2026-11-10 activated 2: attribution.click: was 7d, becomes 1d',
    '2026-11-12 activated 3: Frozen until 2026-11-20: attribution, money (holiday sale)',
    '2026-11-20 freezeEnds 3: What it kept may change again: attribution, money',
  ]);
});

test('days are those of the answer’s zone, and others are left out', () => {
  assert.deepEqual(marked(VERSIONS, '2026-11-11', '2026-11-11', 'Europe/Berlin'), [
    '2026-11-11 activated 2: attribution.click: was 7d, becomes 1d',
  ]);
  assert.deepEqual(marked(VERSIONS, '2026-11-13', '2026-11-19'), []);
});

test('a freeze that a later version took away does not end on its day; the version says why it could', () => {
  const ended = active(4, '2026-11-15T08:00:00Z', [], 'the sale was called off');
  assert.deepEqual(marked([...VERSIONS, ended], '2026-11-13', '2026-11-30'), [
    '2026-11-15 activated 4: Frozen parts were changed, because: the sale was called off; Nothing is frozen any more; attribution.click: was 1d, becomes 7d',
  ]);
});
