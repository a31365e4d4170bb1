import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  eventTold,
  type Kit,
  leadTold,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  START,
  specTold,
  testTold,
} from '../../test/admission-kit.ts';
import { HOUR, SECOND } from '../event/time.ts';

const draft = { draft: true } as const;

test('a draft goes to the destinations that have a test session open, and by the api leg alone', async () => {
  const second = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';
  const kit = await openKit(specTold((text) => text.replace('consent:', second)));
  await kit.tell(testTold(START + HOUR));
  for (const [id, at, api] of [
    ['a', START, 'queued ready'],
    ['b', START + HOUR - 1, 'queued ready'],
    ['c', START + HOUR, 'withheld draft'],
  ] as const) {
    const event = await kit.tell(eventTold('browser', { ...draft, event_id: id, pixel: 'none' }, at));
    assert.deepEqual(
      [await kit.leg(event, 'api'), await kit.leg(event, 'api', 'other'), await kit.leg(event, 'pixel')],
      [api, 'withheld draft', ''],
    );
  }
});

test('a draft of a Purchase needs no payment, reaches no order and opens no handout', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server', { capability: 'live' }), testTold(START + HOUR));
  const created = await kit.tell(orderTold('browser', { ...draft, capability: 'c' }));
  const purchase = await kit.tell(purchaseTold('server', draft));
  await kit.tell(paymentTold());
  assert.deepEqual(
    [await kit.verdict(created), await kit.verdict(purchase)].map((verdict) => verdict.split(',')[0]),
    ['admitted first_observation', 'paired other_door'],
  );
  assert.deepEqual([await kit.leg(created, 'api'), await kit.leg(created, 'pixel')], ['held delay', '']);
  assert.equal(await kit.ledger.capability('c'), undefined);
  const { orders, events } = await kit.ledger.lineage([], ['77']);
  assert.deepEqual([orders.length, orders[0]?.event, orders[0]?.status, events.length], [1, 2, 'paid', 1]);
});

test('a draft and a live event of the same id are two events', async () => {
  const kit = await openKit();
  const live = await kit.tell(eventTold('browser', { pixel: 'fired' }));
  const drafts = [
    await kit.tell(eventTold('server', draft)),
    await kit.tell(leadTold('server', draft)),
    await kit.tell(leadTold('server')),
  ];
  for (const seq of drafts) assert.match(await kit.verdict(seq), /^admitted first_observation/);
  const { events } = await kit.ledger.load({ events: [live, ...drafts], orders: [] });
  assert.deepEqual(
    events.map(({ namespace }) => namespace),
    ['live', 'draft', 'draft', 'live'],
  );
  assert.equal(new Set(events.map(({ eventId }) => eventId)).size, 4);
});

test('a draft reaches no live total', async () => {
  const kit = await openKit();
  const counts = async (): Promise<unknown> => {
    const { verdicts, dispatches } = await kit.ledger.totals();
    return [verdicts, dispatches].map((rows) => rows.filter((row) => !row.draft));
  };
  const before = await counts();
  const draftsOf = async (kit: Kit): Promise<number> =>
    (await kit.ledger.totals()).verdicts.reduce((sum, row) => sum + (row.draft ? row.count : 0), 0);
  await kit.tell(eventTold('server', draft), eventTold('server', draft), leadTold('server', { ...draft, status: 'x' }));
  assert.deepEqual(await counts(), before);
  assert.equal(await draftsOf(kit), 3);
});

test('a page that fires the pixel for a draft is found out', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('browser', { ...draft, pixel: 'fired' }, START + SECOND));
  assert.deepEqual(
    (await kit.ledger.findings(9)).map(({ check, what }) => `${check} ${what}`),
    ['draft_fired is a draft, and its page fired the pixel'],
  );
});
