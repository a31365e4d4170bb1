import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Kit,
  leadTold,
  openKit,
  orderTold,
  paymentTold,
  purchaseTold,
  rawRecord,
  specTold,
} from '../../test/admission-kit.ts';

const EVENT = 2;
const bot = { bot: true } as const;

test('a lead of a bot is kept and not sent', async () => {
  const kit = await openKit();
  const event = await kit.tell(leadTold('server', bot));
  assert.equal(await kit.verdict(event), 'admitted first_observation,known_bot');
  assert.equal(await kit.leg(event, 'api'), 'withheld bot_suspected');
  assert.equal(await kit.verdict(await kit.tell(leadTold('browser'))), 'paired other_door');
});

test('an order of a bot waits for its payment, whatever confirms others, and money beats the mark', async () => {
  for (const rule of ['webhook', 'server', 'none']) {
    const kit = await openKit(specTold((text) => text.replace('confirm: webhook', `confirm: ${rule}`)));
    await kit.tell(orderTold('server', bot), purchaseTold('server', bot), purchaseTold('browser'));
    assert.deepEqual(await legs(kit), ['held awaiting_confirmation', 'held awaiting_api'], rule);
    await kit.tell(paymentTold());
    assert.deepEqual(await legs(kit), ['held delay', 'held awaiting_api'], rule);
    assert.equal((await kit.ledger.lineage([], ['77'])).orders[0]?.status, 'paid');
  }
});

test('an order of a bot that nobody paid is withheld in the end', async () => {
  const kit = await openKit();
  await kit.tell(orderTold('browser', bot));
  const ended = { event: EVENT, destination: 'main', leg: 'api', input: 'withhold', why: 'confirmation_expired' };
  await kit.tell(rawRecord('expired', { legs: [ended] }));
  assert.deepEqual(await legs(kit), ['withheld bot_suspected', 'withheld api_not_delivered']);
  assert.equal((await kit.ledger.lineage([], ['77'])).orders.length, 1);
});

async function legs(kit: Kit): Promise<string[]> {
  return [await kit.leg(EVENT, 'api'), await kit.leg(EVENT, 'pixel')];
}
