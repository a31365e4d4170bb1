import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { leadTold, openKit, START } from '../../test/admission-kit.ts';
import type { Personal } from '../event/event.ts';
import { DAY } from '../event/time.ts';
import type { ToldLead } from '../event/told.ts';
import { start, TWIN, type TwinProcess } from '../sim/twin/client.ts';
import { defaultSpec } from '../spec/default.ts';
import type { NewRecord } from '../store/journal.ts';
import { trackItem, trackRequest } from '../tiktok/body.ts';

let twin: TwinProcess;
before(async () => {
  twin = await start();
});
after(() => twin.stop());

const [TARGET] = defaultSpec().destinations;
const PERSON: Personal = {
  user: { ttclid: 'E.C.P.1', ttp: 'p-1', ip: '203.0.113.7', user_agent: 'Visitor', email: ['a'.repeat(64)] },
  page: { url: 'https://shop.example/form', referrer: 'https://www.tiktok.com/' },
};
const FREE = (source: string): object => ({ source, origin: 'visitor' });
const USER = { ttclid: 'E.C.P.1', ttp: 'p-1', ip: '203.0.113.7', user_agent: 'Visitor', email: 'a'.repeat(64) };
const LEAD = { lead_id: '7', lead_event_source: 'HubSpot' };
const at = (days: number): number => (START + days * DAY) / 1000;

/** What a CRM tells, as steps of a lead that began on a page, or in an Instant Form. */
function step(status: string, days: number, more: Partial<ToldLead> = {}): NewRecord {
  const told = leadTold('server', { status, consent: 'unknown', time: at(days), ...more }, START + days * DAY);
  const { source: _source, ...body } = told.body;
  return { ...told, body: more.source === undefined ? body : told.body, personal: null };
}

const lives: [what: string, told: NewRecord[], items: object[]][] = [
  [
    'that began on a page',
    [
      leadTold('browser', { visitor: 'v-1', properties: { form: 'quote' } }, START, PERSON),
      step('qualified', 1, { properties: { form: 'call' } }),
      step('rejected', 2),
      step('approved', 3),
    ],
    [
      {
        ...{ event: 'SubmitApplication', event_time: at(0), event_id: '7-new', user: USER, page: PERSON.page },
        properties: { ...FREE('web'), form: 'quote' },
      },
      {
        ...{ event: 'Lead', event_time: at(1), event_id: '7-qualified', user: USER, page: PERSON.page },
        properties: { value: 40, currency: 'EUR', ...FREE('web'), form: 'call' },
      },
      {
        ...{ event: 'ApplicationApproval', event_time: at(3), event_id: '7-approved', user: USER, page: PERSON.page },
        properties: { value: 120, currency: 'EUR', ...FREE('web') },
      },
    ],
  ],
  [
    'of an Instant Form',
    [
      step('new', 0, { source: 'crm', consent: 'granted', lead: { lead_event_source: 'HubSpot' } }),
      step('qualified', 1, { lead: { lead_event_source: 'HubSpot' } }),
      step('approved', 2),
    ],
    [
      {
        ...{ event: 'SubmitApplication', event_time: at(0), event_id: '7-new' },
        ...{ properties: FREE('crm'), lead: LEAD },
      },
      {
        ...{ event: 'Lead', event_time: at(1), event_id: '7-qualified' },
        ...{ properties: { value: 40, currency: 'EUR', ...FREE('crm') }, lead: LEAD },
      },
      {
        ...{ event: 'ApplicationApproval', event_time: at(2), event_id: '7-approved' },
        ...{ properties: { value: 120, currency: 'EUR', ...FREE('crm') }, lead: { lead_id: '7' } },
      },
    ],
  ],
];

for (const [what, told, items] of lives)
  test(`the steps of a lead ${what} are told as the contract wants them, and the twin takes each`, async () => {
    const kit = await openKit();
    for (const record of told) await kit.tell(record);
    const { events } = await kit.ledger.lineage([], ['7']).then(async ({ leads }) => {
      const signals = leads.flatMap(({ steps }) => steps.flatMap(({ event }) => event ?? []));
      return kit.ledger.load({ events: signals, orders: [] });
    });
    assert.ok(TARGET);
    const sent = events
      .toSorted((a, b) => a.seq - b.seq)
      .map((event) => ({ event, item: trackItem(event, 'current', true) }));
    assert.deepEqual(
      sent.map(({ item }) => item),
      items,
    );
    for (const { event, item } of sent) {
      assert.equal(await kit.leg(event.seq, 'api'), 'queued ready');
      const sourceId = event.source === 'crm' ? TWIN.crmEventSet : TWIN.pixel;
      assert.equal(await post(trackRequest(TARGET, event.source, sourceId, [item])), '0 OK', JSON.stringify(item));
    }
  });

async function post(body: object): Promise<string> {
  const answer = await fetch(`${twin.url}/open_api/v1.3/event/track/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'access-token': TWIN.token },
    body: JSON.stringify(body),
  });
  const { code, message } = (await answer.json()) as { code: number; message: string };
  return `${code} ${message}`;
}
