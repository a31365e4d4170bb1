import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderAnswer } from '../../api/books.ts';
import type { FactKind } from '../../event/order.ts';
import { mismatches, movements } from './movements.ts';

const table = `
  # facts, in any order                                          moved                  net
  payment@1=59.90EUR                                             59.90                  59.90
  refund@2=9.90EUR payment@1=59.90EUR                            59.90 -9.90            59.90 50.00
  payment@1=59.90EUR fee@1=1.20EUR                               59.90 -1.20            59.90 58.70
  payment@1=5990JPY chargeback@2=5990JPY chargebackReversed@3=5990JPY  5990 -5990 5990  5990 0 5990
  payment@1=50.00EUR payment@2=10.00USD refund@3=5.00EUR         50.00 10.00 -5.00      50.00 10.00 45.00
  pending@1 payment@2=1.250KWD disputeWon@3                      - 1.250 -              - 1.250 -
  refund@1=5.00EUR refundReversed@2=5.00EUR fee@3=1.20EUR feeReturned@4=0.20EUR  -5.00 5.00 -1.20 0.20  -5.00 0.00 -1.20 -1.00
  payment@1=xEUR                                                 x                      -
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [facts = '', moved = '', net = ''] = line.trim().split(/\s{2,}/);
  test(`${facts} moves ${moved} and leaves ${net}`, () => {
    const shown = movements(entries(facts));
    assert.equal(shown.map((each) => each.moved?.amount ?? '-').join(' '), moved);
    assert.equal(shown.map((each) => each.net?.amount ?? '-').join(' '), net);
  });
}

test('a net that the entries do not add up to is found, and one that they do is not', () => {
  const own = entries('payment@1=59.90EUR payment@2=10.00USD');
  const usd = { amount: '10.00', currency: 'USD' };
  assert.deepEqual(mismatches(order(own, '59.9', [usd])), []);
  assert.deepEqual(mismatches(order(own, '58.00', [usd])), [
    { told: { amount: '58.00', currency: 'EUR' }, sum: '59.90' },
  ]);
  assert.deepEqual(mismatches(order([], '0.00', [])), []);
});

function entries(facts: string): OrderAnswer['entries'] {
  return facts.split(' ').map((text, index) => {
    const [, fact = '', at, amount, currency = ''] = /^(\w+)@(\d+)(?:=(.+)([A-Z]{3}))?$/.exec(text) ?? [];
    return {
      reference: `r${index}`,
      fact: fact as FactKind,
      amount: amount === undefined ? null : { amount, currency },
      provider: 'standard',
      occurredAt: Number(at),
      seq: index,
    };
  });
}

function order(own: OrderAnswer['entries'], net: string, otherNets: OrderAnswer['otherNets']): OrderAnswer {
  return {
    order_id: '1',
    shop: 'demo',
    status: 'paid',
    createdAt: 0,
    createdBy: 'server',
    confirmedAt: null,
    origin: 'visitor',
    total: null,
    net: { amount: net, currency: 'EUR' },
    otherNets,
    visitor: null,
    lostSession: null,
    legs: [],
    entries: own,
  };
}
