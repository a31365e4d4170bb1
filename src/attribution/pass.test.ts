import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { journeys, policies } from '../../test/journeys.ts';
import { TOUCH_KINDS } from '../event/fact.ts';
import { credit } from './credit.ts';
import { type Conversion, inTime, type Touch } from './journey.ts';
import { lastTouches } from './pass.ts';

/** Several people, each seen as up to three visitors. */
const worlds = fc.array(fc.tuple(journeys, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 5 });

test('one pass over columns says of everybody what is said of each person', () => {
  fc.assert(
    fc.property(worlds, policies, (people, told) => {
      const policy = { ...told, count: 'every' as const };
      const touches: { touch: Touch; visitor: number }[] = [];
      const conversions: { conversion: Conversion; visitor: number }[] = [];
      const next: number[] = [];
      for (const [who, [journey, seen]] of people.entries()) {
        const first = next.length;
        for (let n = 0; n < seen; n++) next.push(n === seen - 1 ? first : first + n + 1);
        for (const [n, one] of journey.touches.entries())
          touches.push({ touch: { ...one, id: `${who}-${one.id}` }, visitor: first + (n % seen) });
        for (const [n, one] of journey.conversions.entries())
          conversions.push({ conversion: { ...one, id: `${who}-${one.id}` }, visitor: first + ((n + 1) % seen) });
      }
      const touchRows = inTime(touches.map(({ touch, visitor }) => ({ ...touch, visitor })));
      const conversionRows = inTime(conversions.map(({ conversion, visitor }) => ({ ...conversion, visitor })));
      const earned = lastTouches(
        {
          at: Float64Array.from(touchRows, ({ at }) => at),
          visitor: Uint32Array.from(touchRows, ({ visitor }) => visitor),
          kind: Uint8Array.from(touchRows, ({ kind }) => TOUCH_KINDS.indexOf(kind)),
        },
        {
          at: Float64Array.from(conversionRows, ({ at }) => at),
          visitor: Uint32Array.from(conversionRows, ({ visitor }) => visitor),
        },
        Uint32Array.from(next),
        policy,
      );
      const found = new Map(conversionRows.map(({ id }, n) => [id, touchRows[earned[n] ?? -1]?.id]));
      for (const [who, [journey]] of people.entries())
        for (const one of credit(journey, policy, 'last')) {
          const [winner] = one.kind === null ? [] : one.shares;
          assert.equal(found.get(`${who}-${one.conversion.id}`), winner && `${who}-${winner.touch.id}`);
        }
    }),
    { numRuns: 300 },
  );
});

test('where no kind may earn, nothing is earned', () => {
  const columns = { at: Float64Array.of(1), visitor: Uint32Array.of(0) };
  const nothing = { windows: { click: 0, engagedView: 0, view: 0 }, precedence: TOUCH_KINDS };
  assert.deepEqual([...lastTouches({ ...columns, kind: Uint8Array.of(0) }, columns, Uint32Array.of(0), nothing)], [-1]);
});
