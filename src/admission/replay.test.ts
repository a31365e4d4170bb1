import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  consentTold,
  eventTold,
  factTold,
  type Kit,
  leadTold,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  replayTold,
  START,
  sentTold,
  specTold,
} from '../../test/admission-kit.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import { CLOCK_LIMITS, type Copy, forecast, mayLeave } from '../tiktok/clocks.ts';

const EVENT = 2;
const LATER = START + 49 * HOUR;

const strict = (text: string): string => text.replace('events:\n', 'events:\n  Contact: { require: [content_id] }\n');
const lax = (text: string): string => text.replace('require: [content_id, quantity, value, currency]', 'require: []');

/** `state why` of the api leg of an event that ended so, after a replay at that time. */
async function replayed(
  first: NewRecord,
  end: NewRecord,
  at = LATER,
): Promise<{ kit: Kit; leg: string; verdict: string }> {
  const kit = await openKit();
  await kit.tell(first, sentTold(EVENT), end);
  const seq = await kit.tell(replayTold([EVENT], [], at));
  return { kit, leg: await kit.leg(EVENT, 'api'), verdict: await kit.verdict(seq) };
}

const REFUSED = answerTold(EVENT, 'bury', START, { copy: false, why: 'refused_by_tiktok', code: 40001 });
const PERHAPS = answerTold(EVENT, 'park', START, { why: 'may_have_arrived' });

test('after 49 hours a copy that may have arrived stays here, and one that was surely refused waits again', async () => {
  const perhaps = await replayed(eventTold('server'), PERHAPS);
  assert.equal(perhaps.leg, 'unknown may_have_arrived');
  assert.equal(perhaps.verdict, 'refused no_letter_replayed,clock_passed');
  const refused = await replayed(eventTold('server'), REFUSED);
  assert.equal(refused.leg, 'queued replayed');
  assert.equal(refused.verdict, 'admitted letters_replayed');
  const { dispatches } = await refused.kit.ledger.load({ events: [EVENT], orders: [] });
  const [{ dueAt, replayedAt, replays } = {}] = dispatches;
  assert.deepEqual({ dueAt, replayedAt }, { dueAt: LATER, replayedAt: LATER });
  assert.deepEqual(replays, [{ seq: 5, at: LATER, by: 'ada' }]);
});

test('within TikTok’s clock a copy that may have arrived waits again: TikTok drops what it has', async () => {
  const { leg } = await replayed(eventTold('server'), PERHAPS, START + 46 * HOUR);
  assert.equal(leg, 'queued replayed');
});

test('what was surely refused stays here where its page may have fired the pixel', async () => {
  const unguarded = await replayed(eventTold('browser', { pixel: 'fired' }), REFUSED);
  assert.equal(unguarded.leg, 'dead refused_by_tiktok');
  assert.equal(unguarded.verdict, 'refused no_letter_replayed,clock_passed');
  const blocked = await replayed(eventTold('browser', { pixel: 'failed' }), REFUSED);
  assert.equal(blocked.leg, 'queued replayed');
  const kit = await openKit(specTold((text) => text.replace('confirm: webhook', 'confirm: server')));
  await kit.tell(orderTold('server'), purchaseTold('server'), sentTold(EVENT));
  await kit.tell(answerTold(EVENT, 'bury', START, { copy: false, why: 'refused_by_tiktok' }));
  // The page fires without having been told to.
  await kit.tell(rawRecord('fired', { capability: 'c-server', event_id: 'demo-77' }, { door: 'browser' }));
  await kit.tell(replayTold([EVENT], [], LATER));
  assert.equal(await kit.leg(EVENT, 'api'), 'dead refused_by_tiktok');
});

test('a pixel leg that was withheld stays so when its api leg is tried again', async () => {
  const kit = await openKit(specTold((text) => text.replace('confirm: webhook', 'confirm: server')));
  await kit.tell(orderTold('server'), purchaseTold('server'), sentTold(EVENT));
  await kit.tell(answerTold(EVENT, 'bury', START, { copy: false, why: 'refused_by_tiktok' }));
  await kit.tell(replayTold([EVENT], [], LATER), sentTold(EVENT, LATER, 'api', 2));
  await kit.tell(answerTold(EVENT, 'accept', LATER, { n: 2 }));
  assert.equal(await kit.leg(EVENT, 'api'), 'delivered told');
  assert.equal(await kit.leg(EVENT, 'pixel'), 'withheld api_not_delivered');
});

test('no leg waits again that TikTok could count twice, whatever brought the first copy and whenever', () => {
  const limits = CLOCK_LIMITS;
  for (const leg of ['api', 'pixel'] as const)
    for (const hours of [0, 1, 46, 47, 48, 49, 400]) {
      const first: Copy = { leg, at: [START, START + MINUTE] };
      if (mayLeave(forecast(first, 'api', START + hours * HOUR, limits))) assert.ok(hours < 48);
    }
});

test('the same replay again changes nothing, whether it was taken or refused', async () => {
  for (const end of [REFUSED, PERHAPS]) {
    const { kit } = await replayed(eventTold('server'), end);
    const before = await kit.ledger.load({ events: [EVENT], orders: [] });
    const seq = await kit.tell(replayTold([EVENT], [], LATER + HOUR));
    assert.match(await kit.verdict(seq), /^refused no_letter_replayed,(not_given_up|clock_passed)$/);
    assert.deepEqual(await kit.ledger.load({ events: [EVENT], orders: [] }), before);
  }
});

test('consent, age, a cancelled order, a bot and a destination that is gone still hold', async () => {
  const table: [why: string, first: NewRecord[], then: NewRecord[], at?: number][] = [
    ['consent_denied', [eventTold('server', { visitor: 'v-1' })], [consentTold('denied')]],
    ['too_old', [eventTold('server')], [], START + 40 * DAY],
    ['order_cancelled', [orderTold('server'), paymentTold()], [factTold('cancellation', 'c-1')]],
    ['bot_suspected', [eventTold('server')], []],
    ['destination_gone', [eventTold('server')], [specTold((text) => text.replace('- id: main', '- id: other'))]],
  ];
  for (const [why, first, then, at = LATER] of table) {
    const kit = await openKit();
    await kit.tell(...first, sentTold(EVENT), REFUSED);
    if (why === 'bot_suspected') await mark(kit);
    if (then.length > 0) await kit.tell(...then);
    const seq = await kit.tell(replayTold([EVENT], [], at));
    assert.equal(await kit.verdict(seq), `refused no_letter_replayed,${why}`);
    assert.equal(await kit.leg(EVENT, 'api'), 'dead refused_by_tiktok', why);
  }
});

test('a letter that nobody knows, a pixel leg and a leg that waits are named and left alone', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('browser', { pixel: 'fired' }));
  const pixel = { event: EVENT, destination: 'main', leg: 'pixel' };
  const seq = await kit.tell(
    replayTold([99], [1, 98]),
    rawRecord('replay', { legs: [pixel], records: [] }, { door: 'operator' }),
    replayTold([EVENT]),
  );
  assert.equal(await kit.verdict(seq), 'refused no_letter_replayed,letter_unknown,not_quarantined');
  assert.equal(await kit.verdict(seq + 1), 'refused no_letter_replayed,letter_unknown');
  assert.equal(await kit.verdict(seq + 2), 'refused no_letter_replayed,not_given_up');
});

test('an event that TikTok surely has not is made anew under the spec of now, under its old key', async () => {
  const abroad = (policy: string) => (text: string) =>
    text.replace(
      'unsupportedCurrency: convert, rates: {}',
      `unsupportedCurrency: ${policy}, rates: { UYU: "0.5 2026-08-01" }`,
    );
  const kit = await openKit(specTold(abroad('send')));
  const properties = { value: '10.00', currency: 'UYU', content_id: 'a' };
  await kit.tell(eventTold('server', { properties }), sentTold(EVENT), REFUSED);
  const before = await event(kit);
  assert.deepEqual([before.value, before.sendValue], ['10.00 UYU', undefined]);
  await kit.tell(specTold((text) => abroad('convert')(text).replace('id: demo', 'id: other'), START + HOUR));
  await kit.tell(replayTold([EVENT], [], LATER));
  const { sendValue, rate, ...after } = await event(kit);
  assert.deepEqual([sendValue, rate?.rate], ['5.00 EUR', '0.5']);
  assert.deepEqual(after, before);
  assert.equal(await kit.leg(EVENT, 'api'), 'queued replayed');
});

test('an event that breaks a rule of the spec of now stays dead with that reason, until another spec lets it go', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('server', { event: 'Contact' }), sentTold(EVENT), REFUSED);
  await kit.tell(specTold(strict, START + HOUR));
  const seq = await kit.tell(replayTold([EVENT], [], LATER));
  assert.equal(await kit.verdict(seq), 'refused no_letter_replayed,parameter_missing');
  assert.equal(await kit.leg(EVENT, 'api'), 'dead parameter_missing');
  await kit.tell(specTold(undefined, LATER + HOUR));
  await kit.tell(replayTold([EVENT], [], LATER + 2 * HOUR));
  assert.equal(await kit.leg(EVENT, 'api'), 'queued replayed');
});

test('a quarantined record is judged again under the spec of now, and both verdicts stay', async () => {
  const kit = await openKit(specTold(strict));
  const seq = await kit.tell(eventTold('server'));
  assert.equal(await kit.verdict(seq), 'quarantined parameter_missing');
  assert.equal(
    await kit.verdict(await kit.tell(replayTold([], [seq], START + MINUTE))),
    'refused no_letter_replayed,parameter_missing',
  );
  assert.equal((await kit.ledger.verdicts(seq, seq))[0]?.n, 0);
  await kit.tell(specTold(undefined, START + HOUR));
  const asked = await kit.tell(replayTold([], [seq], START + 2 * HOUR));
  assert.equal(await kit.verdict(asked), 'admitted letters_replayed');
  assert.equal(await kit.verdict(seq), 'admitted first_observation');
  const verdicts = (await kit.ledger.lineage([seq], [])).verdicts.filter((row) => row.seq === seq);
  assert.deepEqual(
    verdicts.map(({ n, verdict, at, again }) => ({ n, verdict, at, again })),
    [
      { n: 0, verdict: 'quarantined', at: START, again: undefined },
      { n: 1, verdict: 'admitted', at: START + 2 * HOUR, again: { seq: asked, by: 'ada' } },
    ],
  );
  assert.equal((await event(kit, seq)).receivedAt, START);
  assert.match(await kit.leg(seq, 'api'), /^queued ready$/);
  assert.equal(
    await kit.verdict(await kit.tell(replayTold([], [seq], START + 3 * HOUR))),
    'refused no_letter_replayed,not_quarantined',
  );
});

test('a record that its sender has sent again since, mended, is a duplicate of that', async () => {
  for (const days of [0, 2, 10]) {
    const kit = await openKit();
    const bad = await kit.tell(eventTold('server', { event: 'AddToCart' }));
    assert.match(await kit.verdict(bad), /^quarantined/);
    const at = START + days * DAY + MINUTE;
    const whole = { content_id: 'a', quantity: 1, value: '5.00', currency: 'EUR' };
    const good = await kit.tell(eventTold('server', { event: 'AddToCart', properties: whole, time: START / 1000 }, at));
    assert.match(await kit.verdict(good), /^admitted/);
    await kit.tell(specTold(lax, at));
    await kit.tell(replayTold([], [bad], at + MINUTE));
    assert.match(await kit.verdict(bad), /^duplicate resent/, `${days} days later`);
    assert.equal((await kit.ledger.lineage([bad], [])).dispatches.length, 0);
  }
});

test('of two copies of one bad record one is admitted, in whatever batch, and a restart forgets neither', async () => {
  const kit = await openKit();
  const seq = await kit.tell(eventTold('server', { event: 'AddToCart' }), eventTold('browser', { event: 'AddToCart' }));
  await kit.tell(specTold(lax));
  await kit.tell(replayTold([], [seq], START + 5 * DAY));
  await kit.restart();
  await kit.tell(replayTold([], [seq + 1], START + 5 * DAY + HOUR));
  assert.equal(await kit.verdict(seq), 'admitted first_observation');
  assert.equal(await kit.verdict(seq + 1), 'paired other_door');
  const third = await kit.tell(eventTold('server', { event: 'AddToCart', time: START / 1000 }, START + 5 * DAY + HOUR));
  assert.equal(await kit.verdict(third), 'duplicate resent');
});

test('a visitor’s no reaches what is judged again', async () => {
  const kit = await openKit(specTold(strict));
  const seq = await kit.tell(eventTold('server', { visitor: 'v-1' }));
  await kit.tell(consentTold('denied', START + MINUTE), specTold(undefined, START + HOUR));
  await kit.tell(replayTold([], [seq], START + HOUR));
  assert.equal(await kit.leg(seq, 'api'), 'withheld consent_denied');
});

test('orders, facts and steps of leads are judged again, and what was never kept is not', async () => {
  const kit = await openKit(specTold((text) => text.replaceAll('qualified: ', 'won: ')));
  const step = await kit.tell(leadTold('server', { status: 'qualified' }));
  assert.equal(await kit.verdict(step), 'quarantined lead_status_unknown');
  const order = await kit.tell(
    orderTold('server', { properties: { order_id: '77', value: '59.90', currency: 'EUR' } }),
  );
  assert.equal(await kit.verdict(order), 'quarantined parameter_missing');
  const unread = await kit.tell(
    rawRecord('unread', { bytes: 9, digest: 'd', verdict: 'quarantined', reason: 'body_not_json', skeleton: [] }),
  );
  const mended = (text: string): string => text.replace('currency, contents]', 'currency]');
  await kit.tell(paymentTold(), specTold(mended, START + HOUR));
  const seq = await kit.tell(replayTold([], [step, order, unread], START + HOUR));
  assert.equal(await kit.verdict(seq), 'admitted letters_replayed,text_not_kept');
  assert.equal(await kit.verdict(step), 'admitted first_observation');
  // Its payment had come by then.
  assert.equal(await kit.verdict(order), 'admitted first_observation');
  assert.equal(await kit.leg(order, 'api'), 'held delay');
});

async function event(kit: Kit, seq = EVENT) {
  const [row] = (await kit.ledger.load({ events: [seq], orders: [] })).events;
  assert.ok(row);
  return row;
}

/** The event turns out to be a bot's. */
async function mark(kit: Kit): Promise<void> {
  const row = await event(kit);
  const { noEffects } = await import('../store/effects.ts');
  await kit.ledger.commit({ ...noEffects(), events: [{ ...row, bot: true }] }, await kit.ledger.offset());
}
