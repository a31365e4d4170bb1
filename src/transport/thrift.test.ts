import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, leadTold, orderTold, paymentTold, START } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, type KitOptions, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import type { Ledger, LedgerReader } from '../store/ledger.ts';
import type { Sendable } from '../store/outbox.ts';

const SECOND_DESTINATION = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';
const both = (text: string): string => text.replace('consent:', SECOND_DESTINATION);
/** TikTok takes what goes to the second destination, and says of the first one that its token is wrong. */
const firstPaused: NonNullable<KitOptions['answer']> = (request) =>
  request.event_source_id.endsWith('Z') ? ACCEPTED : coded(40105);
const contact = (id: string, at = START): NewRecord => eventTold('server', { event_id: id }, at);
const contacts = (count: number, prefix: string, at = START): NewRecord[] =>
  Array.from({ length: count }, (_, n) => contact(`${prefix}-${n}`, at));

test('a backlog that can’t leave is not read, however often admission commits', async () => {
  const pages: Sendable[][] = [];
  const kit = await openTransportKit({ answer: () => coded(40105), reader: watched(pages) });
  await kit.tell(...contacts(3000, 'old'));
  await kit.pass(2 * SECOND);
  assert.equal(kit.transport.destination('main').state, 'paused');
  const before = pages.length;
  for (let n = 0; n < 500; n++) {
    await kit.tell(contact(`new-${n}`, kit.now()));
    await kit.pass(5);
  }
  const after = pages.slice(before);
  assert.equal(after.flat().length, 0);
  assert.ok(after.length <= (500 * 5) / 25 + 1, `${after.length} reads for 500 commits`);
  assert.equal(kit.posted.length, 1);
});

test('beside a paused destination another’s dispatches are read once each, and leave when they are due', async () => {
  const pages: Sendable[][] = [];
  const kit = await openTransportKit({ spec: both, answer: firstPaused, reader: watched(pages) });
  await kit.tell(...contacts(3000, 'old'));
  await kit.pass(4 * SECOND);
  assert.equal(kit.transport.destination('main').state, 'paused');
  assert.equal(await delivered(kit), 3000);
  pages.length = 0;
  const from = kit.posted.length;
  for (let n = 0; n < 100; n++) {
    await kit.tell(contact(`new-${n}`, kit.now()));
    await kit.pass(20);
  }
  await kit.pass(2 * SECOND);
  assert.equal(await delivered(kit), 3100);
  assert.deepEqual([...new Set(pages.flat().map(({ dispatch }) => dispatch.destination))], ['other']);
  assert.equal(pages.flat().length, 100, 'nothing that is taken already is read again');
  for (const { at, request } of kit.posted.slice(from))
    for (const { event_time } of request.data)
      assert.ok(at - event_time * 1000 < SECOND + 1000 + 25, 'a second of linger, and one for whole seconds');
});

test('a hold of one destination ends on time while another is paused', async () => {
  const kit = await openTransportKit({ spec: both, answer: firstPaused });
  await kit.tell(contact('e-1'));
  await kit.pass(1100);
  const at = kit.now();
  await kit.tell(orderTold('server', {}, at), paymentTold('59.90', 'pay-1', at));
  await kit.pass(MINUTE);
  assert.deepEqual(
    kit.posted.filter(({ request }) => request.data[0]?.event === 'Purchase').map((posted) => posted.at - at),
    [5 * SECOND],
  );
});

test('a destination that does not answer holds up no other, and its own money only when that does not answer either', async () => {
  const kit = await openTransportKit({
    spec: both,
    answer: (request) => (request.event_source_id.endsWith('Z') ? ACCEPTED : new Promise(() => {})),
  });
  for (let n = 0; n < 6; n++) {
    await kit.tell(contact(`e-${n}`, kit.now()));
    await kit.pass(2 * SECOND);
  }
  const sent = (id: string): number => kit.posted.filter((one) => one.destination === id).length;
  assert.deepEqual([sent('main'), sent('other')], [4, 6]);
  const at = kit.now();
  await kit.tell(leadTold('server', { status: 'qualified' }, at), leadTold('server', { lead_id: '8' }, at));
  await kit.pass(10 * SECOND);
  assert.deepEqual(
    kit.posted.filter((one) => one.destination === 'main').map(({ request }) => request.data[0]?.event),
    ['Contact', 'Contact', 'Contact', 'Contact', 'Lead'],
  );
});

test('a money event leaves at once when all is quiet', async () => {
  const kit = await openTransportKit();
  await kit.pass(SECOND);
  await kit.tell(leadTold('server', { status: 'qualified' }, kit.now()));
  assert.deepEqual(
    kit.posted.map(({ at }) => at),
    [START + SECOND],
    'without time passing',
  );
});

test('a large backlog is read in pages, and others have their turn between two of them', async () => {
  const pages: Sendable[][] = [];
  let turns = 0;
  const turnsAt: number[] = [];
  const before = await openTransportKit({ spec: both, answer: () => new Promise(() => {}) });
  await before.transport.stop();
  await before.tell(...contacts(3000, 'old'));
  const kit = openTransportKit({
    after: { journal: before.journal, ledger: before.ledger, now: START + 2 * SECOND },
    reader: (ledger) => watched(pages, () => turnsAt.push(turns))(ledger),
  });
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setImmediate(turn);
  };
  turn();
  await kit;
  running = false;
  assert.ok(pages.every((page) => page.length <= 1000));
  assert.ok(pages.filter((page) => page.length === 1000).length >= 2);
  assert.equal(new Set(turnsAt).size, turnsAt.length, 'no two pages in one turn');
});

test('a batch that could not be written down is read again, and nothing else', async () => {
  let full = true;
  const pages: Sendable[][] = [];
  const kit = await openTransportKit({
    reader: watched(pages),
    append: (records, append) => (full ? Promise.reject(new Error('no room')) : append(records)),
  });
  await kit.tell(contact('e-1'));
  await kit.pass(1500);
  full = false;
  await kit.pass(5 * SECOND);
  assert.deepEqual([kit.posted.length, pages.flat().length], [1, 2]);
});

/** A ledger that notes every page of what is due. */
function watched(pages: Sendable[][], onPage = (): unknown => undefined): (ledger: Ledger) => LedgerReader {
  return (ledger) => ({
    ...ledger,
    async due(...asked) {
      const page = await ledger.due(...asked);
      pages.push(page);
      onPage();
      return page;
    },
  });
}

async function delivered(kit: TransportKit): Promise<number> {
  const { dispatches } = await kit.ledger.totals();
  return dispatches.find(({ destination, state }) => destination === 'other' && state === 'delivered')?.count ?? 0;
}
