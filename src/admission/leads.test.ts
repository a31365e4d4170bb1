import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, leadTold, openKit, START, specTold } from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import { SECOND } from '../event/time.ts';

test('a step of a lead is the event that the spec names for it, worth what the ladder says', async () => {
  const kit = await openKit();
  const rows: unknown[] = [];
  for (const [status, source] of [
    ['new', 'web'],
    ['qualified', 'web'],
    ['approved', 'crm'],
  ] as const) {
    const seq = await kit.tell(leadTold('server', { status, source, properties: { value: '1.00', currency: 'EUR' } }));
    const { events } = await kit.ledger.load({ events: [seq], orders: [] });
    const { name, eventId, sourceId, leadId, value } = events[0] as EventRow;
    rows.push([await kit.verdict(seq), name, eventId, sourceId, leadId, value]);
  }
  assert.deepEqual(rows, [
    ['admitted first_observation', 'SubmitApplication', '7-new', 'demo/web', '7', '1.00 EUR'],
    ['admitted first_observation', 'Lead', '7-qualified', 'demo/web', '7', '40.00 EUR'],
    ['admitted first_observation', 'ApplicationApproval', '7-approved', 'demo/crm', '7', '120.00 EUR'],
  ]);
});

test('a page’s own event and the server’s lead are one', async () => {
  const kit = await openKit();
  const page = eventTold('browser', { event: 'SubmitApplication', event_id: '7-new', pixel: 'fired' });
  for (const [first, second] of [
    [page, leadTold('server', {}, START + SECOND)],
    [leadTold('server', { lead_id: '8' }), { ...page, body: { ...page.body, event_id: '8-new' } }],
  ] as const) {
    const event = await kit.tell(first);
    const other = await kit.tell(second);
    assert.equal(await kit.verdict(other), 'paired other_door');
    assert.deepEqual(
      [await kit.leg(event, 'api'), await kit.leg(event, 'pixel')],
      ['queued ready', 'unknown fired_by_page'],
    );
  }
});

test('each step of a lead counts once, whatever is told in between', async () => {
  const kit = await openKit();
  const verdicts: string[] = [];
  for (const status of ['new', 'new', 'qualified', 'new', 'qualified'])
    verdicts.push(await kit.verdict(await kit.tell(leadTold('server', { status }))));
  assert.deepEqual(verdicts, [
    'admitted first_observation',
    'duplicate resent',
    'admitted first_observation',
    'duplicate resent',
    'duplicate resent',
  ]);
});

test('a guarded step goes by the api leg alone', async () => {
  const kit = await openKit();
  const event = await kit.tell(leadTold('server', { status: 'qualified' }));
  assert.deepEqual(
    [await kit.leg(event, 'api'), await kit.leg(event, 'pixel')],
    ['queued ready', 'withheld guarded_without_order'],
  );
});

test('a status without an event is noted, and one that the spec does not know waits for it', async () => {
  const kit = await openKit();
  assert.equal(await kit.verdict(await kit.tell(leadTold('server', { status: 'rejected' }))), 'admitted lead_noted');
  for (const status of ['lost', 'constructor', '__proto__', 'x'.repeat(500)]) {
    const seq = await kit.tell(leadTold('server', { status }));
    assert.equal(await kit.verdict(seq), 'quarantined lead_status_unknown');
    const [row] = await kit.ledger.verdicts(seq, seq);
    assert.ok((row?.problems?.[0]?.what.length ?? 999) < 100);
  }
  assert.deepEqual((await kit.ledger.totals()).dispatches, []);
});

test('a status that the spec begins to know is an event from then on', async () => {
  const kit = await openKit();
  await kit.tell(specTold((text) => text.replace('{ new: Submit', '{ lost: Contact, new: Submit')));
  const event = await kit.tell(leadTold('server', { status: 'lost' }));
  assert.equal(await kit.verdict(event), 'admitted first_observation');
});
