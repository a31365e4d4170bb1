import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventRows } from '../../test/event-rows.ts';
import type { EventRow, MatchKeys } from '../event/event.ts';
import { outgoing } from '../event/outgoing.ts';
import { eventRow } from '../store/sample-rows.ts';
import { trackItem } from './body.ts';
import { itemText } from './item-text.ts';

function assertSame(event: EventRow, generation: 'current' | 'legacy' = 'current', freeKeys = true): void {
  const item = JSON.stringify(trackItem(event, generation, freeKeys));
  assert.equal(itemText(outgoing(event), generation, freeKeys), item);
}

test('the text that is put together is the item’s own JSON, whatever is in the event', () => {
  fc.assert(
    fc.property(eventRows, fc.constantFrom('current', 'legacy'), fc.boolean(), (event, generation, freeKeys) =>
      assertSame(event, generation, freeKeys),
    ),
    { numRuns: 2000 },
  );
});

test('a single identifier goes as a string, several as a list, and none is left out', () => {
  const [a, b] = ['a'.repeat(64), 'b'.repeat(64)] as const;
  const users: MatchKeys[] = [
    {},
    { email: [a] },
    { email: [a], phone: [b], external_id: [a] },
    { email: [a, b], phone: [b] },
    { email: [], phone: [b] },
    { email: [] },
    { user_agent: 'x:[', external_id: [a] },
    { user_agent: ':[]', external_id: [a, b], ip: ']' },
    { user_agent: 'a "quoted" agent \\', email: [a] },
  ];
  for (const user of users) assertSame(eventRow(1, { personal: { user, page: { url: 'https://shop.example/' } } }));
});

test('a page without a URL is none, and an empty referrer is left out', () => {
  for (const page of [
    {},
    { url: '' },
    { referrer: 'https://other.example/' },
    { url: '', referrer: 'https://other.example/' },
    { url: 'https://shop.example/', referrer: '' },
    { referrer: 'https://other.example/', url: 'https://shop.example/' },
    { url: 'https://shop.example/?q="', referrer: '\\' },
  ])
    for (const source of ['web', 'app'] as const) assertSame(eventRow(1, { source, personal: { page } }));
});

test('properties that have a name of ours, or one that moves, stand where they always did', () => {
  for (const json of [
    '{}',
    '{"value":1}',
    '{"a":1,"currency":"XXX","7":2}',
    '{"source":"x","b":{"origin":1}}',
    '{"__proto__":{"a":1}}',
    '{"__proto__":1}',
    '{"contents":[{"value":1}]}',
  ])
    for (const freeKeys of [true, false]) {
      const event = eventRow(1, { properties: JSON.parse(json) });
      const { value: _, ...without } = event;
      for (const one of [event, without]) assertSame(one, 'current', freeKeys);
    }
});
