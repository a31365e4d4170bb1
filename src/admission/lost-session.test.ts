import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  consentTold,
  eventTold,
  hookedOrder,
  type Kit,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  START,
  specTold,
} from '../../test/admission-kit.ts';
import { lostSessionSays } from '../event/lost-session.ts';
import type { OrderRow } from '../event/order.ts';
import { MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const CHECKOUT = 'https://shop.example/checkout';

/** The visitor's page before the payment. */
const seen = (): NewRecord =>
  eventTold('browser', { visitor: 'v-1', session: 's-1' }, T(0), { page: { url: CHECKOUT } });

/** The order, told on the checkout page. */
const placed = (): NewRecord => ({
  ...orderTold('server', { session: 's-1' }, T(1)),
  personal: { page: { url: CHECKOUT } },
});

/** Its Purchase, told by the page that the customer came back to. */
const back = (visitor: string, session: string, url: string, at = T(60)): NewRecord => ({
  ...purchaseTold('browser', { visitor, session }, at),
  personal: { page: { url } },
});

/** The page reports that it fired, which only the one with the capability can. */
const fired = (who: object, page?: string): NewRecord =>
  rawRecord(
    'fired',
    { capability: 'c-server', event_id: 'demo-77', ...who },
    { door: 'browser', receivedAt: T(70), personal: page === undefined ? null : { page: { url: page } } },
  );

const THANKS = 'https://shop.example/thanks';
const OTHER = 'https://pay.example/thanks';
const v1 = { visitor: 'v-1', session: 's-1' };

const cases: [name: string, records: NewRecord[], lost: string | undefined][] = [
  ['the return of the same visitor in the same session', [placed(), back('v-1', 's-1', THANKS)], undefined],
  ['the return of the same visitor on another domain', [placed(), back('v-1', 's-1', OTHER)], undefined],
  [
    'the return of another visitor',
    [placed(), back('v-2', 's-2', THANKS)],
    'shop.example and the return to shop.example, which named another visitor',
  ],
  [
    'the return of another visitor on another domain',
    [placed(), back('v-2', 's-2', OTHER)],
    'shop.example and pay.example, which named another visitor',
  ],
  [
    'the return in another session on another host',
    [placed(), back('v-1', 's-2', OTHER)],
    'shop.example and pay.example, which named another session of the same visitor',
  ],
  ['a new session on the same host, which is one that ended', [placed(), back('v-1', 's-2', THANKS)], undefined],
  ['a new session after half an hour', [placed(), back('v-1', 's-2', OTHER, T(1) + 30 * MINUTE)], undefined],
  [
    'a second creation by another visitor, which is a clash',
    [placed(), orderTold('browser', { visitor: 'v-2' }, T(9))],
    undefined,
  ],
  ['the handout fired by the visitor’s own page', [placed(), fired(v1, THANKS)], undefined],
  ['the handout fired by a script of before, which names nobody', [placed(), fired({})], undefined],
  [
    'the handout fired by another visitor’s page',
    [placed(), fired({ visitor: 'v-2', session: 's-2' }, THANKS)],
    'shop.example and the return to shop.example, which named another visitor',
  ],
  ['a webhook that names the visitor', [seen(), hookedOrder(v1, T(9), 'stripe')], undefined],
  [
    'a webhook that names no visitor',
    [seen(), hookedOrder({}, T(9), 'stripe')],
    'shop.example and stripe’s webhook, which named no visitor',
  ],
  [
    'a webhook that names a visitor of whom nobody has heard',
    [seen(), hookedOrder({ visitor: 'v-9' }, T(9), 'stripe')],
    'shop.example and stripe’s webhook, which named a visitor whom no page has told of',
  ],
  [
    'a webhook that names a visitor who said no',
    [consentTold('denied', T(0), 'v-9'), hookedOrder({ visitor: 'v-9' }, T(9))],
    undefined,
  ],
  [
    'a webhook that names another visitor than the one who placed the order',
    [placed(), hookedOrder({ visitor: 'v-2' }, T(9), 'stripe')],
    'shop.example and stripe’s webhook, which named another visitor',
  ],
  ['a webhook of an order that the server told with its visitor', [placed(), hookedOrder({}, T(9))], undefined],
  [
    'an order whose server told no visitor, and the page that names one',
    [nobodys(), back('v-2', 's-2', THANKS)],
    undefined,
  ],
  [
    'a webhook without a visitor, before the server tells the order with its own',
    [seen(), hookedOrder({}, T(9)), placed()],
    undefined,
  ],
];

for (const [name, records, lost] of cases)
  test(`${lost === undefined ? 'nothing is lost by' : 'the session is lost by'} ${name}`, async () => {
    const kit = await openKit();
    for (const record of records) await kit.tell(record);
    const { lostSession } = await order(kit);
    const says = lost === undefined ? undefined : `the session was lost between ${lost}`;
    assert.equal(lostSession && lostSessionSays(lostSession), says);
    if (!lostSession) return;
    const { findings } = await kit.ledger.lineage([], ['77']);
    assert.deepEqual(
      findings.filter(({ check }) => check === 'session_lost').map(({ subject, what }) => [subject, what]),
      [['order 77', says]],
    );
    assert.match(await kit.verdict(lostSession.seq), /\bsession_lost\b/);
  });

test('what was lost first is kept, and told once', async () => {
  const kit = await openKit();
  const seqs = [
    await kit.tell(placed()),
    await kit.tell(back('v-2', 's-2', THANKS)),
    await kit.tell(back('v-3', 's-3', OTHER, T(90))),
  ];
  const { lostSession, visitor } = await order(kit);
  assert.deepEqual([lostSession?.seq, lostSession?.at, visitor], [seqs[1], T(60), 'v-1']);
  const { findings } = await kit.ledger.lineage([], ['77']);
  assert.deepEqual(
    findings.map(({ check, times }) => [check, times]),
    [['session_lost', 1]],
  );
});

test('shops with pages on several hosts are named as such', async () => {
  const several = specTold((text) =>
    text.replace(/origins: \[.*\]/, 'origins: ["https://shop.example", "https://pay.example"]'),
  );
  const kit = await openKit(several);
  await kit.tell(hookedOrder({}, T(9), 'paypal'), paymentTold('59.90', 'p', T(10)));
  const { lostSession } = await order(kit);
  assert.deepEqual([lostSession?.from, lostSession?.to], ['the shop’s pages', 'paypal’s webhook']);
});

function nobodys(): NewRecord {
  const { visitor: _none, session: _nor, ...body } = placed().body;
  return { ...placed(), body };
}

async function order(kit: Kit): Promise<OrderRow> {
  const { orders } = await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] });
  return orders[0] ?? assert.fail();
}
