import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, leadTold, orderTold, purchaseTold, START, specTold } from '../../test/admission-kit.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openAdmission } from './run.ts';

const PAGE = { url: 'https://shop.example/' };
const ID = 'c3'.repeat(32);
const properties = { order_id: '77', value: '59.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };

/** A page, an order by its visitor, the server’s word that it is another’s, and a lead of the first visitor. */
const told = [
  specTold(),
  eventTold('browser', { event: 'Pageview', event_id: 'p-1', visitor: 'v-2' }, START, {
    page: PAGE,
    user: { external_id: [ID] },
  }),
  { ...purchaseTold('browser', { visitor: 'v-2', properties }), personal: { page: PAGE } },
  { ...orderTold('server', { visitor: 'v-1', properties }), personal: { user: {} } },
  leadTold('server', { status: 'new', visitor: 'v-2' }, START, { page: PAGE }),
];

test('a lead knows what its visitor’s page showed, wherever batches are cut and whatever newer page went to another', async () => {
  for (const batchMax of [1, 2, 3, 4, 1000]) {
    const journal = memoryJournal();
    const ledger = memoryLedger();
    await journal.append(told);
    await (await openAdmission(journal, ledger, { batchMax })).catchUp();
    const { leads, events } = await ledger.load({ events: [3], orders: [], leads: ['7'] });
    assert.equal(events[0]?.visitor, 'v-1');
    assert.deepEqual(leads[0]?.personal?.user, { external_id: [ID] }, `batches of ${batchMax}`);
  }
});
