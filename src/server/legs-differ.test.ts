import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRow, Observation } from '../event/event.ts';
import type { DifferenceRow } from '../event/finding.ts';
import { dispatchRow, eventRow } from '../store/sample-rows.ts';
import { legsDiffer } from './legs-differ.ts';

const seen = (seq: number, door: Observation['door']): Observation => ({
  ...{ seq, door, occurredAt: 1, receivedAt: seq, verdict: 'paired' },
});
const observations = [seen(5, 'server'), seen(6, 'browser'), seen(7, 'browser')];
const fired = [dispatchRow(5, { leg: 'pixel', state: 'unknown', copyAt: [1, 2] })];
const told = (more: Partial<DifferenceRow>): DifferenceRow => ({
  ...{ event: 5, field: 'value', seq: 6, kept: '2.00 EUR', told: '1.00 EUR', decidedBy: 'server' },
  ...more,
});
const differ = (event: Partial<EventRow>, difference: Partial<DifferenceRow>): string[] =>
  legsDiffer(eventRow(5, { observations, ...event }), fired, [told(difference)], false);

test('an api leg that left before the page fired carries its own value', () => {
  assert.deepEqual(differ({ value: '2.00 EUR' }, {}), [
    'The pixel carried value 1.00 EUR, the api leg carries 2.00 EUR.',
  ]);
});

test('an api leg that repeats what the pixel was told does not differ, whatever the books keep', () => {
  assert.deepEqual(differ({ value: '2.00 EUR', sendValue: '1.00 EUR' }, {}), []);
});

test('books that believe the page do not make the api leg say the same', () => {
  const event = { value: '1.00 EUR', sendValue: '2.00 EUR' } as const;
  const difference = { seq: 5, kept: '1.00 EUR', told: '2.00 EUR', decidedBy: 'browser' };
  assert.deepEqual(differ(event, difference), ['The pixel carried value 1.00 EUR, the api leg carries 2.00 EUR.']);
});

test('a converted value, and what a page says after it fired, is no difference of the legs', () => {
  const converted = { value: '2.00 EUR', sendValue: '2.20 USD', rate: { rate: '1.1', date: '2026-01-01' } } as const;
  assert.deepEqual(differ(converted, {}), []);
  assert.deepEqual(differ({ value: '2.00 EUR' }, { seq: 7 }), []);
});

test('contents and other properties are compared too', () => {
  assert.deepEqual(differ({ properties: { num_items: 3 } }, { field: 'num_items', kept: '3', told: '2' }), [
    'The pixel carried num_items 2, the api leg carries 3.',
  ]);
  const lists = { field: 'contents', kept: '1 × shoe', told: '2 × shoe' };
  assert.deepEqual(differ({}, lists), ['The pixel carried contents 2 × shoe, the api leg carries 1 × shoe.']);
});

test('without a fired pixel, and for guarded events, there is nothing to compare', () => {
  const event = eventRow(5, { observations, value: '2.00 EUR' });
  assert.deepEqual(legsDiffer(event, [dispatchRow(5, { leg: 'pixel' })], [told({})], false), []);
  assert.deepEqual(legsDiffer(event, fired, [told({})], true), []);
});
