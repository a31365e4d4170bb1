import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, openKit, rawRecord, START, specTold } from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../event/time.ts';
import { trackItem } from '../tiktok/body.ts';

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

test('a resend is a resend, however wrong the sender’s clock is and whenever it asks again', async () => {
  const kit = await openKit();
  const verdicts: string[] = [];
  // The page's clock is two hours ahead. The same event leaves its queue twice, and is then fired anew.
  for (const [told, sent, received] of [
    [7200, 7203, 3],
    [7200, 7263.4, 63],
    [7260, 7264, 64],
  ] as const)
    verdicts.push(
      await kit.verdict(
        await kit.tell(
          eventTold('browser', { time: START / 1000 + told, sent_at: START / 1000 + sent }, START + received * SECOND),
        ),
      ),
    );
  assert.deepEqual(verdicts, [
    'admitted first_observation,clock_corrected',
    'duplicate resent,clock_corrected',
    'duplicate refired,clock_corrected',
  ]);
  const { events } = await kit.ledger.load({ events: [2], orders: [] });
  assert.deepEqual([events[0]?.occurredAt, events[0]?.observations[0]?.toldAt], [START, START + 7200 * SECOND]);
});

test('a resend without a believable time is one too', async () => {
  const kit = await openKit();
  const ahead = { time: START / 1000 + 3600 };
  await kit.tell(eventTold('browser', ahead));
  const again = await kit.tell(eventTold('browser', ahead, START + MINUTE));
  assert.equal(await kit.verdict(again), 'duplicate resent,time_in_future');
});

test('a refreshed page that repeats its event id is refired, and another step or product is another event', async () => {
  const view = { content_id: 'a', content_type: 'product', page_category: 'product' };
  const checkout = { num_items: 1, value: 1, currency: 'EUR', step: 'address', coupon: 'X' };
  for (const [event, properties] of [
    ['ViewContent', view],
    ['InitiateCheckout', checkout],
  ] as const) {
    const kit = await openKit();
    const first = await kit.tell(eventTold('browser', { event, properties, pixel: 'fired' }));
    const later = { event, properties, pixel: 'none', time: START / 1000 + 60 } as const;
    const again = await kit.tell(eventTold('browser', later, START + MINUTE));
    assert.equal(await kit.verdict(again), 'duplicate refired');
    assert.deepEqual(
      [await kit.leg(first, 'api'), await kit.leg(first, 'pixel')],
      ['queued ready', 'unknown fired_by_page'],
    );
    const other = await kit.tell(eventTold('browser', { event, event_id: 'e-2', properties }, START + MINUTE));
    assert.equal(await kit.verdict(other), 'admitted first_observation');
  }
});

test('without what the spec calls optional an event goes all the same, and the record says what it lacks', async () => {
  const kit = await openKit();
  const properties = { num_items: 1, value: 1, currency: 'EUR', step: 'address' };
  const seq = await kit.tell(eventTold('browser', { event: 'InitiateCheckout', properties }));
  assert.equal(await kit.verdict(seq), 'admitted first_observation,optional_absent');
  const [verdict] = await kit.ledger.verdicts(seq, seq);
  assert.equal(verdict?.problems?.[0]?.where, 'properties.coupon');
});

test('the name of the other generation is noted, with the name to send', async () => {
  for (const [generation, told, note, wanted] of [
    ['current', 'SubmitForm', 'legacy_name', 'Lead'],
    ['current', 'Lead', undefined, undefined],
    ['legacy', 'Lead', 'current_name', 'SubmitForm'],
    ['legacy', 'SubmitForm', undefined, undefined],
    ['legacy', 'Search', undefined, undefined],
    ['current', 'StartCheckout', 'legacy_name', 'InitiateCheckout'],
  ] as const) {
    const kit = await openKit(
      specTold((text) =>
        text
          .replace('eventNames: current', `eventNames: ${generation}`)
          .replace(/num_items, value, currency, step/, 'value, currency')
          .replace('[session, step]', '[session]')
          .replace('optional: [coupon]', 'optional: []'),
      ),
    );
    const seq = await kit.tell(eventTold('server', { event: told, properties: { value: 1, currency: 'EUR' } }));
    assert.equal(
      await kit.verdict(seq),
      `admitted first_observation${note ? `,${note}` : ''}`,
      `${told} for ${generation}`,
    );
    const [verdict] = await kit.ledger.verdicts(seq, seq);
    assert.equal(verdict?.problems?.[0]?.fix, wanted && `send ${wanted}`);
    const event = await row(kit, seq);
    assert.equal(event.observations[0]?.toldName, event.name === told ? undefined : told);
  }
});

test('a draft never meets a live event: its source and its id are its own', async () => {
  const kit = await openKit();
  const live = await kit.tell(eventTold('server'));
  const draft = await kit.tell(eventTold('server', { draft: true }));
  assert.equal(await kit.verdict(draft), 'admitted first_observation');
  const { sourceId, eventId, namespace } = await row(kit, draft);
  assert.deepEqual([sourceId, eventId, namespace], ['demo/web#draft', 'draft-e-1', 'draft']);
  assert.equal((await row(kit, live)).namespace, 'live');
  assert.equal(await kit.verdict(await kit.tell(eventTold('server', { draft: true }))), 'duplicate resent');
  for (const more of [{ event_id: 'draft-e-1' }, { event_id: undefined, lead: { lead_id: 'draft-1' } }] as const) {
    const { event_id: _none, ...body } = eventTold('server').body;
    const told = JSON.parse(JSON.stringify({ ...body, ...more })) as object;
    assert.equal(
      await kit.verdict(await kit.tell({ ...eventTold('server'), body: told as never })),
      'quarantined event_id_reserved',
    );
  }
});

test('who acted, and a bot’s user agent, stand in the row', async () => {
  const kit = await openKit();
  const system = await kit.tell(eventTold('server', { origin: 'system' }));
  const bot = await kit.tell(eventTold('server', { event_id: 'e-2', bot: true, limited_data_use: true }));
  assert.equal(await kit.verdict(bot), 'admitted first_observation,known_bot');
  assert.deepEqual([(await row(kit, system)).origin, (await row(kit, system)).bot], ['system', undefined]);
  const { origin, bot: marked, limitedDataUse } = await row(kit, bot);
  assert.deepEqual([origin, marked, limitedDataUse], ['visitor', true, true]);
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

test('the api leg repeats what the pixel was told, and our books believe the spec', async () => {
  const told = (value: number, quantity: number) => ({
    properties: { value, currency: 'EUR', quantity, status: `s${value}` },
  });
  for (const [first, second, books, sent] of [
    [['browser', 'fired', 1], ['server', 'none', 2], '2.00 EUR', 1],
    [['server', 'none', 2], ['browser', 'fired', 1], '2.00 EUR', 1],
    [['browser', 'failed', 1], ['server', 'none', 2], '2.00 EUR', 2],
    [['server', 'none', 2], ['browser', 'failed', 1], '2.00 EUR', 2],
  ] as const) {
    const kit = await openKit();
    const tell = ([door, pixel, value]: typeof first | typeof second, at: number) =>
      kit.tell(eventTold(door, { ...told(value, value), pixel }, at));
    const event = await tell(first, START);
    const again = await tell(second, START + SECOND);
    const kept = await row(kit, event);
    const label = JSON.stringify([first, second]);
    assert.equal(kept.value, books, label);
    const item = trackItem(kept, 'current', false).properties;
    assert.deepEqual([item?.['value'], item?.['quantity']], [sent, sent], label);
    const { differences } = await kit.ledger.lineage([event], []);
    const loser = first[0] === 'browser' ? event : again;
    assert.deepEqual(
      differences.find(({ field }) => field === 'value'),
      { event, field: 'value', seq: loser, kept: '2.00 EUR', told: '1.00 EUR', decidedBy: 'server' },
      label,
    );
    assert.ok(
      differences.some(({ field }) => field === 'quantity'),
      label,
    );
  }
});

test('what money is reckoned with is compared, and what only one side tells is no difference', async () => {
  const kit = await openKit();
  const item = { content_id: 'a', quantity: 2, price: 5 };
  const base = { order_id: 'o-1', num_items: 2, contents: [item, { content_id: 'b' }] };
  const event = await kit.tell(eventTold('server', { properties: base }));
  const same = {
    ...base,
    contents: [
      { content_id: 'b', brand: 'x' },
      { content_id: 'a', quantity: 2 },
    ],
  };
  await kit.tell(eventTold('browser', { properties: same }, START + SECOND));
  assert.deepEqual((await kit.ledger.lineage([event], [])).differences, []);
  const other = {
    order_id: 'o-2',
    num_items: 3,
    contents: [
      { ...item, price: 4 },
      { content_id: 'b', quantity: 1 },
    ],
  };
  const seq = await kit.tell(eventTold('crm', { properties: other }, START + 2 * SECOND));
  const { differences } = await kit.ledger.lineage([event], []);
  assert.deepEqual(
    differences.map(({ field, kept, told, seq: at }) => [field, kept, told, at]),
    [
      ['contents', '2 × a at 5, b', '2 × a at 4, 1 × b', seq],
      ['num_items', '2', '3', seq],
      ['order_id', 'o-1', 'o-2', seq],
    ],
  );
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
