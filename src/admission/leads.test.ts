import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  consentTold,
  eventTold,
  type Kit,
  leadTold,
  openKit,
  purchaseTold,
  START,
  specTold,
} from '../../test/admission-kit.ts';
import type { EventRow } from '../event/event.ts';
import type { LeadRow } from '../event/lead.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { ToldLead } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';

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

/** What a CRM tells: the lead and its status, and nothing of the visitor. */
function crmTold(status: string, at = START, more: Partial<ToldLead> = {}, toldAt = at): NewRecord {
  const told = leadTold('server', { status, consent: 'unknown', time: at / 1000, ...more }, toldAt);
  const { source: _source, ...body } = told.body;
  return { ...told, body: more.source === undefined ? body : told.body, personal: null };
}

async function leadOf(kit: Kit, leadId = '7'): Promise<LeadRow | undefined> {
  return (await kit.ledger.load({ events: [], orders: [], leads: [leadId] })).leads[0];
}

async function eventOf(kit: Kit, seq: number): Promise<EventRow | undefined> {
  return (await kit.ledger.load({ events: [seq], orders: [] })).events[0];
}

const FORM = { url: 'https://shop.example/form' };

test('a lead’s steps are its history, whatever order they came in', async () => {
  const kit = await openKit();
  const steps = [
    crmTold('qualified', START + HOUR),
    leadTold('browser', { visitor: 'v-1', session: 's-1' }, START),
    crmTold('rejected', START + 3 * HOUR),
    crmTold('approved', START + 2 * HOUR),
  ];
  for (const step of steps) await kit.tell({ ...step, receivedAt: START + DAY });
  const lead = await leadOf(kit);
  assert.deepEqual(
    [lead?.status, lead?.value, lead?.changedAt, lead?.createdAt, lead?.visitor],
    ['rejected', undefined, START + 3 * HOUR, START, 'v-1'],
  );
  assert.deepEqual(
    lead?.steps.map(({ status, by, seq, event, unsent }) => [status, by, seq, event ?? unsent]),
    [
      ['new', 'browser', 3, 'overtaken'],
      ['qualified', 'server', 2, 2],
      ['approved', 'server', 5, 'overtaken'],
      ['rejected', 'server', 4, 'no_event'],
    ],
  );
});

test('a step that came when a later one was known is kept and not signalled', async () => {
  const kit = await openKit();
  await kit.tell(leadTold('server'), crmTold('approved', START + HOUR));
  const late = await kit.tell(crmTold('qualified', START + MINUTE, {}, START + 2 * HOUR));
  assert.equal(await kit.verdict(late), 'admitted lead_overtaken');
  assert.deepEqual(await kit.ledger.find('7-qualified', 9), []);
  assert.equal((await leadOf(kit))?.status, 'approved');
});

test('an approval that is taken back is recorded, and nothing is sent again', async () => {
  const kit = await openKit();
  const approved = await kit.tell(crmTold('approved', START, { source: 'crm' }));
  assert.equal(await kit.leg(approved, 'api'), 'withheld consent_unknown');
  const rejected = await kit.tell(crmTold('rejected', START + DAY));
  const again = await kit.tell(crmTold('approved', START + 2 * DAY));
  const { steps, status, value } = (await leadOf(kit)) as LeadRow;
  assert.deepEqual(
    [await kit.verdict(rejected), await kit.verdict(again), status, value],
    ['admitted lead_noted', 'duplicate resent', 'approved', '120.00 EUR'],
  );
  assert.deepEqual(
    steps.map(({ event, unsent, reversal }) => [event ?? unsent, reversal]),
    [
      [approved, undefined],
      ['no_event', true],
      ['known', undefined],
    ],
  );
  assert.deepEqual(await kit.ledger.find('7', 9), [approved]);
  const { dispatches } = await kit.ledger.lineage([approved], []);
  assert.deepEqual(
    dispatches.filter(({ leg }) => leg === 'api').map(({ event }) => event),
    [approved],
  );
});

test('a status is signalled once however long ago it was', async () => {
  const kit = await openKit();
  await kit.tell(leadTold('server', { status: 'qualified' }));
  await kit.restart();
  const again = await kit.tell(leadTold('server', { status: 'qualified' }, START + 90 * DAY));
  assert.equal(await kit.verdict(again), 'duplicate resent');
  assert.equal((await kit.ledger.find('7-qualified', 9)).length, 1);
});

test('a step without context has that of the act: of the lead’s first word', async () => {
  const kit = await openKit();
  const user = { ttclid: 'E.C.P.1', ttp: 'p-1', ip: '203.0.113.7', user_agent: 'Visitor' };
  const act = { visitor: 'v-1', session: 's-1', ad: { campaign: '7' } };
  await kit.tell(leadTold('browser', act, START, { user, page: FORM }));
  for (const step of [crmTold('qualified', START + DAY), crmTold('approved', START + 2 * DAY)]) {
    const event = await eventOf(kit, await kit.tell(step));
    assert.deepEqual(
      [event?.visitor, event?.session, event?.ad, event?.consent, event?.personal],
      ['v-1', 's-1', { campaign: '7' }, 'granted', { user, page: FORM }],
    );
    assert.equal(await kit.leg(event?.seq ?? 0, 'api'), 'queued ready');
  }
});

test('a page’s own event of a new lead is its first step, and gives later ones their context', async () => {
  const kit = await openKit();
  const told = {
    ...{ event: 'SubmitApplication', event_id: '7-new', pixel: 'fired' as const },
    ...{ visitor: 'v-1', properties: { lead_id: '7', form: 'quote' } },
  };
  const first = await kit.tell(eventTold('browser', told, START, { page: FORM, user: { ttclid: 'E.C.P.1' } }));
  const step = await eventOf(kit, await kit.tell(crmTold('qualified', START + DAY)));
  const lead = await leadOf(kit);
  assert.deepEqual(
    lead?.steps.map(({ status, by, event }) => [status, by, event]),
    [
      ['new', 'browser', first],
      ['qualified', 'server', step?.seq],
    ],
  );
  assert.deepEqual([step?.visitor, step?.personal?.user?.ttclid], ['v-1', 'E.C.P.1']);
  assert.equal(lead?.properties['form'], 'quote');
});

test('a lead that names its visitor has the page and consent of that visitor’s newest event', async () => {
  for (const inOneBatch of [true, false]) {
    const kit = await openKit();
    const page = (url: string): object => ({ page: { url: `https://shop.example/${url}` }, user: { ttclid: url } });
    const seen = [
      eventTold('browser', { visitor: 'v-1', event_id: 'a' }, START, page('a')),
      eventTold('browser', { visitor: 'v-1', event_id: 'b' }, START + MINUTE, page('b')),
      eventTold('browser', { visitor: 'v-2', event_id: 'c' }, START + MINUTE, page('c')),
    ];
    const step = crmTold('qualified', START + HOUR, { visitor: 'v-1' });
    const last = inOneBatch ? (await kit.tell(...seen, step)) + 3 : await kit.tell(...seen).then(() => kit.tell(step));
    const event = await eventOf(kit, last);
    assert.deepEqual([event?.personal?.user?.ttclid, event?.consent], ['b', 'granted']);
    assert.equal(await kit.leg(last, 'api'), 'queued ready');
  }
});

test('nothing is signalled of a visitor who has said no since, until the next yes', async () => {
  const kit = await openKit();
  await kit.tell(leadTold('browser', { visitor: 'v-1' }), consentTold('denied', START + MINUTE));
  const refused = await kit.tell(crmTold('qualified', START + HOUR));
  await kit.tell(consentTold('granted', START + DAY));
  const agreed = await kit.tell(crmTold('approved', START + 2 * DAY));
  assert.deepEqual(
    [await kit.leg(refused, 'api'), await kit.leg(agreed, 'api')],
    ['withheld consent_denied', 'queued ready'],
  );
});

test('a lead whose visitor says no says so itself; its later steps are withheld, and in the books', async () => {
  for (const inOneBatch of [true, false]) {
    const kit = await openKit();
    const told = [
      leadTold('browser', { visitor: 'v-1' }, START, { page: FORM }),
      leadTold('server', { lead_id: '8', visitor: 'v-2' }, START, { page: FORM }),
      consentTold('denied', START + MINUTE),
      crmTold('qualified', START + HOUR),
      crmTold('qualified', START + HOUR, { lead_id: '8' }),
    ];
    if (inOneBatch) await kit.tell(...told);
    else for (const record of told) await kit.tell(record);
    const lead = (await leadOf(kit)) as LeadRow;
    assert.deepEqual(
      [lead.consent, lead.withdrawn, lead.status, lead.value, lead.steps.map(({ event }) => event)],
      ['denied', true, 'qualified', '40.00 EUR', [2, 5]],
    );
    assert.equal(await kit.leg(5, 'api'), 'withheld consent_denied');
    assert.equal((await eventOf(kit, 5))?.consent, 'denied');
    assert.equal((await leadOf(kit, '8'))?.consent, 'granted', 'another visitor’s stays');
    assert.equal(await kit.leg(6, 'api'), 'queued ready');
  }
});

const choices = `
  # told with  then                  is at last
  granted      no                    denied
  granted      no yes                granted
  unknown      yes                   granted
  unknown      no                    denied
  unknown      no yes                granted
  denied       yes                   denied
  denied       no yes                denied
  granted      no step               denied
  granted      no step yes           granted
  granted      draft                 granted
`;

for (const line of choices.split('\n')) {
  const [consent = '#', ...rest] = line.trim().split(/\s+/);
  if (consent === '' || consent === '#') continue;
  const [then, last] = [rest.slice(0, -1), rest.at(-1)];
  test(`a lead told with consent ${consent}, then ${then.join(', ')}: its consent is ${last}`, async () => {
    const kit = await openKit();
    await kit.tell(leadTold('server', { visitor: 'v-1', consent: consent as 'granted' }, START, { page: FORM }));
    for (const [index, what] of then.entries()) {
      const at = START + (index + 1) * MINUTE;
      if (what === 'step') await kit.tell(crmTold('qualified', at));
      else if (what === 'draft') await kit.tell(consentTold('denied', at, 'v-1', { draft: true }));
      else await kit.tell(consentTold(what === 'yes' ? 'granted' : 'denied', at));
    }
    const lead = await leadOf(kit);
    assert.equal(lead?.consent, last);
    const step = await kit.tell(crmTold('approved', START + HOUR));
    const legs = { granted: 'queued ready', denied: 'withheld consent_denied' };
    assert.equal(await kit.leg(step, 'api'), legs[last as keyof typeof legs]);
  });
}

test('a lead that is told of a visitor who had said no before is denied, until the next yes', async () => {
  const kit = await openKit();
  await kit.tell(consentTold('denied', START));
  await kit.tell(leadTold('server', { visitor: 'v-1', consent: 'unknown' }, START + MINUTE, { page: FORM }));
  assert.deepEqual([(await leadOf(kit))?.consent, (await leadOf(kit))?.withdrawn], ['denied', true]);
  await kit.tell(consentTold('granted', START + HOUR));
  assert.deepEqual([(await leadOf(kit))?.consent, (await leadOf(kit))?.withdrawn], ['granted', undefined]);
});

test('what a step without an event tells of a lead is kept, and the first word counts', async () => {
  const kit = await openKit();
  await kit.tell(crmTold('rejected', START, { properties: { origin: 'paid_search', email: '' } }));
  assert.deepEqual((await leadOf(kit))?.properties, { origin: 'paid_search' });
  await kit.tell(crmTold('qualified', START - DAY, { properties: { origin: 'social' } }));
  assert.deepEqual((await leadOf(kit))?.properties, { origin: 'paid_search' });
});

test('a lead of whose page nothing is known is in the books, and TikTok does not get it', async () => {
  const kit = await openKit();
  const step = await kit.tell(crmTold('qualified', START, { consent: 'granted' }));
  assert.equal(await kit.verdict(step), 'admitted first_observation');
  assert.equal(await kit.leg(step, 'api'), 'withheld page_unknown');
  assert.equal((await leadOf(kit))?.value, '40.00 EUR');
});

test('a lead of an Instant Form goes to the CRM event set with every step, and is booked without one', async () => {
  const lead = { lead_event_source: 'HubSpot' };
  for (const [change, verdict, unsent] of [
    [(text: string) => text, 'admitted first_observation', undefined],
    [(text: string) => text.replace(/crmEventSet: .*/, ''), 'admitted lead_without_destination', 'no_destination'],
  ] as const) {
    const kit = await openKit(specTold(change));
    await kit.tell(crmTold('new', START, { source: 'crm', consent: 'granted', lead }));
    const step = await kit.tell(crmTold('qualified', START + DAY, { lead }));
    assert.equal(await kit.verdict(step), verdict);
    const { source, steps, status } = (await leadOf(kit)) as LeadRow;
    assert.deepEqual([source, status, steps[1]?.unsent], ['crm', 'qualified', unsent]);
    if (unsent !== undefined) continue;
    const event = await eventOf(kit, step);
    assert.deepEqual(
      [event?.sourceId, event?.lead],
      ['demo/crm', { lead_event_source: 'HubSpot', lead_id: '7', status: 'qualified' }],
    );
    assert.equal(await kit.leg(step, 'api'), 'queued ready');
  }
});

test('a page can’t take a lead back, nor fill its history', async () => {
  const kit = await openKit();
  await kit.tell(crmTold('approved'));
  for (const minutes of [1, 2, 3]) await kit.tell(leadTold('browser', { visitor: 'v-9' }, START + minutes * MINUTE));
  const page = { event: 'Lead', event_id: '7-rejected', lead: { lead_id: '7', status: 'rejected' } };
  await kit.tell(eventTold('browser', page, START + HOUR));
  const { status, steps } = (await leadOf(kit)) as LeadRow;
  assert.deepEqual([status, steps.length], ['approved', 2]);
});

test('a lead has 200 steps at most', async () => {
  const kit = await openKit();
  const told = Array.from({ length: 201 }, (_, index) => crmTold('rejected', START - index * SECOND));
  const first = await kit.tell(...told);
  assert.equal(await kit.verdict(first + 199), 'admitted lead_noted');
  assert.equal(await kit.verdict(first + 200), 'quarantined lead_steps_full');
  assert.equal(await kit.verdict(await kit.tell(crmTold('rejected'))), 'duplicate resent');
});

test('a draft of a step touches no lead', async () => {
  const kit = await openKit();
  await kit.tell(leadTold('server'));
  const before = await leadOf(kit);
  for (const status of ['new', 'qualified', 'rejected']) await kit.tell(leadTold('server', { status, draft: true }));
  assert.deepEqual(await leadOf(kit), before);
});

test('a step whose time can’t be read stays out, event or not', async () => {
  const kit = await openKit();
  for (const status of ['qualified', 'rejected']) {
    const step = await kit.tell(crmTold(status, START, { time: 1785585600000 }));
    assert.equal(await kit.verdict(step), 'quarantined time_in_milliseconds');
  }
  assert.equal(await leadOf(kit), undefined);
});

const CRM =
  'leads:\n  crm: { hubspot: { statuses: { salesqualifiedlead: qualified } }, pipedrive: { statuses: { "5": approved } } }';

test('a CRM’s own word means what the spec says', async () => {
  const kit = await openKit(specTold((text) => text.replace('leads:', CRM)));
  const rows: [provider: string, status: string, property: string | undefined, verdict: string][] = [
    ['hubspot', 'salesqualifiedlead', 'lifecyclestage', 'admitted first_observation'],
    ['hubspot', 'salesqualifiedlead', 'hs_lead_status', 'admitted crm_property_unused'],
    ['hubspot', 'customer', 'lifecyclestage', 'quarantined crm_status_unmapped'],
    ['hubspot', 'qualified', 'lifecyclestage', 'quarantined crm_status_unmapped'],
    ['pipedrive', '5', undefined, 'admitted first_observation'],
    ['pipedrive', 'constructor', undefined, 'quarantined crm_status_unmapped'],
    ['constructor', 'qualified', undefined, 'quarantined crm_status_unmapped'],
  ];
  for (const [provider, status, property, verdict] of rows) {
    const more = { provider, ...(property === undefined ? {} : { property }) };
    const told = await kit.tell({ ...crmTold(status, START, more), door: `webhook:${provider}` });
    assert.equal(await kit.verdict(told), verdict, `${provider} ${status}`);
    const [row] = await kit.ledger.verdicts(told, told);
    if (verdict.endsWith('unmapped'))
      assert.equal(
        row?.problems?.[0]?.what,
        `the spec does not say what ${JSON.stringify(status)} of ${JSON.stringify(provider)} means`,
      );
  }
  assert.deepEqual(
    (await leadOf(kit))?.steps.map(({ status, by }) => [status, by]),
    [
      ['qualified', 'webhook:hubspot'],
      ['approved', 'webhook:pipedrive'],
    ],
  );
});

test('a status that stands for the Purchase of an order is that order’s one Purchase', async () => {
  const kit = await openKit(specTold((text) => text.replace('{ new: Submit', '{ won: Purchase, new: Submit')));
  const properties = { order_id: '77', value: '59.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
  const order = await kit.tell(purchaseTold('server', { properties }));
  const won = await kit.tell(crmTold('won', START + HOUR, { properties, visitor: 'v-1' }));
  assert.match(await kit.verdict(won), /^duplicate resent/);
  assert.equal(await kit.leg(order, 'api'), 'held awaiting_confirmation');
  const { steps, status } = (await leadOf(kit)) as LeadRow;
  assert.deepEqual([status, steps[0]?.event], ['won', order]);
  assert.equal((await kit.ledger.find('77', 9)).length, 1);
});

test('with leads.values: add a lead is worth all that it reached', async () => {
  const kit = await openKit(specTold((text) => text.replace('values: replace', 'values: add')));
  await kit.tell(crmTold('new'), crmTold('qualified', START + HOUR), crmTold('approved', START + 2 * HOUR));
  assert.equal((await leadOf(kit))?.value, '160.00 EUR');
  assert.deepEqual(await kit.ledger.leadTotals(), [
    { status: 'approved', currency: 'EUR', count: 1, value: '160.00 EUR' },
  ]);
});

interface AnyStep {
  status: string;
  minute: number;
  door: string;
}

const anyStep: fc.Arbitrary<AnyStep> = fc.record({
  status: fc.constantFrom('new', 'qualified', 'approved', 'rejected'),
  minute: fc.integer({ min: 0, max: 5 }),
  door: fc.constantFrom('server', 'webhook:standard', 'import', 'browser'),
});

test('any order of arrival and repetition of a lead’s steps ends the same, and each status is signalled once at most', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 1, maxLength: 12 }).chain((steps) =>
        fc.record({
          steps: fc.constant(steps),
          arrivals: fc
            .array(fc.constantFrom(...steps), { maxLength: 6 })
            .chain((again) => fc.shuffledSubarray([...steps, ...again], { minLength: steps.length + again.length })),
          batches: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
          values: fc.constantFrom('replace' as const, 'add' as const),
        }),
      ),
      async ({ steps, arrivals, batches, values }) => {
        const [one, other] = await Promise.all([livesOf(steps, [1], values), livesOf(arrivals, batches, values)]);
        assert.deepEqual(other.lead, one.lead);
        assert.deepEqual([one.row.status, one.row.value], standOf(steps, values));
        for (const { signals, late } of [one, other]) {
          assert.equal(new Set(signals).size, signals.length);
          assert.deepEqual(late, []);
        }
      },
    ),
    { numRuns: 150 },
  );
});

const LADDER = ['new', 'qualified', 'approved', 'rejected'];

/** Does the step come after the other one, by time and then by rank? */
function isAfter(step: AnyStep, other: AnyStep): boolean {
  const ranks = LADDER.indexOf(step.status) - LADDER.indexOf(other.status);
  return step.minute > other.minute || (step.minute === other.minute && ranks > 0);
}

/** Where a lead stands, and what it is worth: by its last step that a page did not tell. */
function standOf(steps: readonly AnyStep[], values: 'replace' | 'add'): [status: string, value: string | undefined] {
  const told = steps.filter(({ door }) => door !== 'browser');
  const status = told.find((step) => !told.some((other) => isAfter(other, step)))?.status ?? 'new';
  const reached = values === 'replace' ? [status] : [...new Set(told.map((step) => step.status))];
  const worth: Record<string, number> = { qualified: 40, approved: 120 };
  const value = reached.reduce((sum, name) => sum + (worth[name] ?? 0), 0);
  return [status, value === 0 ? undefined : `${value}.00 EUR`];
}

test('where a batch ends changes nothing of leads, nor a restart', async () => {
  const page = { page: FORM, user: { ttclid: 'E.C.P.1' } };
  const visitor = fc.constantFrom('v-1', 'v-2', undefined);
  const record = fc.oneof(
    fc.record({ status: anyStep.map(({ status }) => status), who: visitor }).map(({ status, who }) => (at: number) => {
      return crmTold(status, at, who === undefined ? {} : { visitor: who });
    }),
    visitor.map((who) => (at: number) => {
      const told = { event: 'SubmitApplication', event_id: '7-new', properties: { lead_id: '7' } };
      return eventTold('browser', { ...told, ...(who === undefined ? {} : { visitor: who }) }, at, page);
    }),
    visitor.map((who) => (at: number) => {
      return eventTold('browser', { event_id: `e-${at}`, ...(who === undefined ? {} : { visitor: who }) }, at, {
        ...{ page: { url: `https://shop.example/${at}` }, user: { ttclid: `E.C.P.${at}` } },
      });
    }),
    fc.tuple(fc.constantFrom('granted' as const, 'denied' as const), fc.constantFrom('v-1', 'v-2')).map(
      ([choice, who]) =>
        (at: number) =>
          consentTold(choice, at, who),
    ),
  );
  const steps = fc.array(fc.tuple(record, fc.constantFrom(0, SECOND, 6 * MINUTE, 4 * DAY)), {
    ...{ minLength: 2, maxLength: 14 },
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 2, max: 14 }), async (told, batch) => {
      let at = START;
      const records = told.map(([tell, laterMs]) => {
        at += laterMs;
        return tell(at);
      });
      const [one, many] = await Promise.all(
        [1, batch].map(async (size) => {
          const kit = await openKit();
          for (let from = 0; from < records.length; from += size) {
            await kit.tell(...records.slice(from, from + size));
            if (size > 1) await kit.restart();
          }
          const seqs = records.map((_, index) => index + 2);
          return { lineage: await kit.ledger.lineage(seqs, ['7']), verdicts: await kit.ledger.verdicts(1, 99) };
        }),
      );
      assert.deepEqual(many, one);
    }),
    { numRuns: 150 },
  );
});

/**
 * The lead after these steps, without the records that told it; what was signalled of it, and which of the signals came
 * when a later step was known. After each batch there is a restart.
 */
async function livesOf(
  steps: readonly AnyStep[],
  batches: readonly number[],
  values: 'replace' | 'add',
): Promise<{ row: LeadRow; lead: unknown; signals: string[]; late: string[] }> {
  const kit = await openKit(specTold((text) => text.replace('values: replace', `values: ${values}`)));
  const records = steps.map(({ status, minute, door }, index) => {
    const isPage = door === 'browser';
    const told = crmTold(isPage ? 'new' : status, START + minute * MINUTE, { source: 'web' }, START + DAY + index);
    const act = isPage ? { visitor: 'v-1', consent: 'granted' } : {};
    return {
      ...{ ...told, door: door as 'server', body: { ...told.body, ...act } },
      personal: isPage ? { page: FORM, user: { ttclid: 'E.C.P.1' } } : null,
    };
  });
  let first: number | undefined;
  for (let at = 0, turn = 0; at < records.length; turn++) {
    const size = batches[turn % batches.length] ?? 1;
    const seq = await kit.tell(...records.slice(at, at + size));
    first ??= seq;
    at += size;
    if (size > 1) await kit.restart();
  }
  const row = (await leadOf(kit)) as LeadRow;
  const { events, dispatches } = await kit.ledger.lineage(await kit.ledger.find('7', 99), ['7']);
  for (const { event, leg, state } of dispatches)
    assert.ok(leg === 'pixel' || ['queued', 'withheld'].includes(state), `${event} ${state}`);
  const late = events.filter(({ seq }) => {
    const index = seq - (first ?? 0);
    const step = steps[index] as AnyStep;
    const status = step.door === 'browser' ? 'new' : step.status;
    return steps
      .slice(0, index)
      .some(
        (other) =>
          other.door !== 'browser' && other.status !== status && (step.door === 'browser' || isAfter(other, step)),
      );
  });
  const { steps: told, ...lead } = row;
  return {
    row,
    lead: { ...lead, steps: told.map(({ status, at, by }) => `${by} ${status} ${at}`) },
    signals: events.map(({ eventId }) => eventId),
    late: late.map(({ eventId }) => eventId),
  };
}
