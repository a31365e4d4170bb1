import fc from 'fast-check';
import type { Conversion, Journey, Touch } from '../src/attribution/journey.ts';
import { MODELS, type Model, type Policy } from '../src/attribution/policy.ts';
import { TOUCH_KINDS, type TouchKind } from '../src/event/fact.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const POLICY: Policy = {
  windows: { click: 7 * DAY, engagedView: DAY, view: DAY },
  precedence: ['click', 'engagedView', 'view'],
  count: 'every',
  halfLife: 7 * DAY,
};

export function touch(id: string, at: number, kind: TouchKind = 'click', channel = 'tiktok'): Touch {
  return { id, at, kind, channel };
}

export function conversion(id: string, at: number, name = 'Purchase'): Conversion {
  return { id, at, name };
}

const at = fc.integer({ min: 0, max: 20 * 24 }).map((hours) => hours * HOUR);
const touches = fc
  .array(fc.record({ at, kind: fc.constantFrom(...TOUCH_KINDS), channel: fc.constantFrom('a', 'b', 'c') }), {
    maxLength: 12,
  })
  .map((rows) => rows.map((row, n): Touch => ({ id: `t${n}`, ...row })));
const conversions = fc
  .array(fc.record({ at, name: fc.constantFrom('Purchase', 'Lead') }), { maxLength: 6 })
  .map((rows) => rows.map((row, n): Conversion => ({ id: `c${n}`, ...row })));

/** What one person may have done in three weeks, by the hour, so that touches and ends of windows often meet. */
export const journeys: fc.Arbitrary<Journey> = fc.record({ touches, conversions });

const window = fc.constantFrom(0, DAY, 7 * DAY, 14 * DAY);
export const policies: fc.Arbitrary<Policy> = fc.record({
  windows: fc.record({ click: window, engagedView: window, view: window }),
  precedence: fc.shuffledSubarray([...TOUCH_KINDS]),
  count: fc.constantFrom('every', 'once'),
  halfLife: fc.constantFrom(DAY, 7 * DAY),
});
export const models: fc.Arbitrary<Model> = fc.constantFrom(...MODELS);
export const WEIGHTS = new Map([
  ['a', 0.5],
  ['b', 0.25],
]);
