import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, openKit, rawRecord, START, specTold } from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../event/time.ts';

test('a copy through another door pairs up to pairWithin, and is a late duplicate after it', async () => {
  for (const [laterMs, verdict] of [
    [0, 'paired other_door'],
    [10 * MINUTE, 'paired other_door'],
    [10 * MINUTE + 1, 'duplicate other_door_late'],
    [2 * DAY, 'duplicate other_door_late'],
  ] as const) {
    const kit = await openKit();
    await kit.tell(eventTold('browser', { time: START / 1000 }));
    const seq = await kit.tell(eventTold('server', { time: START / 1000 }, START + laterMs));
    assert.equal(await kit.verdict(seq), verdict, String(laterMs));
  }
});

test('the same door again is a resend, or a refire where the page’s own time differs', async () => {
  const kit = await openKit();
  const verdicts: string[] = [];
  for (const [door, time] of [
    ['browser', START / 1000],
    ['browser', START / 1000],
    ['browser', START / 1000 + 5],
    ['server', START / 1000],
    ['server', START / 1000 + 7],
  ] as const)
    verdicts.push(await kit.verdict(await kit.tell(eventTold(door, { time }, START + MINUTE))));
  assert.deepEqual(verdicts, [
    'admitted first_observation',
    'duplicate resent',
    'duplicate refired',
    'paired other_door',
    'duplicate resent',
  ]);
});

test('an event told again with its old time is known, long after the guard has forgotten it', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('server', { time: START / 1000 }));
  const again = await kit.tell(eventTold('server', { time: START / 1000 }, START + 7 * DAY));
  assert.equal(await kit.verdict(again), 'duplicate resent');
  const other = await kit.tell(eventTold('server', { event_id: 'e-new', time: START / 1000 }, START + 7 * DAY));
  assert.equal(await kit.verdict(other), 'admitted first_observation');
});

test('another name, id, source or business is another event', async () => {
  const kit = await openKit();
  for (const more of [{}, { event: 'Search' }, { event_id: 'e-2' }, { source: 'crm', lead: { lead_id: '1' } }] as const)
    assert.equal(await kit.verdict(await kit.tell(eventTold('browser', more))), 'admitted first_observation');
  await kit.tell(specTold((text) => text.replace('id: demo', 'id: other')));
  assert.equal(await kit.verdict(await kit.tell(eventTold('browser'))), 'admitted first_observation');
});

test('old and new name of an event are one', async () => {
  const kit = await openKit();
  await kit.tell(eventTold('browser', { event: 'SubmitForm' }));
  assert.equal(await kit.verdict(await kit.tell(eventTold('server', { event: 'Lead' }))), 'paired other_door');
});

test('without an id, equal content is one event and any other content another', async () => {
  const kit = await openKit();
  const { event_id: _none, ...body } = eventTold('server').body;
  const tell = (more: object) =>
    kit.tell(rawRecord('event', { ...body, ...more }, { ...eventTold('server'), body: { ...body, ...more } }));
  assert.equal(
    await kit.verdict(await tell({ properties: { a: 1, b: 2 } })),
    'admitted first_observation,event_id_derived',
  );
  assert.equal(await kit.verdict(await tell({ properties: { b: 2, a: 1 } })), 'duplicate resent,event_id_derived');
  assert.equal(await kit.verdict(await tell({ properties: { a: 1 } })), 'admitted first_observation,event_id_derived');
});

test('a lead’s step has the id of lead and status', async () => {
  const kit = await openKit();
  const seqs: number[] = [];
  for (const status of ['qualified', 'approved', 'qualified']) {
    const { event_id: _none, ...body } = eventTold('crm', { source: 'crm', lead: { lead_id: '7', status } }).body;
    seqs.push(await kit.tell({ ...eventTold('crm'), body }));
  }
  const { events } = await kit.ledger.load({ events: seqs, orders: [] });
  assert.deepEqual(
    events.map(({ eventId }) => eventId),
    ['7-qualified', '7-approved'],
  );
});

test('a second observation fills what the first lacked and takes nothing away', async () => {
  const kit = await openKit();
  const event = await kit.tell(
    eventTold('browser', { properties: { status: 'a' }, visitor: 'v' }, START, { user: { ttp: 't' } }),
  );
  const server = { properties: { status: 'b', query: 'q' }, visitor: 'w', session: 's' };
  await kit.tell(eventTold('server', server, START + SECOND, { user: { ttp: 'x', email: ['h'] } }));
  const { properties, personal, visitor, session } = await row(kit, event);
  assert.deepEqual([properties, visitor, session], [{ status: 'a', query: 'q' }, 'v', 's']);
  assert.deepEqual(personal?.user, { ttp: 't', email: ['h'] });
});

test('values that differ are written down with who was believed', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('server', { properties: { value: 1, currency: 'EUR' } }));
  const seq = await kit.tell(eventTold('browser', { properties: { value: 2, currency: 'EUR' } }, START + SECOND));
  const { differences } = await kit.ledger.lineage([event], []);
  assert.deepEqual(differences, [
    { event, field: 'value', seq, kept: '1.00 EUR', told: '2.00 EUR', decidedBy: 'server' },
  ]);
});

test('the legs of an unguarded event follow what the page did with its own copy', async () => {
  for (const [door, pixel, api, page] of [
    ['browser', 'fired', 'queued ready', 'unknown fired_by_page'],
    ['browser', 'failed', 'queued ready', 'withheld pixel_blocked'],
    ['browser', 'none', 'queued ready', 'withheld not_fired'],
    ['server', 'fired', 'queued ready', ''],
  ] as const) {
    const kit = await openKit();
    const event = await kit.tell(eventTold(door, { pixel }));
    assert.deepEqual([await kit.leg(event, 'api'), await kit.leg(event, 'pixel')], [api, page]);
  }
});

test('a page’s copy that is told second has its own times', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('server'));
  await kit.tell(eventTold('browser', { pixel: 'fired', time: START / 1000 + 60 }, START + 90 * SECOND));
  const { dispatches } = await kit.ledger.load({ events: [event], orders: [] });
  const pixel = dispatches.find((leg) => leg.leg === 'pixel');
  assert.deepEqual(
    [pixel?.copyAt, pixel?.changedAt],
    [[START + 60 * SECOND, START + 90 * SECOND], START + 90 * SECOND],
  );
});

test('a guarded event without an order goes by the api leg alone', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('browser', { event: 'Lead', pixel: 'waits' }));
  assert.deepEqual(
    [await kit.leg(event, 'api'), await kit.leg(event, 'pixel')],
    ['queued ready', 'withheld guarded_without_order'],
  );
});

test('consent, age and TikTok’s clock withhold a leg and never the event', async () => {
  const old = (ms: number) => ({ time: (START - ms) / 1000 });
  for (const [more, api] of [
    [{ consent: 'denied' }, 'withheld consent_denied'],
    [{ consent: 'unknown' }, 'withheld consent_unknown'],
    [old(28 * DAY), 'queued ready'],
    [old(28 * DAY + 1), 'withheld too_old'],
    [{ ...old(47 * HOUR), pixel: 'fired' }, 'queued ready'],
    [{ ...old(47 * HOUR + 1), pixel: 'fired' }, 'withheld clock_passed'],
  ] as const) {
    const kit = await openKit();
    const event = await kit.tell(eventTold('browser', more));
    assert.match(await kit.verdict(event), /^admitted first_observation/);
    assert.equal(await kit.leg(event, 'api'), api);
  }
});

test('a time ahead of ours becomes the receipt’s, and one older than the warning is noted', async () => {
  const kit = await openKit();
  const ahead = await kit.tell(eventTold('server', { time: START / 1000 + 3600 }));
  assert.equal(await kit.verdict(ahead), 'admitted first_observation,time_in_future');
  assert.equal((await row(kit, ahead)).occurredAt, START);
  const old = await kit.tell(eventTold('server', { event_id: 'e-2', time: START / 1000 - 8 * 86_400 }));
  assert.equal(await kit.verdict(old), 'admitted first_observation,old');
});

test('a page view has no api leg', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('browser', { event: 'PageView', pixel: 'fired' }));
  assert.deepEqual([await kit.leg(event, 'api'), await kit.leg(event, 'pixel')], ['', 'unknown fired_by_page']);
});

test('an event keeps the version of the spec that its page ran', async () => {
  const kit = await openKit();
  await kit.tell(specTold((text) => text.replace('linger: 1s', 'linger: 2s')));
  for (const [id, told, kept] of [
    ['a', 1, 1],
    ['b', 2, 2],
    ['c', 9, 2],
    ['d', 0, 2],
  ] as const)
    assert.equal(
      (await row(kit, await kit.tell(eventTold('browser', { event_id: id, spec: told })))).specVersion,
      kept,
    );
});

test('observations are bounded, and a new door is among them all the same', async () => {
  const kit = await openKit();
  const event = await kit.tell(eventTold('browser'));
  for (let n = 1; n <= 30; n++) await kit.tell(eventTold('browser', { time: START / 1000 - n }));
  await kit.tell(eventTold('server'));
  assert.equal(await kit.verdict(await kit.tell(eventTold('server'))), 'duplicate resent');
  const { observations } = await row(kit, event);
  assert.deepEqual([observations.length, observations.at(-1)?.door], [25, 'server']);
});

test('records of the pixel and of what could not be read get their verdict', async () => {
  const kit = await openKit();
  for (const [state, reason] of [
    ['loaded', 'pixel_loaded'],
    ['loadFailed', 'pixel_load_failed'],
    ['unknown', 'pixel_unknown'],
  ] as const)
    assert.equal(
      await kit.verdict(await kit.tell(rawRecord('pixel', { state, visitor: 'v', session: 's' }))),
      `admitted ${reason}`,
    );
  const unread = { bytes: 1, digest: 'd', verdict: 'refused', reason: 'key_unknown', skeleton: [] };
  assert.equal(
    await kit.verdict(await kit.tell(rawRecord('unread', unread, { door: 'browser' }))),
    'refused key_unknown',
  );
  assert.equal(await kit.verdict(1), 'admitted spec_activated');
});

async function row(kit: Awaited<ReturnType<typeof openKit>>, seq: number): Promise<EventRow> {
  const { events } = await kit.ledger.load({ events: [seq], orders: [] });
  return events[0] ?? assert.fail('no event');
}
