import { adReportKey } from '../event/ad-report.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import {
  eventsTold,
  type ToldAdReport,
  type ToldAnswer,
  type ToldConsent,
  type ToldEngagement,
  type ToldEvent,
  type ToldExpired,
  type ToldFired,
  type ToldForeign,
  type ToldKey,
  type ToldLead,
  type ToldPayment,
  type ToldPixel,
  type ToldReplay,
  type ToldRestored,
  type ToldSent,
  type ToldSpec,
  type ToldTest,
  type ToldTouch,
  type Unread,
} from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { Effects, SpecRow } from '../store/effects.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { EventKey, Keys, Known } from '../store/known.ts';
import { cleanId } from '../tiktok/text.ts';
import { tellSpec } from './activation.ts';
import { tellAdReport } from './ad-reports.ts';
import { chooserOf, shopOf, tellConsent } from './consents.ts';
import type { Context } from './context.ts';
import { tellEvent } from './events.ts';
import { paymentTold, tellFact } from './facts.ts';
import type { Guard } from './guard.ts';
import { isHooked } from './hooked-orders.ts';
import { signalKeys, stepOfEvent, tellLead, tellLeadEvent } from './leads.ts';
import { hasLeft } from './legs.ts';
import { type Draft, isOrderEvent, normalise } from './normalise.ts';
import { tellKey, tellTest } from './operators.ts';
import { lacksClick } from './order-click.ts';
import { tellOrder } from './orders.ts';
import { orphanSale } from './orphans.ts';
import { tellAnswer, tellExpired, tellFired, tellSent } from './outcomes.ts';
import { type Recalled, tellReplay } from './replay.ts';
import { tellRestored } from './restored.ts';
import { tellEngagement, tellForeign, tellTouch } from './touches.ts';
import { Working } from './working.ts';

/** What admission carries from batch to batch, beside the ledger. */
export interface Admitting {
  spec: Spec;
  specs: ReadonlyMap<number, SpecRow>;
  guard: Guard;
  keys: ReadonlyMap<string, KeyRow>;
  tests: ReadonlyMap<string, TestRow>;
}

/**
 * Decides records in order, up to `upTo`: one verdict each, and what follows from it. A spec ends its batch, because all
 * that comes after it has other keys; so does an event that its visitor is no longer known by. `load` is asked before and after, and `recall` for the records that a replay is
 * about; between, nothing is read or written.
 */
export async function decide(
  records: readonly JournalRecord[],
  state: Admitting,
  load: (keys: Keys) => Promise<Known>,
  recall: (seqs: readonly number[]) => Promise<Map<number, Recalled>> = async () => new Map(),
): Promise<{ effects: Effects; upTo: number } & Omit<Admitting, 'guard'>> {
  const working = new Working();
  const context: Context = { ...state, working };
  const drafts = new Map<number, Draft>();
  const replays = replaysOf(records);
  const recalled = await recall([...replays.records]);
  const again = Array.from(recalled.values(), ({ record }) => record);
  const keys = keysOf([...records, ...again], context, drafts, replays.records);
  const known = await loadWhole(keys, load);
  working.add(known);
  const more = moreOf(known, keys, comeBack(records), replays.events);
  if (Object.values(more).some((wanted) => wanted.length > 0)) working.add(await load(more));
  if (replays.events.size > 0)
    for (const [seq, one] of await recall(observationsOf(known, replays.events))) recalled.set(seq, one);
  let upTo = 0;
  for (const record of records) {
    decideOne(record, drafts, recalled, context);
    upTo = record.seq;
    if (working.hasLostContext) break;
  }
  const findings = working.findings();
  if (findings.length > 0) working.foundBefore((await load({ events: [], orders: [], findings })).findings);
  const { spec, specs, keys: operatorKeys, tests } = context;
  return { effects: working.effects(), upTo, spec, specs, keys: operatorKeys, tests };
}

/** What was asked for, and whole the orders in which the payments asked for have entries. */
async function loadWhole(keys: Keys, load: (keys: Keys) => Promise<Known>): Promise<Known> {
  const known = await load(keys);
  const asked = new Set(keys.orders.map(({ shop, orderId }) => `${shop}\n${orderId}`));
  const homes = known.paid.filter(({ shop, orderId }) => !asked.has(`${shop}\n${orderId}`));
  if (homes.length === 0) return known;
  const { orders, entries } = await load({ events: [], orders: homes });
  return { ...known, orders: [...known.orders, ...orders], entries: [...known.entries, ...entries] };
}

function decideOne(
  record: JournalRecord,
  drafts: Map<number, Draft>,
  recalled: ReadonlyMap<number, Recalled>,
  context: Context,
): void {
  const body: unknown = record.body;
  switch (record.kind) {
    case 'event':
    case 'order': {
      const draft = drafts.get(record.seq);
      if (draft) tellDraft(record, draft, context);
      return;
    }
    case 'lead':
      return void tellLead(record, body as ToldLead, context);
    case 'touch':
      return void tellTouch(record, body as ToldTouch, context);
    case 'adReport':
      return void tellAdReport(record, body as ToldAdReport, context);
    case 'consent':
      return void tellConsent(record, body as ToldConsent, context);
    case 'engagement':
      return void tellEngagement(record, body as ToldEngagement, context);
    case 'foreign':
      return void tellForeign(record, body as ToldForeign, context);
    case 'key':
      return void tellKey(record, body as ToldKey, context);
    case 'test':
      return void tellTest(record, body as ToldTest, context);
    case 'payment':
      return void tellFact(record, body as ToldPayment, drafts.get(record.seq), context);
    case 'pixel':
      return void context.working.verdict(record, 'admitted', [PIXEL_REASON[(body as ToldPixel).state]]);
    case 'fired':
      return void tellFired(record, body as ToldFired, context);
    case 'handout':
    case 'sent':
      return void tellSent(record, body as ToldSent, context);
    case 'answer':
      return void tellAnswer(record, body as ToldAnswer, context);
    case 'expired':
      return void tellExpired(record, body as ToldExpired, context);
    case 'restored':
      return void tellRestored(record, body as ToldRestored, context);
    case 'replay': {
      const judge = (one: JournalRecord): void => decideOne(chosen(one, drafts, context), drafts, recalled, context);
      return void tellReplay(record, body as ToldReplay, { records: recalled, judge }, context);
    }
    case 'spec':
      return void tellSpec(record, body as ToldSpec, context);
    case 'unread':
      return void context.working.verdict(record, (body as Unread).verdict, [(body as Unread).reason]);
  }
}

/** A record that is judged again, with what its visitor has said since: a no holds, whatever was told with it. */
function chosen(record: JournalRecord, drafts: Map<number, Draft>, { working }: Context): JournalRecord {
  const { visitor, draft, consent } = record.body;
  if (typeof visitor !== 'string' || consent === undefined || draft || !working.isRefuser(visitor)) return record;
  const told = drafts.get(record.seq);
  if (told) told.consent = 'denied';
  return { ...record, body: { ...record.body, consent: 'denied' } };
}

/** An order's Purchase, or any other event. */
function tellDraft(record: JournalRecord, draft: Draft, context: Context): void {
  const chooser = chooserOf(draft, context.spec);
  if (chooser !== undefined && context.working.isRefuser(chooser)) draft.consent = 'denied';
  const { orderId } = draft;
  if (isOrderEvent(draft.name, draft.source, orderId)) tellOrder(record, { ...draft, orderId }, context);
  else {
    const step = stepOfEvent(record, draft, context.spec);
    if (step) tellLeadEvent(record, draft, step, context);
    else tellEvent(record, draft, context);
  }
}

const PIXEL_REASON: Record<ToldPixel['state'], string> = {
  loaded: 'pixel_loaded',
  loadFailed: 'pixel_load_failed',
  unknown: 'pixel_unknown',
};

/** Everything a batch may touch. Drafts of events are made here, once, because their keys come from them. */
function keysOf(
  records: readonly JournalRecord[],
  context: Context,
  drafts: Map<number, Draft>,
  judgedAgain: ReadonlySet<number>,
): Keys {
  const events = new Set<number>();
  const named: EventKey[] = [];
  const orders = new Map<string, { shop: string; orderId: string }>();
  const payments = new Map<string, { shop: string; payment: string }>();
  const visitors = new Set<string>();
  const touches: string[] = [];
  const adReports: string[] = [];
  const choosers = new Set<string>();
  const contexts = new Set<string>();
  const leads = new Set<string>();
  const shop = context.spec.business.id;
  const wantOrder = (orderId: string): unknown => orders.set(orderId, { shop, orderId });
  const wantSeen = (draft: Draft, { receivedAt, seq }: JournalRecord): void => {
    const seen = context.guard.find(draft.key, receivedAt);
    // What a record was judged to since, the guard may have left behind.
    const isOld = judgedAgain.has(seq);
    if (isOld && draft.visitor !== undefined) choosers.add(draft.visitor);
    if (seen) events.add(seen.seq);
    else if (isOld) named.push(draft);
    else if (context.guard.mayHaveForgotten(draft.key, draft.occurredAt, receivedAt)) named.push(draft);
  };
  const wantLead = (leadId: string, visitor: string | undefined): void => {
    leads.add(leadId);
    if (visitor === undefined) return;
    contexts.add(visitor);
    choosers.add(visitor);
  };
  for (const record of records) {
    const body: unknown = record.body;
    switch (record.kind) {
      case 'lead': {
        const told = body as ToldLead;
        for (const key of signalKeys(told, context.spec)) {
          const seen = context.guard.find(key.key, record.receivedAt);
          if (seen) events.add(seen.seq);
          // However long ago a status was signalled: TikTok gets each once.
          else named.push(key);
        }
        wantLead(told.lead_id, told.visitor);
        const orderId = told.properties?.['order_id'];
        if (typeof orderId === 'string' || typeof orderId === 'number') wantOrder(cleanId(String(orderId)));
        break;
      }
      case 'event':
      case 'order': {
        const draft = draftOf(record, context.spec);
        drafts.set(record.seq, draft);
        wantSeen(draft, record);
        if (draft.leadId !== undefined) wantLead(draft.leadId, draft.visitor);
        if (draft.orderId) wantOrder(draft.orderId);
        // What its visitor said and was seen to do counts, whatever the provider's machine tells.
        if (isHooked(record) && draft.visitor !== undefined && draft.namespace === 'live') {
          contexts.add(draft.visitor);
          choosers.add(draft.visitor);
        }
        if (draft.visitor !== undefined && draft.orderId !== undefined && lacksClick(draft))
          contexts.add(draft.visitor);
        const chooser = chooserOf(draft, context.spec);
        if (chooser !== undefined) choosers.add(chooser);
        break;
      }
      case 'payment': {
        wantOrder(cleanId((body as ToldPayment).order_id));
        const payment = paymentTold(body as ToldPayment);
        if (payment !== undefined) payments.set(payment, { shop, payment });
        const sale = orphanSale(record, body as ToldPayment, context.spec);
        if (!sale) break;
        drafts.set(record.seq, sale);
        wantSeen(sale, record);
        break;
      }
      case 'fired':
        wantOrder((body as ToldFired).event_id.slice(shop.length + 1));
        break;
      case 'sent':
      case 'handout':
        for (const send of (body as ToldSent).sends) for (const event of eventsTold(send)) events.add(event);
        break;
      case 'answer':
        for (const answer of (body as ToldAnswer).answers) for (const event of eventsTold(answer)) events.add(event);
        break;
      case 'expired':
        for (const leg of (body as ToldExpired).legs) events.add(leg.event);
        break;
      case 'restored':
        for (const leg of (body as ToldRestored).legs) events.add(leg.event);
        break;
      case 'replay':
        for (const leg of (body as ToldReplay).legs) events.add(leg.event);
        break;
      case 'consent':
        visitors.add((body as ToldConsent).visitor);
        break;
      case 'touch':
        touches.push((body as ToldTouch).touch);
        break;
      case 'adReport':
        adReports.push(adReportKey(body as ToldAdReport));
        break;
      case 'engagement':
      case 'foreign':
      case 'pixel':
      case 'spec':
      case 'key':
      case 'test':
      case 'unread':
        break;
    }
  }
  return {
    ...{ events: [...events], orders: [...orders.values()], payments: [...payments.values()], named },
    ...{ touches, adReports },
    ...{ visitors: [...visitors], choosers: [...choosers], contexts: [...contexts], leads: [...leads] },
  };
}

/**
 * The events of the orders that came, and the orders of visitors' events, of attempts that came back and of legs that
 * are to be tried again: a choice, and what became of the order meanwhile, concern them.
 */
function moreOf(known: Known, { visitors = [] }: Keys, back: ReadonlySet<number>, replayed: ReadonlySet<number>): Keys {
  const visitorsOfLeads = known.leads.flatMap(({ visitor }) => visitor ?? []);
  const wanted = known.events.filter(({ seq }) => replayed.has(seq));
  const events = [
    ...known.orders.flatMap(({ event }) => event ?? []),
    ...known.leads.flatMap(({ steps }) => steps.flatMap(({ event }) => event ?? [])),
  ];
  const orders: Keys['orders'] = [];
  if (visitors.length > 0 || back.size > 0 || replayed.size > 0)
    for (const event of known.events)
      if (event.orderId !== undefined && (visitors.length > 0 || back.has(event.seq) || replayed.has(event.seq)))
        orders.push({ shop: shopOf(event), orderId: event.orderId });
  const choosers = [...visitorsOfLeads, ...wanted.flatMap(({ visitor }) => visitor ?? [])];
  return { events, orders, contexts: visitorsOfLeads, choosers, leads: wanted.flatMap(({ leadId }) => leadId ?? []) };
}

/** What replays are about: the events of legs, and records. */
function replaysOf(records: readonly JournalRecord[]): { events: Set<number>; records: Set<number> } {
  const told = records.flatMap(({ kind, body }) => (kind === 'replay' ? [body as unknown as ToldReplay] : []));
  return {
    events: new Set(told.flatMap(({ legs }) => legs.map(({ event }) => event))),
    records: new Set(told.flatMap((one) => one.records)),
  };
}

/** The records of events that are to be tried again, as far as TikTok can't have a copy: only those are made anew. */
function observationsOf({ events, dispatches }: Known, replayed: ReadonlySet<number>): number[] {
  const left = new Set(dispatches.flatMap((leg) => (hasLeft(leg) ? [leg.event] : [])));
  return events
    .filter(({ seq }) => replayed.has(seq) && !left.has(seq))
    .flatMap(({ observations }) => observations.map(({ seq }) => seq));
}

/** The events of attempts that brought nothing to TikTok and are to be repeated. */
function comeBack(records: readonly JournalRecord[]): Set<number> {
  const events = new Set<number>();
  for (const { kind, body } of records)
    if (kind === 'answer')
      for (const answer of (body as unknown as ToldAnswer).answers)
        if (answer.input === 'retry' && !answer.copy) for (const event of eventsTold(answer)) events.add(event);
  return events;
}

function draftOf({ kind, body, personal, receivedAt }: JournalRecord, spec: Spec): Draft {
  // An order is told before its payment; the page it lacks may still be told by the visitor's browser.
  return normalise(body as unknown as ToldEvent, personal, spec, receivedAt, kind === 'order');
}
