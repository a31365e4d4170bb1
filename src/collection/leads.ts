import type { Static } from 'typebox';
import { looksLikeContact } from '../contacts/scrub.ts';
import type { JsonObject } from '../event/event.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import { cleanId } from '../tiktok/text.ts';
import { isBot } from './bots.ts';
import type { Facts } from './browser.ts';
import { lead, leadBatch, leadStep, parser } from './schemas.ts';
import { eventRecord, type sitesOf, type Wire } from './tell.ts';
import { isUsableId, mintedId } from './usable.ts';

/** The status of a lead that was just told. */
const FIRST = 'new';

const readLead = parser(lead);
const readStep = parser(leadStep);
const readBatch = parser(leadBatch);

export interface LeadTold {
  record: NewRecord;
  leadId: string;
}

/** The record of a new lead. Without an id of the sender's it gets 128 random bits. A page tells new leads only. */
export function leadRecord(
  body: unknown,
  door: 'browser' | 'server',
  facts: Facts,
  sites: ReturnType<typeof sitesOf>,
): Parsed<LeadTold> {
  const parsed = readLead(body);
  if (!parsed.ok) return parsed;
  const { lead_id, status = FIRST } = parsed.value;
  if (door === 'browser' && status.trim() !== FIRST) return { ok: false, problems: [PAGES_STATUS] };
  const leadId = lead_id === undefined ? mintedId() : String(lead_id);
  return told({ ...parsed.value, status }, leadId, door, facts, sites);
}

/** The record of a later step, told by a server or a CRM. */
export function leadStepRecord(
  leadId: string,
  body: unknown,
  facts: Facts,
  sites: ReturnType<typeof sitesOf>,
): Parsed<LeadTold> {
  const parsed = readStep(body);
  return parsed.ok ? told(parsed.value, leadId, 'server', facts, sites) : parsed;
}

/** Steps of any leads, at any past time: {"leads": [{"lead_id": …, …}]}. All are taken, or none. */
export function leadRecords(body: unknown, facts: Facts, sites: ReturnType<typeof sitesOf>): Parsed<NewRecord[]> {
  const parsed = readBatch(body);
  if (!parsed.ok) return parsed;
  const records: NewRecord[] = [];
  const problems: Problem[] = [];
  for (const [index, { lead_id, status = FIRST, provider, property, ...step }] of parsed.value.leads.entries()) {
    const read = told({ ...step, status }, String(lead_id), 'import', facts, sites);
    const isContact = property !== undefined && looksLikeContact(property);
    for (const problem of [...(read.ok ? [] : read.problems), ...(isContact ? [PROPERTY] : [])])
      problems.push({ ...problem, where: `leads.${index}.${problem.where}` });
    if (!read.ok) continue;
    const { record } = read.value;
    if (provider !== undefined) record.body['provider'] = provider;
    if (property !== undefined) record.body['property'] = property;
    records.push(record);
  }
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, PROBLEMS_MAX) } : { ok: true, value: records };
}

const PROBLEMS_MAX = 20;

function told(
  step: Static<typeof leadStep>,
  id: string,
  door: 'browser' | 'server' | 'import',
  facts: Facts,
  sites: ReturnType<typeof sitesOf>,
): Parsed<LeadTold> {
  const leadId = cleanId(id);
  const status = cleanId(step.status);
  const problems = [...(isUsableId(leadId) ? [] : [LEAD_ID]), ...(looksLikeContact(status) ? [STATUS] : [])];
  if (problems.length > 0) return { ok: false, problems };
  const { keyId, receivedAt } = facts;
  const record = eventRecord(wireOf(step, door, facts), { door, keyId, receivedAt }, sites);
  // The spec names the event, and the id of each step is made of the lead's.
  const { event: _event, ...rest } = record.body;
  const filed: JsonObject = { ...rest, lead_id: leadId, status };
  // A later step goes where the lead belongs, which a page's own always does.
  if (door !== 'browser' && step.source === undefined) delete filed['source'];
  if (step.spec !== undefined) filed['spec'] = step.spec;
  if (facts.draft) filed['draft'] = true;
  if (door === 'browser' && isBot(facts.userAgent)) filed['bot'] = true;
  return { ok: true, value: { record: { ...record, kind: 'lead', body: filed }, leadId } };
}

/** Named one by one: the schema lets fields through that it does not know. */
function wireOf(step: Static<typeof leadStep>, door: 'browser' | 'server' | 'import', facts: Facts): Wire {
  const own = door === 'browser' ? { ip: facts.ip, user_agent: facts.userAgent } : {};
  const { time, page, properties, lead, ad, visitor, session, consent, draft } = step;
  return {
    event: 'Lead',
    source: door === 'browser' ? 'web' : (step.source ?? 'web'),
    user: { ...step.user, ...own },
    ...(time === undefined ? {} : { time }),
    ...(page === undefined ? {} : { page: page as NonNullable<Wire['page']> }),
    ...(properties === undefined ? {} : { properties }),
    ...(lead === undefined ? {} : { lead }),
    ...(ad === undefined ? {} : { ad }),
    ...(visitor === undefined ? {} : { visitor }),
    ...(session === undefined ? {} : { session }),
    ...(consent === undefined ? {} : { consent }),
    ...(draft === undefined ? {} : { draft }),
  };
}

const LEAD_ID: Problem = {
  where: 'lead_id',
  what: 'is blank, too long, or an e-mail address or phone number',
  fix: 'send an id that says nothing of the person, or none',
  code: 'body_shape',
};
const STATUS: Problem = {
  where: 'status',
  what: 'looks like an e-mail address or phone number',
  fix: 'send the name of the step',
  code: 'body_shape',
};
const PROPERTY: Problem = {
  where: 'property',
  what: 'looks like an e-mail address or phone number',
  fix: 'send the name of the CRM’s field',
  code: 'body_shape',
};
const PAGES_STATUS: Problem = {
  where: 'status',
  what: 'is a step that a page can’t know',
  fix: 'tell it from your server: POST /v1/leads/:id/status',
  code: 'body_shape',
};
