import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_TRACKING_YAML } from './default-text.ts';
import { changeText, frozenChanges, isFrozen } from './freeze.ts';
import { parseSpec } from './parse.ts';
import type { Spec } from './spec.ts';

const FREEZE = '{ until: 2026-12-15, because: test, what: [attribution, leads.ladder, money, events.Purchase.delay] }';
const NOW = Date.UTC(2026, 10, 1);

function specOf(...changes: (readonly [from: string, to: string])[]): Spec {
  let text = DEFAULT_TRACKING_YAML.replace('freeze: null', `freeze: ${FREEZE}`);
  for (const [from, to] of changes) {
    assert.ok(text.includes(from), from);
    text = text.replace(from, to);
  }
  const parsed = parseSpec(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

const table: [from: string, to: string, ...changed: string[]][] = [
  ['click: 7d', 'click: 1d', 'attribution.click: was 7d, becomes 1d'],
  ['click: 7d', 'click: 168h'],
  [
    'precedence: [click, engagedView, view]',
    'precedence: [view, click]',
    'attribution.precedence: was ["click","engagedView","view"], becomes ["view","click"]',
  ],
  ['approved: "120.00 EUR"', 'approved: null', 'leads.ladder.approved: was 120.00 EUR, becomes null'],
  [', rejected: null', '', 'leads.ladder.rejected: was null, becomes nothing'],
  ['rejected: null }', 'rejected: null, lost: "1.00 EUR" }', 'leads.ladder.lost: was nothing, becomes 1.00 EUR'],
  ['values: replace', 'values: add'],
  [
    'rates: {}',
    'rates: { UYU: "0.023 2026-11-01" }',
    'money.rates: was [], becomes [{"currency":"UYU","rate":"0.023","date":"2026-11-01"}]',
  ],
  ['contentsTolerance: 1%', 'contentsTolerance: 2%', 'money.contentsTolerance: was 0.01, becomes 0.02'],
  ['delay: 5s', 'delay: 10s', 'events.Purchase.delay: was 5s, becomes 10s'],
  ['confirmWithin: 14d', 'confirmWithin: 10d'],
  ['linger: 1s', 'linger: 2s'],
  ['because: test', 'because: another word'],
  ['until: 2026-12-15', 'until: 2027-01-01'],
  ['until: 2026-12-15', 'until: 2026-12-14', 'freeze.until: was 2026-12-15, becomes 2026-12-14'],
  [`freeze: ${FREEZE}`, 'freeze: null', 'freeze: was until 2026-12-15, becomes nothing'],
  ['leads.ladder, money, events', 'leads, money, events'],
  [
    ', events.Purchase.delay',
    '',
    'freeze.what: was attribution, leads.ladder, money, events.Purchase.delay, becomes attribution, leads.ladder, money',
  ],
  [
    'timezone: Europe/Berlin',
    'timezone: Pacific/Kiritimati',
    'business.timezone: was Europe/Berlin, becomes Pacific/Kiritimati',
  ],
];

for (const [from, to, ...changed] of table)
  test(`${to || 'nothing'} for ${from} ${changed.length > 0 ? 'is a frozen change' : 'is free'}`, () => {
    assert.deepEqual(frozenChanges(specOf(), specOf([from, to]), NOW).map(changeText), changed);
  });

test('several frozen changes are all told, and one that two frozen parts hold once', () => {
  const what = ['what: [attribution', 'what: [attribution.click, attribution'] as const;
  assert.deepEqual(
    frozenChanges(
      specOf(what),
      specOf(what, ['click: 7d', 'click: 2d'], ['rounding: half-even', 'rounding: up']),
      NOW,
    ).map(({ path }) => path),
    ['attribution.click', 'money.rounding'],
  );
});

test('a freeze ends with the first moment of its day in the business’s time zone', () => {
  const rows: [timezone: string, end: number][] = [
    ['Europe/Berlin', Date.UTC(2026, 11, 14, 23)],
    ['UTC', Date.UTC(2026, 11, 15)],
    ['Pacific/Kiritimati', Date.UTC(2026, 11, 14, 10)],
    ['America/Los_Angeles', Date.UTC(2026, 11, 15, 8)],
  ];
  for (const [timezone, end] of rows) {
    const spec = specOf(['timezone: Europe/Berlin', `timezone: ${timezone}`]);
    assert.deepEqual([isFrozen(spec, end - 1), isFrozen(spec, end)], [true, false], timezone);
    assert.deepEqual(frozenChanges(spec, specOf(['click: 7d', 'click: 1d']), end), []);
  }
});

test('without a freeze everything may change', () => {
  assert.deepEqual(
    frozenChanges(specOf([`freeze: ${FREEZE}`, 'freeze: null']), specOf(['click: 7d', 'click: 1d']), NOW),
    [],
  );
});

test('a long value is shortened', () => {
  const rates = Object.entries({ UYU: 1, BTN: 2, LAK: 3, MMK: 4, MVR: 5 }).map(
    ([code, n]) => `${code}: "${n}.5 2026-11-01"`,
  );
  const [change] = frozenChanges(specOf(), specOf(['rates: {}', `rates: { ${rates.join(', ')} }`]), NOW);
  assert.equal(change?.becomes.length, 200);
});
