import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrdersAnswer } from '../../api/books.ts';
import { byCurrency, counted } from './totals.ts';

const eur = (amount: string) => ({ amount, currency: 'EUR' });
const jpy = (amount: string) => ({ amount, currency: 'JPY' });

const totals: OrdersAnswer['totals'] = [
  { status: 'refunded', count: 2, total: eur('100.00'), net: eur('-1.40') },
  { status: 'paid', count: 7, total: eur('700.10'), net: eur('690.05') },
  { status: 'paid', count: 8, total: jpy('80000'), net: jpy('80000') },
  { status: 'created', count: 1, total: eur('10.00'), net: null },
  { status: 'orphan', count: 3, total: null, net: null },
];

test('counts of all currencies add up to the orders, in the order of their life', () => {
  assert.deepEqual(counted(totals), {
    orders: 21,
    terms: [
      { status: 'orphan', count: 3 },
      { status: 'created', count: 1 },
      { status: 'paid', count: 15 },
      { status: 'refunded', count: 2 },
    ],
  });
  assert.deepEqual(counted([]), { orders: 0, terms: [] });
});

test('currencies stand apart, and their nets are exact', () => {
  assert.deepEqual(
    byCurrency(totals).map(({ currency, orders, net, byStatus }) => [
      currency,
      orders,
      net?.amount,
      byStatus.map(({ status }) => status).join(' '),
    ]),
    [
      ['EUR', 10, '688.65', 'created paid refunded'],
      ['JPY', 8, '80000', 'paid'],
      ['', 3, undefined, 'orphan'],
    ],
  );
});
