import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { add, moneyText, storedMoney } from '../event/money.ts';
import type { OrderStatus } from '../event/order.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import { effectsOf, leadRow, orderRow, unpriced } from './sample-rows.ts';

/** Running totals of orders and leads. */
export function totalConformance(open: OpenLedger): void {
  test('a change of an order or a lead moves it from one total to another', async (t) => {
    const ledger = await open(t);
    const paid = orderRow('A', { status: 'paid', net: '59.90 EUR' });
    await ledger.commit(
      effectsOf({
        orders: [orderRow('A'), orderRow('B', { total: '10.00 EUR' }), orderRow('C', { total: '500 JPY' })],
        leads: [leadRow('L1'), leadRow('L2')],
      }),
      1,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'created', currency: 'EUR', count: 2, total: '69.90 EUR', net: '0.00 EUR' },
      { status: 'created', currency: 'JPY', count: 1, total: '500 JPY', net: '0 JPY' },
    ]);
    assert.deepEqual(await ledger.leadTotals(), [{ status: 'new', currency: '', count: 2 }]);
    await ledger.commit(
      effectsOf({
        orders: [paid, { ...paid, net: '50.00 EUR' }],
        leads: [leadRow('L1', { status: 'qualified', value: '1.250 KWD' })],
      }),
      2,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'created', currency: 'EUR', count: 1, total: '10.00 EUR', net: '0.00 EUR' },
      { status: 'created', currency: 'JPY', count: 1, total: '500 JPY', net: '0 JPY' },
      { status: 'paid', currency: 'EUR', count: 1, total: '59.90 EUR', net: '50.00 EUR' },
    ]);
    assert.deepEqual(await ledger.leadTotals(), [
      { status: 'new', currency: '', count: 1 },
      { status: 'qualified', currency: 'KWD', count: 1, value: '1.250 KWD' },
    ]);
    await ledger.commit(effectsOf({ orders: [orderRow('C', { total: '10.00 EUR' })] }), 3);
    assert.deepEqual((await ledger.orderTotals())[0], {
      ...{ status: 'created', currency: 'EUR', count: 2, total: '20.00 EUR', net: '0.00 EUR' },
    });
    assert.equal((await ledger.orderTotals()).length, 2);
  });

  test('money in other currencies is in the sums of those, and an orphan’s in those of its net', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        orders: [
          orderRow('A', { status: 'paid', net: '-1.00 EUR', otherNets: ['7.00 USD', '3.000 KWD'] }),
          orderRow('B', { status: 'paid', total: '5.00 USD', net: '5.00 USD' }),
          unpriced('phone', { net: '8.00 EUR' }),
          unpriced('none'),
        ],
      }),
      1,
    );
    assert.deepEqual(await ledger.orderTotals(), [
      { status: 'orphan', currency: '', count: 1 },
      { status: 'orphan', currency: 'EUR', count: 1, total: '0.00 EUR', net: '8.00 EUR' },
      { status: 'paid', currency: 'EUR', count: 1, total: '59.90 EUR', net: '-1.00 EUR' },
      { status: 'paid', currency: 'KWD', count: 0, total: '0.000 KWD', net: '3.000 KWD' },
      { status: 'paid', currency: 'USD', count: 1, total: '5.00 USD', net: '12.00 USD' },
    ]);
  });

  test('sums are exact beyond what a float or 64 bits hold', async (t) => {
    const ledger = await open(t);
    const most = '99999999999999999999.99 EUR';
    const orders = ['A', 'B', 'C'].map((id) => orderRow(id, { total: most, net: most }));
    await ledger.commit(effectsOf({ orders }), 1);
    await ledger.commit(effectsOf({ orders: [orderRow('D', { total: '0.01 EUR', net: '-0.01 EUR' })] }), 2);
    const sums = { total: '299999999999999999999.98 EUR', net: '299999999999999999999.96 EUR' };
    assert.deepEqual(await ledger.orderTotals(), [{ status: 'created', currency: 'EUR', count: 4, ...sums }]);
  });

  test('totals are those of the rows, whatever was written in whatever order', async (t) => {
    const amount = fc.constantFrom('1.00 EUR', '2.50 EUR', '7 JPY', '-3.00 EUR');
    const order = fc.record(
      {
        orderId: fc.constantFrom('a', 'b', 'c', 'd'),
        status: fc.constantFrom<OrderStatus>('created', 'paid', 'refunded'),
        total: amount,
        net: amount,
      },
      { requiredKeys: ['orderId', 'status'] },
    );
    const lead = fc.record(
      { leadId: fc.constantFrom('a', 'b', 'c'), status: fc.constantFrom('new', 'won'), value: amount },
      { requiredKeys: ['leadId', 'status'] },
    );
    const commits = fc.array(fc.record({ orders: fc.array(order), leads: fc.array(lead) }), { maxLength: 6 });
    const check = async (written: typeof commits extends fc.Arbitrary<infer T> ? T : never) => {
      const ledger = await open(t);
      for (const [n, { orders, leads }] of written.entries())
        await ledger.commit(
          effectsOf({
            orders: orders.map(({ orderId, ...more }) => unpriced(orderId, more)),
            leads: leads.map(({ leadId, ...more }) => leadRow(leadId, more)),
          }),
          n + 1,
        );
      const orders = (await ledger.orders({}, 100)).map(({ order: row }) => row);
      const orderTotals = await ledger.orderTotals();
      assert.equal(sum(orderTotals), orders.length);
      for (const status of ['created', 'paid', 'refunded'] as const) {
        const some = orders.filter((row) => row.status === status);
        assert.equal(sum(orderTotals.filter((row) => row.status === status)), some.length);
        for (const currency of ['EUR', 'JPY']) {
          const total = orderTotals.find((row) => row.status === status && row.currency === currency);
          const zero = moneyText({ minor: 0n, currency });
          assert.equal(
            total?.total ?? zero,
            moneySum(
              some.map((row) => row.total),
              currency,
            ),
          );
          assert.equal(
            total?.net ?? zero,
            moneySum(
              some.map((row) => row.net),
              currency,
            ),
          );
        }
      }
      const leads = await ledger.leads({}, 100);
      const leadTotals = await ledger.leadTotals();
      assert.equal(sum(leadTotals), leads.length);
      for (const { status, currency, count, value } of leadTotals) {
        const some = leads.filter((row) => row.status === status);
        const alike = some.filter((row) => (row.value?.slice(-3) ?? '') === currency);
        assert.equal(count, alike.length);
        if (currency !== '')
          assert.equal(
            value,
            moneySum(
              alike.map((row) => row.value),
              currency,
            ),
          );
      }
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(commits, check), { numRuns: 25 });
  });

  test('a commit that fails leaves the totals as they were', async (t) => {
    const ledger = await open(t);
    await ledger.commit(effectsOf({ orders: [orderRow('A')], leads: [leadRow('L1')] }), 5);
    const before = [await ledger.orderTotals(), await ledger.leadTotals()];
    await assert.rejects(ledger.commit(effectsOf({ orders: [orderRow('B')], leads: [leadRow('L2')] }), 4));
    assert.deepEqual([await ledger.orderTotals(), await ledger.leadTotals()], before);
  });
}

function sum(totals: readonly { count: number }[]): number {
  return totals.reduce((all, { count }) => all + count, 0);
}

function moneySum(texts: readonly (string | undefined)[], currency: string): string {
  const amounts = texts.filter((text) => text !== undefined).map(storedMoney);
  return moneyText(amounts.filter((one) => one.currency === currency).reduce(add, { minor: 0n, currency }));
}
