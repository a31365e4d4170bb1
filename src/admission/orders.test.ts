import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  eventTold,
  factTold,
  type Kit,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import type { JsonObject } from '../event/event.ts';
import type { OrderRow } from '../event/order.ts';
import { DAY, MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import { trackItem } from '../tiktok/body.ts';

const T = (seconds: number): number => START + seconds * SECOND;
const EVENT = 2;

/** What may be told of order 77, in the words of the table. Record 1 is the spec, so the first one told is record 2. */
const WORDS: Readonly<Record<string, (at: number) => NewRecord>> = {
  created: (at) => orderTold('server', {}, at),
  'created by page': (at) => orderTold('browser', {}, at),
  thanks: (at) => purchaseTold('browser', {}, at),
  'server event': (at) => purchaseTold('server', {}, at),
  paid: (at) => paymentTold('59.90', 'pay-1', at),
  half: (at) => paymentTold('30.00', 'pay-1', at),
  'other half': (at) => paymentTold('29.90', 'pay-2', at),
  dollars: (at) => paymentTold('59.90', 'pay-3', at, { currency: 'USD' }),
  'system payment': (at) => factTold('payment', 'pay-1', '59.90 EUR', at, { origin: 'system' }),
  pending: (at) => factTold('pending', 'wait-1', '', at),
  cancelled: (at) => factTold('cancellation', 'void-1', '', at),
  refunded: (at) => factTold('refund', 'back-1', '59.90 EUR', at),
  'half refunded': (at) => factTold('refund', 'back-2', '30.00 EUR', at),
  disputed: (at) => factTold('dispute', 'case-1', '', at),
  'charged back': (at) => factTold('chargeback', 'case-2', '59.90 EUR', at),
  sent: (at) => sentTold(EVENT, at),
  accepted: (at) => answerTold(EVENT, 'accept', at),
  buried: (at) => answerTold(EVENT, 'bury', at, { copy: false }),
  parked: (at) => answerTold(EVENT, 'park', at),
  retried: (at) => answerTold(EVENT, 'retry', at, { dueAt: at + 1 }),
  'not reached': (at) => answerTold(EVENT, 'retry', at, { dueAt: at + 1, copy: false }),
  'hold ended': (at) => expired('api', 'withhold', 'confirmation_expired', at),
  'handed out': (at) => sentTold(EVENT, at, 'pixel'),
  'page fired': (at) => firedTold('c-server', at),
  'handout ended': (at) => expired('pixel', 'withhold', 'handout_expired', at),
};

test('an order goes from created to paid to held to released, and its page waits for the api leg', async () => {
  const rows = `
    created                                   | created    | held awaiting_confirmation       | held awaiting_api
    created, half                             | partlyPaid | held awaiting_confirmation       | held awaiting_api
    created, half, other half                 | paid       | held delay                       | held awaiting_api
    created, half, half                       | partlyPaid | held awaiting_confirmation       | held awaiting_api
    created, paid                             | paid       | held delay                       | held awaiting_api
    created, dollars                          | created    | held awaiting_confirmation       | held awaiting_api
    created, pending                          | pending    | held awaiting_confirmation       | held awaiting_api
    created, pending, paid                    | paid       | held delay                       | held awaiting_api
    created, cancelled                        | cancelled  | withheld order_cancelled         | withheld order_cancelled
    created, cancelled, paid                  | cancelled  | withheld order_cancelled         | withheld order_cancelled
    created, paid, cancelled                  | cancelled  | withheld order_cancelled         | withheld order_cancelled
    created, paid, refunded                   | refunded   | withheld order_cancelled         | withheld order_cancelled
    created, half, half refunded              | refunded   | held awaiting_confirmation       | held awaiting_api
    created, half, half refunded, other half  | partlyRefunded | held delay                   | held awaiting_api
    created, half, half refunded, hold ended  | refunded   | withheld confirmation_expired    | withheld api_not_delivered
    created, half, half refunded, cancelled   | cancelled  | withheld order_cancelled         | withheld order_cancelled
    created, refunded, paid                   | refunded   | withheld order_cancelled         | withheld order_cancelled
    created, paid, half refunded              | partlyRefunded | held delay                   | held awaiting_api
    created, paid, disputed                   | disputed   | held delay                       | held awaiting_api
    created, paid, charged back               | lost       | held delay                       | held awaiting_api
    created, paid, sent, cancelled            | cancelled  | inFlight sending                 | held awaiting_api
    created, paid, sent, cancelled, accepted  | cancelled  | delivered told                   | queued handout_open
    created, paid, sent, accepted, cancelled  | cancelled  | delivered told                   | queued handout_open
    created, paid, sent, accepted, refunded   | refunded   | delivered told                   | queued handout_open
    created, paid, sent, retried, cancelled   | cancelled  | queued told                      | held awaiting_api
    created, paid, sent, not reached, cancelled | cancelled | withheld order_cancelled        | withheld order_cancelled
    created, paid, sent, cancelled, not reached | cancelled | withheld order_cancelled        | withheld order_cancelled
    created, paid, sent, cancelled, retried   | cancelled  | queued told                      | held awaiting_api
    created, paid, cancelled, sent, accepted  | cancelled  | delivered told                   | withheld order_cancelled
    created, system payment                   | paid       | held delay                       | held awaiting_api
    created, thanks                           | created    | held awaiting_confirmation       | held awaiting_api
    created, server event                     | created    | held awaiting_confirmation       | held awaiting_api
    created, paid, sent                       | paid       | inFlight sending                 | held awaiting_api
    created, paid, sent, accepted             | paid       | delivered told                   | queued handout_open
    created, paid, sent, buried               | paid       | dead told                        | withheld api_not_delivered
    created, paid, sent, parked               | paid       | unknown told                     | withheld api_not_delivered
    created, paid, sent, retried              | paid       | queued told                      | held awaiting_api
    created, hold ended                       | created    | withheld confirmation_expired    | withheld api_not_delivered
    created, hold ended, paid                 | paid       | withheld confirmation_expired    | withheld api_not_delivered
    created, paid, hold ended                 | paid       | held delay                       | held awaiting_api
    created, paid, sent, accepted, handed out | paid       | delivered told                   | inFlight handed_out
    created, paid, sent, accepted, handed out, page fired | paid | delivered told             | unknown fired_by_page
    created, paid, sent, accepted, handout ended | paid    | delivered told                   | withheld handout_expired
    thanks                                    | created    | held awaiting_confirmation       | held awaiting_api
    thanks, paid                              | paid       | held delay                       | held awaiting_api
    created by page, created, paid            | paid       | held delay                       | held awaiting_api`;
  for (const [steps = '', status, api, pixel] of table(rows)) {
    const kit = await told(steps);
    assert.deepEqual(
      [(await order(kit)).status, await kit.leg(EVENT, 'api'), await kit.leg(EVENT, 'pixel')],
      [status, api, pixel],
      steps,
    );
  }
});

test('a payment before its order waits for it, and counts when the order is told', async () => {
  const kit = await openKit();
  const paid = await kit.tell(paymentTold());
  assert.equal(await kit.verdict(paid), 'admitted orphan_payment');
  assert.equal((await order(kit)).status, 'orphan');
  const created = await kit.tell(orderTold('server', {}, T(60)));
  assert.deepEqual([(await order(kit)).status, await kit.leg(created, 'api')], ['paid', 'held delay']);
  const { dispatches } = await kit.ledger.load({ events: [created], orders: [] });
  assert.equal(dispatches.find((leg) => leg.leg === 'api')?.dueAt, T(65), 'the delay runs from the creation');
});

test('a spec that wants orphans sent is told of each one that can only be booked', async () => {
  for (const [orphans, findings] of [
    ['book', []],
    ['send', ['orphan_not_sent']],
  ] as const) {
    const kit = await openKit();
    await kit.tell(specTold((text) => text.replace('orphans: book', `orphans: ${orphans}`)));
    await kit.tell(paymentTold());
    const found = await kit.ledger.findings(10);
    assert.deepEqual(
      found.map((finding) => finding.check),
      findings,
    );
  }
});

test('the same webhook again changes nothing, and another payment of the same amount counts', async () => {
  const kit = await told('created, half');
  assert.equal(await kit.verdict(3), 'paired order_paid');
  const before = await everything(kit);
  const again = await kit.tell(paymentTold('30.00', 'pay-1', T(90)));
  assert.equal(await kit.verdict(again), 'duplicate resent');
  assert.deepEqual(await everything(kit), before);
  await kit.tell(paymentTold('30.00', 'pay-9', T(91)));
  assert.equal((await order(kit)).status, 'paid');
});

test('a server’s creation beats a browser’s, and the difference is written down', async () => {
  const kit = await openKit();
  const cheap = { order_id: '77', value: '1.00', currency: 'EUR', contents: [{ content_id: 'x' }] };
  const event = await kit.tell(orderTold('browser', { properties: cheap }));
  const server = await kit.tell(orderTold('server', {}, T(1)));
  assert.equal(await kit.verdict(server), 'paired other_door');
  const { total, createdBy, capabilities } = await order(kit);
  assert.deepEqual([total, createdBy, capabilities], ['59.90 EUR', 'server', ['c-browser', 'c-server']]);
  const { events, differences, findings } = await kit.ledger.lineage([event], []);
  assert.equal(events[0]?.value, '59.90 EUR');
  assert.deepEqual(events[0]?.properties['contents'], [{ content_id: 'a', quantity: 1 }]);
  assert.deepEqual(differences, [
    { event, field: 'contents', seq: event, kept: '1 × a', told: 'x', decidedBy: 'server' },
    { event, field: 'value', seq: event, kept: '59.90 EUR', told: '1.00 EUR', decidedBy: 'server' },
  ]);
  assert.deepEqual(findings, []);
});

test('a browser’s creation after the server’s changes no amount', async () => {
  const kit = await openKit();
  const event = await kit.tell(orderTold('server'));
  const cheap = { order_id: '77', value: '1.00', currency: 'EUR', contents: [{ content_id: 'x' }] };
  await kit.tell(orderTold('browser', { properties: cheap }, T(1)));
  assert.equal((await order(kit)).total, '59.90 EUR');
  const { differences } = await kit.ledger.lineage([event], []);
  assert.deepEqual(
    differences.map(({ kept, told, decidedBy }) => [kept, told, decidedBy]),
    [
      ['1 × a', 'x', 'server'],
      ['59.90 EUR', '1.00 EUR', 'server'],
    ],
  );
});

test('books and TikTok get the value of the door that the spec believes, until a leg has left', async () => {
  const rows = `
    # precedence                 steps                                    books     TikTok    who decided
    webhook, server, browser   | page 50, server 60                     | 60.00   | 60      | server
    webhook, server, browser   | server 60, page 50                     | 60.00   | 60      | server
    browser, server, webhook   | server 60, page 50                     | 50.00   | 50      | browser
    browser                    | server 60, page 50                     | 50.00   | 50      | browser
    webhook, server, browser   | page 50, page 40                       | 50.00   | 50      | browser
    webhook, server, browser   | server 60, hook 61                     | 61.00   | 61      | webhook:standard
    webhook, server, browser   | server 60, hook 30, hook 31            | 61.00   | 61      | webhook:standard
    webhook, server, browser   | hook 61, server 60                     | 61.00   | 61      | webhook:standard
    webhook, server, browser   | server 60, hook 61, server 70          | 61.00   | 61      | webhook:standard
    webhook, server, browser   | server 60, hook 60, hook 60            | 60.00   | 60      | -
    server, webhook, browser   | server 60, hook 61                     | 60.00   | 60      | server
    webhook, server, browser   | page 50, hook 50, leaves, server 60    | 60.00   | 50      | server
    server, webhook, browser   | page 50, hook 50, leaves, server 60    | 60.00   | 50      | server
    server, webhook, browser   | page 50, hook 50, leaves, dollars 60   | 60.00   | 50      | server
  `;
  for (const [precedence, steps = '', books, sent, decidedBy] of table(rows).filter(
    ([first]) => !first?.startsWith('#'),
  )) {
    const kit = await openKit(
      specTold((text) => text.replace('precedence: [webhook, server, browser]', `precedence: [${precedence}]`)),
    );
    let event = 0;
    for (const [index, step] of steps.split(', ').entries()) {
      const [who, amount = ''] = step.split(' ');
      const properties = {
        order_id: '77',
        value: amount,
        currency: who === 'dollars' ? 'USD' : 'EUR',
        contents: [{ content_id: 'a' }],
      };
      const record =
        who === 'page'
          ? purchaseTold('browser', { properties }, T(index))
          : who === 'hook'
            ? paymentTold(amount, `pay-${index}`, T(index))
            : who === 'leaves'
              ? sentTold(event, T(index))
              : purchaseTold('server', { properties }, T(index));
      const seq = await kit.tell(record);
      if (who !== 'hook') event ||= seq;
    }
    const { events, differences } = await kit.ledger.lineage([event], []);
    const row = events[0] ?? assert.fail();
    const label = `${precedence}: ${steps}`;
    assert.equal(row.value?.split(' ')[0], books, label);
    assert.equal((await order(kit)).total, row.value, label);
    assert.equal(trackItem(row, 'current', false).properties?.['value'], Number(sent), label);
    assert.equal(differences.findLast(({ field }) => field === 'value')?.decidedBy ?? '-', decidedBy, label);
    if (steps.includes('dollars'))
      assert.deepEqual(
        differences.flatMap(({ field, kept, told }) => (field === 'currency' ? [kept, told] : [])),
        ['USD', 'EUR'],
      );
  }
});

test('a payment in a currency that TikTok does not take changes both values', async () => {
  const rates = (text: string): string => text.replace('rates: {}', 'rates: { UYU: "0.02 2026-08-01" }');
  const kit = await openKit(specTold(rates));
  const properties = { order_id: '77', value: '1000', currency: 'UYU', contents: [{ content_id: 'a' }] };
  const event = await kit.tell(orderTold('server', { properties }));
  await kit.tell(paymentTold('1100', 'p', T(1), { currency: 'UYU' }));
  const { events } = await kit.ledger.load({ events: [event], orders: [] });
  assert.deepEqual(
    [events[0]?.value, events[0]?.sendValue, events[0]?.rate?.rate],
    ['1100.00 UYU', '22.00 EUR', '0.02'],
  );
});

test('an order number of a payment is read as the order’s is', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), paymentTold('59.90', 'p', T(1), { order_id: ' 77\u200b ' }));
  assert.equal((await order(kit)).status, 'paid');
});

test('a purchase that a machine made is booked and not sent, unless the spec sends renewals', async () => {
  for (const [renewals, origin, api, pixel] of [
    ['book', 'system', 'withheld origin_system', 'withheld origin_system'],
    ['send', 'system', 'held delay', 'held awaiting_api'],
    ['book', 'visitor', 'held delay', 'held awaiting_api'],
  ] as const) {
    const kit = await openKit(specTold((text) => text.replace('renewals: book', `renewals: ${renewals}`)));
    const event = await kit.tell(orderTold('server', { origin }));
    await kit.tell(paymentTold('59.90', 'p', T(1)));
    assert.deepEqual([await kit.leg(event, 'api'), await kit.leg(event, 'pixel')], [api, pixel]);
    assert.equal((await order(kit)).status, 'paid');
    const { events } = await kit.ledger.load({ events: [event], orders: [] });
    assert.equal(trackItem(events[0] ?? assert.fail(), 'current', true).properties?.['origin'], origin);
  }
});

test('an order from an import of last year is in the books whole and never sent', async () => {
  const kit = await openKit();
  const time = (START - 400 * DAY) / 1000;
  const event = await kit.tell({ ...orderTold('server', { time }), door: 'import' });
  await kit.tell(paymentTold('59.90', 'p', T(1), { time }));
  assert.match(await kit.verdict(event), /^admitted first_observation,old/);
  const { status, total, createdAt } = await order(kit);
  assert.deepEqual([status, total, createdAt], ['paid', '59.90 EUR', START - 400 * DAY]);
  assert.equal(await kit.leg(event, 'api'), 'withheld too_old');
});

test('a draft of an order is in no books and confirmed by nobody', async () => {
  const kit = await openKit();
  const live = await kit.tell(orderTold('server'));
  const draft = await kit.tell(orderTold('server', { draft: true }, T(1)));
  await kit.tell(paymentTold('59.90', 'p', T(2)));
  const { events } = await kit.ledger.load({ events: [live, draft], orders: [] });
  assert.deepEqual(
    events.map(({ eventId, sourceId, namespace, orderId }) => [eventId, sourceId, namespace, orderId]),
    [
      ['demo-77', 'demo/web', 'live', '77'],
      ['draft-demo-77', 'demo/web#draft', 'draft', undefined],
    ],
  );
  assert.equal((await order(kit)).event, live);
  assert.equal(events[1]?.observations.length, 1);
});

test('another visitor who names the order gets no capability, leaves nothing in it, and is found', async () => {
  const kit = await openKit();
  const event = await kit.tell(orderTold('browser', { capability: 'owner' }));
  const before = await order(kit);
  const thief = orderTold('browser', { capability: 'thief', visitor: 'v-2', consent: 'denied' }, T(1));
  const seq = await kit.tell({
    ...thief,
    personal: { user: { ttclid: 'stolen' }, page: { url: 'https://shop.example/x' } },
  });
  assert.equal(await kit.verdict(seq), 'duplicate refired,other_visitor');
  assert.deepEqual(await order(kit), before);
  const { events, findings } = await kit.ledger.lineage([event], []);
  assert.deepEqual([events[0]?.consent, events[0]?.personal?.user], ['granted', undefined]);
  assert.deepEqual(
    findings.map(({ check, subject, times }) => [check, subject, times]),
    [['order_clash', 'order 77', 1]],
  );
});

test('a server’s creation takes an order from a stranger’s page, with its capabilities', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('browser', { capability: 'thief', visitor: 'v-2' }));
  await kit.tell(orderTold('server', { capability: 'owner' }, T(1)));
  const { visitor, capabilities } = await order(kit);
  assert.deepEqual([visitor, capabilities], ['v-1', ['owner']]);
});

test('an order whose server named no visitor belongs to the first page', async () => {
  const kit = await openKit();
  const { visitor: _none, ...body } = orderTold('server').body;
  await kit.tell({ ...orderTold('server'), body });
  await kit.tell(orderTold('browser', { capability: 'owner' }, T(1)));
  await kit.tell(orderTold('browser', { capability: 'thief', visitor: 'v-2' }, T(2)));
  const { visitor, capabilities } = await order(kit);
  assert.deepEqual([visitor, capabilities], ['v-1', ['c-server', 'owner']]);
});

test('without consent an order is booked and withheld, pixel leg and all', async () => {
  for (const [consent, why] of [
    ['denied', 'consent_denied'],
    ['unknown', 'consent_unknown'],
  ] as const) {
    const kit = await openKit();
    await kit.tell(orderTold('server', { consent }), paymentTold());
    assert.deepEqual(
      [await kit.leg(EVENT, 'api'), await kit.leg(EVENT, 'pixel')],
      [`withheld ${why}`, `withheld ${why}`],
    );
    assert.deepEqual([(await order(kit)).status, (await order(kit)).total], ['paid', '59.90 EUR']);
  }
  const kit = await openKit(specTold((text) => text.replace('mode: required', 'mode: none')));
  await kit.tell(orderTold('server', { consent: 'unknown' }), paymentTold());
  assert.equal(await kit.leg(EVENT, 'api'), 'held delay');
});

test('an order told without its page waits for the page’s own word, and is withheld without it', async () => {
  for (const [thanks, api] of [
    [[], 'withheld page_unknown'],
    [[purchaseTold('browser', {}, T(1))], 'held delay'],
  ] as const) {
    const kit = await openKit();
    await kit.tell({ ...orderTold('server'), personal: null }, ...thanks, paymentTold('59.90', 'p', T(2)));
    assert.equal(await kit.leg(EVENT, 'api'), api);
  }
});

test('without a confirmation rule a withheld api leg leaves no pixel leg waiting', async () => {
  const kit = await openKit(specTold((text) => text.replace('confirm: webhook', 'confirm: none')));
  await kit.tell(orderTold('server', { consent: 'denied' }));
  assert.deepEqual(
    [await kit.leg(EVENT, 'api'), await kit.leg(EVENT, 'pixel')],
    ['withheld consent_denied', 'withheld consent_denied'],
  );
});

test('an order that is paid too late to matter is withheld as too old', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), paymentTold('59.90', 'p', START + 28 * DAY + 1));
  assert.equal(await kit.leg(EVENT, 'api'), 'withheld too_old');
});

test('the confirmation rule is the spec’s', async () => {
  for (const [change, steps, api] of [
    ['confirm: none', 'created', 'held delay'],
    ['confirm: server', 'created', 'held awaiting_confirmation'],
    ['confirm: server', 'created, server event', 'held delay'],
    ['confirm: server', 'created, thanks, paid', 'held awaiting_confirmation'],
    ['confirm: webhook, confirmAt: firstPayment', 'created, half', 'held delay'],
    ['confirm: webhook, delay: 0s', 'created, paid', 'queued ready'],
  ] as const) {
    const kit = await told(steps, ruled(change));
    assert.equal(await kit.leg(EVENT, 'api'), api, `${change}: ${steps}`);
  }
});

test('the time of the event is the act’s, or the confirmation’s where the spec says so', async () => {
  for (const [change, at] of [
    ['timeOf: act', T(0)],
    ['timeOf: confirmed', T(10)],
  ] as const) {
    const kit = await told('created, paid', ruled(change));
    const { events } = await kit.ledger.load({ events: [EVENT], orders: [] });
    assert.equal(events[0]?.occurredAt, at);
  }
});

test('an order that is dated by its confirmation has one instant for TikTok, for its window and for its day', async () => {
  const kit = await told('created by page, half, other half', ruled('timeOf: confirmed'));
  const at = T(20);
  assert.equal((await order(kit)).confirmedAt, at);
  await kit.tell(orderTold('server', { time: T(1) / 1000 }, T(30)));
  const { events } = await kit.ledger.load({ events: [EVENT], orders: [] });
  const row = events[0] ?? assert.fail();
  assert.deepEqual([row.occurredAt, trackItem(row, 'current', false).event_time], [at, at / 1000]);
});

test('once a leg has left, nothing that TikTok sees changes any more', async () => {
  const kit = await told('created by page, paid, sent');
  const frozen = async () => {
    const { events } = await kit.ledger.load({ events: [EVENT], orders: [] });
    const row = events[0] ?? assert.fail();
    assert.equal(row.frozenAt, T(20));
    const { consent, personal, visitor, occurredAt, properties } = row;
    return { body: trackItem(row, 'current', false), consent, personal, visitor, occurredAt, properties };
  };
  const before = await frozen();
  const other = { order_id: '77', value: '99.00', currency: 'EUR', contents: [{ content_id: 'b' }], coupon: 'X' };
  await kit.tell(
    orderTold('server', { properties: other, consent: 'denied' }, T(100)),
    purchaseTold('browser', { properties: other }, T(101)),
  );
  assert.deepEqual(await frozen(), before);
  // The books go by the word that is believed most, whenever it comes.
  assert.deepEqual([(await order(kit)).total, (await order(kit)).status], ['99.00 EUR', 'partlyPaid']);
});

test('what an order is worth, and whether it is paid, follows from all words, whichever comes first', async () => {
  for (const steps of [
    ['server 60', 'hook 40', 'hook 30', 'hook 20'],
    ['hook 20', 'hook 40', 'server 60', 'hook 30'],
    ['hook 30', 'server 60', 'hook 20', 'hook 40'],
  ]) {
    const kit = await openKit();
    for (const step of steps) {
      const [who, amount = ''] = step.split(' ');
      const time = { '20': 1, '40': 2, '30': 3 }[amount] ?? 0;
      const properties = { order_id: '77', value: amount, currency: 'EUR', contents: [{ content_id: 'a' }] };
      await kit.tell(
        who === 'hook'
          ? paymentTold(`${amount}.00`, `pay-${amount}`, T(5), { time: T(time) / 1000 })
          : purchaseTold('server', { properties, time: T(0) / 1000 }, T(5)),
      );
    }
    // 20 and 40 pay it in full; what comes after that is more than it was worth.
    const { total, status, net } = await order(kit);
    assert.deepEqual([total, status, net], ['60.00 EUR', 'paid', '90.00 EUR'], steps.join(', '));
  }
});

test('an unconfirmed order that ends is found', async () => {
  const kit = await told('created, hold ended');
  const { findings } = await kit.ledger.lineage([EVENT], []);
  assert.deepEqual(
    findings.map(({ check, subject }) => [check, subject]),
    [['order_unconfirmed', 'order 77']],
  );
});

test('a page that fires without our word is found; one that reports twice is not', async () => {
  const honest = await told('created, paid, sent, accepted, handed out, page fired, page fired');
  assert.deepEqual((await honest.ledger.lineage([EVENT], [])).findings, []);
  const rogue = await told('created, page fired');
  assert.equal(await rogue.leg(EVENT, 'pixel'), 'unknown fired_by_page');
  assert.deepEqual(
    (await rogue.ledger.lineage([EVENT], [])).findings.map(({ check }) => check),
    ['fired_without_handout'],
  );
  assert.equal(await rogue.verdict(3), 'admitted handout_fired');
  const stranger = await rogue.tell(firedTold('guessed', T(50)));
  assert.equal(await rogue.verdict(stranger), 'refused capability_unknown');
});

test('the handout ends four minutes after the api leg may first have arrived', async () => {
  const kit = await told('created, paid, sent');
  await kit.tell(answerTold(EVENT, 'accept', T(300), { sentAt: T(20), answeredAt: T(300) }));
  const { dispatches } = await kit.ledger.load({ events: [EVENT], orders: [] });
  assert.equal(dispatches.find((leg) => leg.leg === 'pixel')?.expiresAt, T(20) + 4 * MINUTE);
});

test('a broken Purchase or payment is quarantined and changes no order', async () => {
  const kit = await openKit();
  const bad = await kit.tell(orderTold('server', { properties: { order_id: '77', value: 'x', currency: 'EUR' } }));
  assert.equal(await kit.verdict(bad), 'quarantined value_unreadable,parameter_missing');
  for (const [more, reason] of [
    [{ amount: '-1' }, 'value_negative'],
    [{ amount: '1'.repeat(20) }, 'value_too_large'],
    [{ amount: '59,90' }, 'value_unreadable'],
    [{ currency: 'XXX' }, 'value_unreadable'],
    [{ currency: undefined }, 'amount_missing'],
    [{ amount: undefined }, 'amount_missing'],
    [{ fact: 'refund', amount: undefined, currency: undefined }, 'amount_missing'],
    [{ fact: 'cancellation' }, 'amount_unexpected'],
    [{ fact: 'dispute', amount: undefined, time: 'soon' }, 'time_unreadable,amount_unexpected'],
    [{ time: 'soon' }, 'time_unreadable'],
    [{ time: 1785585540000 }, 'time_in_milliseconds'],
  ] as const)
    assert.equal(
      await kit.verdict(await kit.tell(paymentTold('1', 'r', START, more as JsonObject))),
      `quarantined ${reason}`,
    );
  assert.deepEqual((await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] })).orders, []);
});

test('an order without a place to go is quarantined', async () => {
  const kit = await openKit(
    specTold((text) => text.replace('crmEventSet: "7300000000000000001"', 'crmEventSet: null')),
  );
  assert.equal(
    await kit.verdict(await kit.tell(eventTold('crm', { source: 'crm', lead: { lead_id: '1' } }))),
    'quarantined no_destination',
  );
});

async function told(steps: string, spec = specTold()): Promise<Kit> {
  const kit = await openKit(spec);
  for (const [index, step] of steps.split(', ').entries()) {
    const word = WORDS[step.trim()];
    assert.ok(word, `no word ${step}`);
    await kit.tell(word(T(index * 10)));
  }
  return kit;
}

async function order(kit: Kit): Promise<OrderRow> {
  const { orders } = await kit.ledger.load({ events: [], orders: [{ shop: 'demo', orderId: '77' }] });
  return orders[0] ?? assert.fail('no order');
}

async function everything(kit: Kit): Promise<unknown> {
  const { verdicts: _verdicts, ...rows } = await kit.ledger.lineage([EVENT], ['77']);
  return rows;
}

function expired(leg: string, input: string, why: string, at: number): NewRecord {
  return rawRecord(
    'expired',
    { legs: [{ event: EVENT, destination: 'main', leg, input, why }] },
    { door: 'timer', receivedAt: at },
  );
}

function firedTold(capability: string, at: number): NewRecord {
  return rawRecord('fired', { capability, event_id: 'demo-77' }, { door: 'browser', receivedAt: at });
}

/** The built-in spec with other fields in the Purchase's rule. */
function ruled(change: string): NewRecord {
  return specTold((text) => {
    let next = text;
    for (const part of change.split(', ')) {
      const [name] = part.split(':');
      const purchase = next.indexOf('  Purchase:');
      next = next.slice(0, purchase) + next.slice(purchase).replace(new RegExp(`${name}: \\w+`), part);
    }
    return next;
  });
}

function table(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line.includes('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

test('where a page has fired the sale already, a server that takes the order over changes neither its names nor its time', async () => {
  const legacy = (text: string): string =>
    text
      .replace('guarded: true', 'guarded: false')
      .replace('confirm: webhook', 'confirm: none')
      .replace('eventNames: current', 'eventNames: legacy');
  const kit = await openKit(specTold(legacy));
  const seq = await kit.tell(purchaseTold('browser', { spec: 1, pixel: 'fired', time: START / 1000 }));
  await kit.tell(specTold((text) => legacy(text).replace('eventNames: legacy', 'eventNames: current')));
  for (const visitor of ['v-1', 'v-2']) {
    const later = START + 30_000;
    await kit.tell(orderTold('server', { visitor, time: later / 1000 }, later));
    const { events } = await kit.ledger.load({ events: [seq], orders: [] });
    assert.deepEqual(
      events.map(({ specVersion, occurredAt }) => [specVersion, occurredAt]),
      [[1, START]],
      visitor,
    );
  }
});
