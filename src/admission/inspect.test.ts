import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, openKit, orderTold, START, specTold } from '../../test/admission-kit.ts';
import type { JsonObject } from '../event/event.ts';

const two = (price: number | undefined, quantity?: number): JsonObject[] => [
  { content_id: 'a', ...(price === undefined ? {} : { price }), ...(quantity === undefined ? {} : { quantity }) },
];

test('a value that its contents do not explain is noted and found, never refused', async () => {
  for (const [value, contents, tolerance, odd] of [
    ['59.90', two(29.95, 2), '1%', false],
    ['60.40', two(29.95, 2), '1%', false],
    ['60.60', two(29.95, 2), '1%', true],
    ['64.80', two(29.95, 2), '10%', false],
    ['59.91', two(29.95, 2), '0%', true],
    ['29.95', two(29.95), '0%', false],
    ['100', two(undefined, 2), '0%', false],
    ['0.30', [...two(0.1, 1), ...two(0.2, 1)], '0%', false],
    ['0', two(0, 5), '1%', false],
    ['10', two(0, 5), '1%', true],
    ['59.90', two(2e15, 2e15), '1%', false],
  ] as const) {
    const kit = await openKit(
      specTold((text) => text.replace('contentsTolerance: 1%', `contentsTolerance: ${tolerance}`)),
    );
    const seq = await kit.tell(
      eventTold('server', { properties: { value, currency: 'EUR', contents: [...contents] } }),
    );
    assert.equal(await kit.verdict(seq), `admitted first_observation${odd ? ',contents_value' : ''}`, value);
    const found = await kit.ledger.findings(10);
    assert.deepEqual(
      found.map(({ check, subject }) => [check, subject]),
      odd ? [['contents_value', 'Contact']] : [],
    );
  }
});

test('the finding of an order names it, and says both sums', async () => {
  const kit = await openKit();
  const properties = { order_id: '77', value: '65', currency: 'EUR', contents: two(29.95, 2) };
  const seq = await kit.tell(orderTold('server', { properties }));
  const [finding] = await kit.ledger.findings(10);
  assert.deepEqual([finding?.subject, finding?.what], ['order 77', 'come to 59.9 EUR, the value says 65.00 EUR']);
  const [verdict] = await kit.ledger.verdicts(seq, seq);
  assert.deepEqual(
    verdict?.problems?.map(({ code, where }) => [code, where]),
    [['contents_value', 'properties.contents']],
  );
});

test('a draft is found nowhere', async () => {
  const kit = await openKit();
  const properties = { value: '65', currency: 'EUR', contents: two(1, 2) };
  const seq = await kit.tell(eventTold('server', { properties, draft: true }));
  assert.equal(await kit.verdict(seq), 'admitted first_observation,contents_value');
  assert.deepEqual(await kit.ledger.findings(10), []);
});

test('a number of items that the quantities do not make is noted', async () => {
  for (const [num_items, quantity, odd] of [
    [2, 2, false],
    [1, undefined, false],
    [3, 2, true],
  ] as const) {
    const kit = await openKit();
    const seq = await kit.tell(eventTold('server', { properties: { num_items, contents: two(undefined, quantity) } }));
    assert.equal(await kit.verdict(seq), `admitted first_observation${odd ? ',num_items_differ' : ''}`);
  }
});

test('a word outside the spec’s taxonomy is noted, with the nearest', async () => {
  const kit = await openKit(
    specTold((text) => text.replace('taxonomy: {}', 'taxonomy: { page_category: [home, checkout], step: [] }')),
  );
  const notes: unknown[] = [];
  for (const [index, page_category] of ['home', 'chekout', 'Größentabelle'].entries()) {
    const seq = await kit.tell(
      eventTold('server', { event_id: `e-${index}`, properties: { page_category, step: 'any' } }, START),
    );
    const [row] = await kit.ledger.verdicts(seq, seq);
    notes.push([row?.verdict, row?.reasons[1], row?.problems?.[0]?.fix]);
  }
  assert.deepEqual(notes, [
    ['admitted', undefined, undefined],
    ['admitted', 'outside_taxonomy', 'send checkout'],
    ['admitted', 'outside_taxonomy', 'send one of: home, checkout'],
  ]);
});
