import type { Consent, EventRow, JsonObject, Personal } from '../event/event.ts';
import type { LeadRow, LeadStep } from '../event/lead.ts';
import type { ToldLead } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import { leadLife } from './lead-life.ts';

/** What is known of the person and the page of the act, whoever told the step. */
export interface Act {
  source: 'web' | 'crm';
  visitor?: string;
  session?: string;
  /** as told, with the act or by this step */
  consent: Consent;
  /** the visitor's last word was no, and this step tells of none */
  isRefused?: true;
  ad?: JsonObject;
  personal: Personal | null;
}

/**
 * The context of a step: what its teller says, then what the lead's earlier ones said, then what the visitor's newest
 * event knows. A draft is a try-out, and takes nothing of live leads.
 */
export function actOf(
  told: ToldLead,
  { personal }: JournalRecord,
  known: LeadRow | undefined,
  { working }: Context,
): Act {
  const visitor = told.visitor ?? known?.visitor;
  const event = told.draft || visitor === undefined ? undefined : working.contextOf(visitor);
  const act: Act = {
    source: told.source === 'crm' || (told.source === undefined && known?.source === 'crm') ? 'crm' : 'web',
    consent: consentOf(told.consent, known?.consent, event?.consent),
    personal: joined([personal, known?.personal, event?.personal]),
  };
  const session = told.session ?? known?.session ?? event?.session;
  const ad = told.ad ?? known?.ad ?? event?.ad;
  if (visitor !== undefined) act.visitor = visitor;
  if (session !== undefined) act.session = session;
  if (ad !== undefined) act.ad = ad;
  if (visitor !== undefined && told.consent === 'unknown' && !told.draft && working.isRefuser(visitor))
    act.isRefused = true;
  return act;
}

/** The lead after a step: what is known of the act is kept as it was first told, and what lacked is filled in. */
export function leadRow(
  leadId: string,
  step: LeadStep,
  act: Act,
  properties: JsonObject,
  known: LeadRow | undefined,
  leads: Spec['leads'],
): { row: LeadRow; otherCurrencies: string[] } {
  const { otherCurrencies, value, ...life } = leadLife([...(known?.steps ?? []), step], leads);
  const { visitor = act.visitor, session = act.session, ad = act.ad } = known ?? {};
  // A no stays one, whichever step came with it, and the visitor's own holds until the visitor's next yes.
  const isDenied = act.consent === 'denied' || act.isRefused === true || known?.consent === 'denied';
  const row: LeadRow = {
    ...{ leadId, ...life },
    source: known?.source === 'crm' ? 'crm' : act.source,
    consent: isDenied ? 'denied' : consentOf(known?.consent, act.consent),
    properties: known && Object.keys(known.properties).length > 0 ? known.properties : properties,
    personal: joined([known?.personal, act.personal]),
  };
  if (value !== undefined) row.value = value;
  if (known?.withdrawn || (act.isRefused && known?.consent !== 'denied')) row.withdrawn = true;
  if (visitor !== undefined) row.visitor = visitor;
  if (session !== undefined) row.session = session;
  if (ad !== undefined) row.ad = ad;
  return { row, otherCurrencies };
}

function consentOf(...told: (EventRow['consent'] | undefined)[]): Consent {
  return told.find((consent) => consent !== undefined && consent !== 'unknown') ?? 'unknown';
}

/** The first one's word counts, field by field; of pages, the first one that is known at all. */
function joined(parts: (Personal | null | undefined)[]): Personal | null {
  const known = parts.filter((part) => part !== null && part !== undefined);
  const user = Object.assign({}, ...known.map((part) => part.user ?? {}).toReversed()) as NonNullable<Personal['user']>;
  const page = known.find((part) => part.page?.url !== undefined)?.page ?? known.find((part) => part.page)?.page;
  const personal: Personal = {};
  if (Object.keys(user).length > 0) personal.user = user;
  if (page) personal.page = page;
  return Object.keys(personal).length > 0 ? personal : null;
}
