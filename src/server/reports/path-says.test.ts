import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credit } from '../../attribution/credit.ts';
import type { Touch } from '../../attribution/journey.ts';
import type { Model, Policy } from '../../attribution/policy.ts';
import { TOUCH_KINDS, type TouchKind } from '../../event/fact.ts';
import { DAY, parseDuration } from '../../event/time.ts';
import { agoText, conversionSays, touchSays } from './path-says.ts';

const policy: Policy = {
  windows: { click: 7 * DAY, engagedView: DAY, view: 0 },
  precedence: ['click', 'engagedView', 'view'],
  count: 'every',
  halfLife: 7 * DAY,
};
const AT = 100 * DAY;

/** Touches as `kind age`, the conversion at age 0; of each touch, and of the conversion, what is said. */
const table: [model: Model, touches: string[], says: string[], of: string][] = [
  ['last', [], [], 'nobody earned it: no touch of this person is known before it'],
  [
    'last',
    ['click 51h'],
    ['earns it: the last click before it, within 7d'],
    'earned by one click, 2 days 3 hours before',
  ],
  [
    'last',
    ['click 8d'],
    ['its window of 7d had closed 1 day before the conversion'],
    'nobody earned it: no touch before it was still in its window (click 7d, engaged view 1d, view off)',
  ],
  [
    'last',
    ['click 3d', 'click 1d', 'engagedView 1h', 'view 1h'],
    [
      'in its window, but a later click is nearer to the conversion',
      'earns it: the last click before it, within 7d',
      'in its window, but a click in its window comes first',
      'the window of views is off',
    ],
    'earned by one click, 1 day before',
  ],
  [
    'first',
    ['click 3d', 'click 1d'],
    ['earns it: the first click before it, within 7d', 'in its window, but an earlier click came first'],
    'earned by one click, 3 days before',
  ],
  [
    'linear',
    ['click 3d', 'click 1d'],
    [
      'earns 50 % of it by the model linear: one of 2 clicks in their window',
      'earns 50 % of it by the model linear: one of 2 clicks in their window',
    ],
    'shared by 2 touches: clicks in their window of 7d',
  ],
  [
    'last',
    ['click -90m', 'engagedView 5m'],
    ['came 1 hour 30 minutes after the conversion', 'earns it: the last engaged view before it, within 1d'],
    'earned by one engaged view, 5 minutes before',
  ],
];

for (const [model, touches, says, of] of table)
  test(`${touches.join(', ') || 'no touch'} by the model ${model}: ${of}`, () => {
    const all = touches.map(touchOf);
    const [credited] = credit({ touches: all, conversions: [{ id: 'c', at: AT, name: 'Purchase' }] }, policy, model);
    assert.ok(credited);
    assert.deepEqual(
      all.map((touch) => touchSays(touch, credited, policy, model)),
      says,
    );
    assert.equal(conversionSays(credited, policy), of);
  });

test('a touch that has earned one of that name says so', () => {
  const touch = touchOf('click 2h');
  const once: Policy = { ...policy, count: 'once', precedence: ['click'] };
  const conversions = [
    { id: 'a', at: AT - 3_600_000, name: 'Purchase' },
    { id: 'b', at: AT, name: 'Purchase' },
  ];
  const [, second] = credit({ touches: [touch], conversions }, once, 'last');
  assert.ok(second);
  assert.equal(touchSays(touch, second, once, 'last'), 'in its window, but it has earned a Purchase before');
  assert.match(conversionSays(second, once), /its touch has earned a Purchase before/);
  assert.equal(touchSays(touchOf('view 1h'), second, once, 'last'), 'a view never earns by these rules');
});

for (const [ms, text] of [
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1 second'],
  [61_000, '1 minute 1 second'],
  [DAY + 1, '1 day'],
  [2 * DAY + 3 * 3_600_000 + 59_000, '2 days 3 hours'],
] as const)
  test(`${ms} ms is ${text}`, () => assert.equal(agoText(ms), text));

function touchOf(text: string, n = 0): Touch {
  const [kind = '', age = ''] = text.split(' ');
  const ms = age.startsWith('-') ? -(parseDuration(age.slice(1)) ?? 0) : (parseDuration(age) ?? 0);
  assert.ok(TOUCH_KINDS.includes(kind as TouchKind));
  return { id: `t${n}${text}`, at: AT - ms, kind: kind as TouchKind, channel: 'tiktok / paid' };
}
