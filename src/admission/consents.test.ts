import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  consentTold,
  eventTold,
  type Kit,
  openKit,
  orderTold,
  paymentTold,
  START,
  sentTold,
  specTold,
  testTold,
} from '../../test/admission-kit.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';

const EVENT = 2;
const mine = { visitor: 'v-1' };

test('a withdrawn consent withholds what has not left, and the books are complete', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'));
  const [queued, other] = [
    await kit.tell(eventTold('server', mine)),
    await kit.tell(eventTold('server', { event_id: 'e-2', visitor: 'v-2' })),
  ];
  const said = await kit.tell(consentTold('denied'));
  assert.equal(await kit.verdict(said), 'admitted consent_withdrawn');
  assert.deepEqual(await legs(kit, EVENT), ['withheld consent_denied', 'withheld consent_denied']);
  assert.equal(await kit.leg(queued, 'api'), 'withheld consent_denied');
  assert.equal(await kit.leg(other, 'api'), 'queued ready', 'another visitor’s stays');
  await kit.tell(paymentTold());
  const { events, orders, entries } = await kit.ledger.lineage([EVENT], []);
  assert.deepEqual(
    [events[0]?.consent, orders[0]?.consent, orders[0]?.status, entries.length],
    ['denied', 'denied', 'paid', 1],
  );
  assert.deepEqual(await legs(kit, EVENT), ['withheld consent_denied', 'withheld consent_denied']);
});

test('events of the same batch that came before the no are withheld, those after it speak for themselves', async () => {
  const kit = await openKit();
  const first = await kit.tell(
    eventTold('server', mine),
    consentTold('denied'),
    eventTold('server', { ...mine, event_id: 'e-2' }),
  );
  assert.equal(await kit.leg(first, 'api'), 'withheld consent_denied');
  assert.equal(await kit.leg(first + 2, 'api'), 'queued ready');
});

test('an open handout is closed by a no, and the note says that a copy had left', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), paymentTold(), sentTold(EVENT), answerTold(EVENT, 'accept'));
  assert.deepEqual(await legs(kit, EVENT), ['delivered told', 'queued handout_open']);
  const said = await kit.tell(consentTold('denied'));
  assert.equal(await kit.verdict(said), 'admitted consent_withdrawn,left_before');
  assert.deepEqual(await legs(kit, EVENT), ['delivered told', 'withheld consent_denied']);
});

test('a leg under way is left alone, and its event may not leave again', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('server', mine));
  await kit.tell(sentTold(event));
  assert.equal(await kit.verdict(await kit.tell(consentTold('denied'))), 'admitted consent_withdrawn,left_before');
  assert.equal(await kit.leg(event, 'api'), 'inFlight sending');
  assert.equal((await kit.ledger.lineage([event], [])).events[0]?.consent, 'denied');
});

test('what left at the moment of the no is told as it was', async () => {
  const kit = await openKit();
  await kit.tell(
    orderTold('server'),
    paymentTold(),
    sentTold(EVENT),
    answerTold(EVENT, 'accept'),
    consentTold('denied'),
  );
  const handout = await kit.tell(sentTold(EVENT, START + 1, 'pixel'));
  assert.equal(await kit.verdict(handout), 'admitted noted,left_meanwhile');
  assert.equal(await kit.leg(EVENT, 'pixel'), 'inFlight handed_out');
  const { dispatches } = await kit.ledger.lineage([EVENT], []);
  assert.equal(dispatches.find(({ leg }) => leg === 'pixel')?.expiresAt, START + 1 + 4 * MINUTE);
  assert.deepEqual(await kit.ledger.findings(9), []);
});

test('a later yes brings nothing back', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server'), consentTold('denied'));
  assert.equal(await kit.verdict(await kit.tell(consentTold('granted'))), 'admitted consent_given');
  await kit.tell(paymentTold());
  assert.deepEqual(await legs(kit, EVENT), ['withheld consent_denied', 'withheld consent_denied']);
});

test('a yes reaches an order that waits for its payment, and of which nobody had asked', async () => {
  for (const [consent, api] of [
    ['unknown', 'held delay'],
    ['denied', 'withheld consent_denied'],
  ] as const) {
    const kit = await openKit();
    await kit.tell(orderTold('server', { consent }));
    await kit.tell(consentTold('granted'));
    await kit.tell(paymentTold());
    assert.equal(await kit.leg(EVENT, 'api'), api);
    const { orders } = await kit.ledger.lineage([EVENT], []);
    assert.equal(orders[0]?.consent, consent === 'unknown' ? 'granted' : 'denied');
  }
});

test('a choice reaches no order of which the event merely speaks', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server', { visitor: 'v-2' }));
  await kit.tell(eventTold('server', { ...mine, properties: { order_id: '77' } }), consentTold('denied'));
  assert.equal(await kit.leg(EVENT, 'api'), 'held awaiting_confirmation');
  assert.equal((await kit.ledger.lineage([EVENT], [])).orders[0]?.consent, 'granted');
});

test('a no reaches an event that had left before its visitor was told', async () => {
  for (const known of [{}, { visitor: 'v-0' }] as { visitor?: string }[]) {
    const kit = await openKit();
    const event = await kit.tell(eventTold('server', known));
    await kit.tell(sentTold(event), answerTold(event, 'retry', START, { dueAt: START + MINUTE }));
    const before = (await kit.ledger.lineage([event], [])).events[0];
    await kit.tell(eventTold('browser', { ...mine, session: 's-1' }));
    const after = (await kit.ledger.lineage([event], [])).events[0];
    assert.deepEqual(
      { ...after, observations: [] },
      { ...before, visitor: known.visitor ?? 'v-1', session: 's-1', observations: [] },
    );
    await kit.tell(consentTold('denied'));
    assert.equal(
      await kit.leg(event, 'api'),
      known.visitor === undefined ? 'withheld consent_denied' : 'queued told',
      'a visitor who is known stays',
    );
  }
});

test('a stranger’s page does not make an order its visitor’s', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('server', { visitor: 'v-0' }), paymentTold(), sentTold(EVENT));
  await kit.tell(orderTold('browser', { ...mine, session: 's-9' }));
  const { events } = await kit.ledger.lineage([EVENT], []);
  assert.deepEqual([events[0]?.visitor, events[0]?.session], ['v-0', undefined]);
});

test('a choice in a try-out concerns try-outs alone', async () => {
  const kit = await openKit(noConsent());
  await kit.tell(testTold(START + HOUR));
  const live = await kit.tell(eventTold('server', mine));
  const draft = await kit.tell(eventTold('server', { ...mine, draft: true }));
  const said = await kit.tell(consentTold('denied', START, 'v-1', { draft: true }));
  assert.equal(await kit.verdict(said), 'admitted consent_withdrawn');
  assert.deepEqual(
    [await kit.leg(live, 'api'), await kit.leg(draft, 'api')],
    ['queued ready', 'withheld consent_denied'],
  );
  const later = await kit.tell(eventTold('server', { ...mine, event_id: 'e-2', consent: 'unknown' }));
  assert.equal(await kit.leg(later, 'api'), 'queued ready', 'it is no last word of the visitor');
});

test('where nobody has to be asked, a visitor’s last no stands for what is told without a choice, until a yes', async () => {
  const kit = await openKit(noConsent());
  let id = 0;
  const api = async (more: object, at: number): Promise<string> =>
    kit.leg(await kit.tell(eventTold('server', { event_id: `n-${id++}`, consent: 'unknown', ...more }, at)), 'api');
  assert.equal(await api(mine, START), 'queued ready');
  await kit.tell(consentTold('denied'));
  for (const at of [START, START + 90 * DAY]) {
    assert.equal(await api(mine, at), 'withheld consent_denied');
    assert.equal(await api({ visitor: 'v-2' }, at), 'queued ready', 'another visitor');
    assert.equal(await api({}, at), 'queued ready', 'no visitor');
    assert.equal(await api({ ...mine, consent: 'granted' }, at), 'queued ready', 'its own word');
  }
  await kit.tell(consentTold('granted', START + 90 * DAY));
  assert.equal(await api(mine, START + 90 * DAY), 'queued ready');
});

test('a no and what follows it are told apart within one batch, and orders obey it too', async () => {
  const kit = await openKit(noConsent());
  const unknown = { ...mine, consent: 'unknown' } as const;
  const first = await kit.tell(
    consentTold('denied'),
    eventTold('server', { ...unknown, event_id: 'a' }),
    consentTold('granted'),
    eventTold('server', { ...unknown, event_id: 'b' }),
    consentTold('denied'),
    orderTold('server', unknown),
    paymentTold(),
  );
  assert.deepEqual(
    [await kit.leg(first + 1, 'api'), await kit.leg(first + 3, 'api'), await kit.leg(first + 5, 'api')],
    ['withheld consent_denied', 'withheld consent_denied', 'withheld consent_denied'],
  );
  const { orders } = await kit.ledger.lineage([first + 5], []);
  assert.deepEqual([orders[0]?.consent, orders[0]?.status], ['denied', 'paid']);
});

test('where consent is required, silence stays silence', async () => {
  const kit = await openKit();
  const first = await kit.tell(consentTold('denied'), eventTold('server', { ...mine, consent: 'unknown' }));
  const second = await kit.tell(eventTold('server', { ...mine, event_id: 'e-2', consent: 'unknown' }));
  for (const seq of [first + 1, second]) assert.equal(await kit.leg(seq, 'api'), 'withheld consent_unknown');
});

function noConsent(): ReturnType<typeof specTold> {
  return specTold((text) => text.replace(/consent: \{ mode: required/, 'consent: { mode: none'));
}

async function legs(kit: Kit, event: number): Promise<string[]> {
  return [await kit.leg(event, 'api'), await kit.leg(event, 'pixel')];
}
