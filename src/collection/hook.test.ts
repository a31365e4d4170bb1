import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultSpec } from '../spec/default.ts';
import { hookRecords } from './hook.ts';
import { sitesOf } from './tell.ts';
import type { Told } from './webhooks/provider.ts';

const AT = Date.UTC(2026, 7, 1, 12);
const sites = sitesOf(defaultSpec());

const ORDER = {
  order_id: ' 10045 ',
  value: '59.90',
  currency: 'EUR',
  visitor: 'v-1',
  session: 's-1',
  time: 1_785_585_000,
};
const PAID = { provider: 'shop', order_id: '10045', reference: 'p-1', amount: '59.90', currency: 'EUR' };
const FEE = {
  provider: 'shop',
  order_id: '10045',
  reference: 'fee-1',
  fact: 'fee',
  amount: '1.20',
  currency: 'EUR',
} as const;
const GONE = { provider: 'shop', order_id: '10045', reference: 'c-1', fact: 'cancellation' } as const;
const STEP = {
  lead_id: '77',
  status: 'won',
  provider: 'crm',
  property: 'stage',
  source: 'crm',
  time: 1_785_585_100,
} as const;

const read = (more: Partial<Told>): ReturnType<typeof hookRecords> =>
  hookRecords({ kind: 'told', topic: 'x', facts: [], ...more }, 'webhook:shop', AT, sites);

test('order, facts and steps of one webhook become records in that order, by its door', () => {
  const told = read({
    order: { ...ORDER, contents: [{ content_id: 'SKU-1', price: '59.90' }] },
    facts: [PAID, FEE, GONE],
    steps: [STEP],
  });
  assert.ok(told.ok);
  assert.deepEqual(
    told.value.map(({ kind, door, keyId, receivedAt, personal }) => [kind, door, keyId, receivedAt, personal]),
    ['order', 'payment', 'payment', 'payment', 'lead'].map((kind) => [kind, 'webhook:shop', 'webhook:shop', AT, null]),
  );
  const [order, ...facts] = told.value.map(({ body }) => body);
  assert.deepEqual(order, {
    ...{ event: 'Purchase', source: 'web', consent: 'unknown', visitor: 'v-1', session: 's-1', time: 1_785_585_000 },
    properties: {
      order_id: '10045',
      value: '59.90',
      currency: 'EUR',
      contents: [{ content_id: 'SKU-1', price: '59.90' }],
    },
  });
  const step = facts.pop();
  assert.deepEqual(facts, [PAID, FEE, GONE]);
  assert.deepEqual(step, {
    ...{ lead_id: '77', status: 'won', provider: 'crm', property: 'stage', source: 'crm', time: 1_785_585_100 },
    consent: 'unknown',
  });
});

test('all that a test mode tells is a draft', () => {
  const told = read({ order: ORDER, facts: [PAID], steps: [STEP], draft: true });
  assert.ok(told.ok);
  assert.deepEqual(
    told.value.map(({ kind, body }) => [kind, body['draft']]),
    [
      ...[
        ['order', true],
        ['payment', true],
        ['lead', true],
      ],
    ],
  );
});

test('a webhook with one part that can’t be is written down not at all', () => {
  const contact = 'jane@mail.example';
  for (const more of [
    { order: { ...ORDER, order_id: contact }, facts: [PAID] },
    { order: ORDER, facts: [{ ...PAID, order_id: contact }] },
    { order: ORDER, facts: [{ ...PAID, reference: contact }] },
    { order: ORDER, facts: [PAID, { ...FEE, amount: '-1.20' }] },
    { order: ORDER, facts: [{ ...PAID, currency: 'ABC' }] },
    { order: ORDER, facts: [{ ...GONE, amount: '1' }] },
    { order: ORDER, facts: [{ ...PAID, time: contact }] },
    { facts: [PAID], steps: [{ ...STEP, lead_id: contact }] },
    { facts: Array.from({ length: 501 }, () => PAID) },
  ])
    assert.equal(read(more).ok, false, JSON.stringify(more).slice(0, 200));
  const { order } = { order: ORDER };
  assert.ok(read({ order, facts: [PAID], steps: [STEP] }).ok);
});

test('a property’s name that is a contact is no name', () => {
  const told = read({ steps: [{ ...STEP, property: 'jane@mail.example' }] });
  assert.ok(told.ok);
  assert.doesNotMatch(JSON.stringify(told.value), /jane/);
});
