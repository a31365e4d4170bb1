import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerTold,
  eventTold,
  type Kit,
  openKit,
  orderTold,
  paymentTold,
  START,
  sentTold,
} from '../../test/admission-kit.ts';
import type { DispatchRow } from '../event/dispatch.ts';
import { HOUR } from '../event/time.ts';
import { restoredRecords } from './restored.ts';

const [FROM, TO] = [START + 1000, START + HOUR];

const table: [what: string, tell: (kit: Kit) => Promise<unknown>, api: string, pixel: string][] = [
  ['a queued leg', (kit) => kit.tell(eventTold('server')), 'unknown restored', ''],
  ['one under way', (kit) => kit.tell(eventTold('server'), sentTold(2)), 'unknown restored', ''],
  [
    'one that is delivered',
    (kit) => kit.tell(eventTold('server'), sentTold(2), answerTold(2, 'accept')),
    'delivered told',
    '',
  ],
  [
    'one that was given up',
    (kit) => kit.tell(eventTold('server'), sentTold(2), answerTold(2, 'bury')),
    'dead told',
    '',
  ],
  [
    'an order without its payment',
    (kit) => kit.tell(orderTold('browser')),
    'held awaiting_confirmation',
    'held awaiting_api',
  ],
  [
    'an order that waits for its delay',
    (kit) => kit.tell(orderTold('browser'), paymentTold()),
    'held delay',
    'held awaiting_api',
  ],
  [
    'an order under way',
    (kit) => kit.tell(orderTold('browser'), paymentTold(), sentTold(2)),
    'unknown restored',
    'withheld api_not_delivered',
  ],
  [
    'an order whose handout is open',
    (kit) => kit.tell(orderTold('browser'), paymentTold(), sentTold(2), answerTold(2, 'accept')),
    'delivered told',
    'unknown restored',
  ],
];
for (const [what, tell, api, pixel] of table)
  test(`after a restore ${what} is ${api}${pixel ? `, and its pixel leg ${pixel}` : ''}`, async () => {
    const kit = await openKit();
    await tell(kit);
    await restore(kit);
    assert.deepEqual([await kit.leg(2, 'api'), await kit.leg(2, 'pixel')], [api, pixel]);
    for (const leg of await legsOf(kit)) {
      if (leg.why === 'restored' || (leg.leg === 'api' && leg.state === 'held'))
        assert.deepEqual([leg.copyAt?.[1], (leg.copyAt?.[0] ?? TO) <= FROM], [TO, true], JSON.stringify(leg));
      assert.equal(leg.dueAt === undefined, leg.why !== 'delay', JSON.stringify(leg));
    }
    const before = await legsOf(kit);
    await restore(kit);
    assert.deepEqual(await legsOf(kit), before, 'told again it changes nothing');
  });

test('what may have left is frozen, and the moment of the restore is a finding', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('server'));
  await restore(kit);
  const { events, findings } = await kit.ledger.lineage([2], []);
  assert.equal(events[0]?.frozenAt, TO);
  const all = [...findings, ...(await kit.ledger.findings(9))];
  assert.deepEqual(
    all.map(({ check, subject }) => [check, subject]),
    [['store_restored', 'store 2026-08-01T13:00:00Z']],
  );
});

test('a restore of nothing is told all the same, and one of very much in many records', () => {
  const leg = { event: 1, destination: 'main', leg: 'api' } as DispatchRow;
  assert.equal(restoredRecords([], FROM, TO).length, 1);
  const many = restoredRecords(Array<DispatchRow>(2500).fill(leg), FROM, TO);
  assert.deepEqual(
    many.map(({ body }) => (body['legs'] as unknown[]).length),
    [1000, 1000, 500],
  );
});

/** As the command does it: what is open is listed, written down and decided. */
async function restore(kit: Kit): Promise<void> {
  const open = (await legsOf(kit)).filter(({ state }) => ['held', 'queued', 'inFlight'].includes(state));
  for (const record of restoredRecords(open, FROM, TO)) await kit.tell(record);
}

async function legsOf(kit: Kit): Promise<DispatchRow[]> {
  return (await kit.ledger.load({ events: [2], orders: [] })).dispatches;
}
