import { AssayError } from '../event/error.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type {
  ToldAnswer,
  ToldConsent,
  ToldEngagement,
  ToldEvent,
  ToldExpired,
  ToldFired,
  ToldForeign,
  ToldKey,
  ToldLead,
  ToldPayment,
  ToldPixel,
  ToldSent,
  ToldSpec,
  ToldTest,
  ToldTouch,
  Unread,
} from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Effects, EventKey, Keys, Known, SpecRow } from '../store/ledger.ts';
import { cleanId } from '../tiktok/text.ts';
import { chooserOf, shopOf, tellConsent } from './consents.ts';
import type { Context } from './context.ts';
import { tellEvent } from './events.ts';
import type { Guard } from './guard.ts';
import { leadEvent, tellLead } from './leads.ts';
import { type Draft, isOrderEvent, normalise } from './normalise.ts';
import { tellKey, tellTest } from './operators.ts';
import { tellOrder } from './orders.ts';
import { tellAnswer, tellExpired, tellFired, tellSent } from './outcomes.ts';
import { tellPayment } from './payments.ts';
import { readStored } from './stored-spec.ts';
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
 * Decides a batch of records in order: one verdict each, and what follows from it. A spec ends its batch, because all
 * that comes after it has other keys. `load` is asked before and after; between, nothing is read or written.
 */
export async function decide(
  records: readonly JournalRecord[],
  state: Admitting,
  load: (keys: Keys) => Promise<Known>,
): Promise<{ effects: Effects } & Omit<Admitting, 'guard'>> {
  const working = new Working();
  const context: Context = { ...state, working };
  const drafts = new Map<number, Draft>();
  const keys = keysOf(records, context, drafts);
  const known = await load(keys);
  working.add(known);
  const more = moreOf(known, keys);
  if (more.events.length + more.orders.length > 0) working.add(await load(more));
  for (const record of records) decideOne(record, drafts, context);
  const findings = working.findings();
  if (findings.length > 0) working.foundBefore((await load({ events: [], orders: [], findings })).findings);
  const { spec, specs, keys: operatorKeys, tests } = context;
  return { effects: working.effects(), spec, specs, keys: operatorKeys, tests };
}

function decideOne(record: JournalRecord, drafts: Map<number, Draft>, context: Context): void {
  const body: unknown = record.body;
  switch (record.kind) {
    case 'event':
    case 'order':
    case 'lead': {
      const draft = drafts.get(record.seq);
      if (draft) tellDraft(record, draft, context);
      else tellLead(record, body as ToldLead, context);
      return;
    }
    case 'touch':
      return void tellTouch(record, body as ToldTouch, context);
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
      return void tellPayment(record, body as ToldPayment, context);
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
    case 'spec':
      return void tellSpec(record, body as ToldSpec, context);
    case 'unread':
      return void context.working.verdict(record, (body as Unread).verdict, [(body as Unread).reason]);
  }
}

/** An order's Purchase, or any other event. */
function tellDraft(record: JournalRecord, draft: Draft, context: Context): void {
  const chooser = chooserOf(draft, context.spec);
  if (chooser !== undefined && context.working.isRefuser(chooser)) draft.consent = 'denied';
  const { orderId } = draft;
  if (isOrderEvent(draft.name, draft.source, orderId)) tellOrder(record, { ...draft, orderId }, context);
  else tellEvent(record, draft, context);
}

const PIXEL_REASON: Record<ToldPixel['state'], string> = {
  loaded: 'pixel_loaded',
  loadFailed: 'pixel_load_failed',
  unknown: 'pixel_unknown',
};

/** A spec that became active: everything after it is judged by it. */
function tellSpec(record: JournalRecord, told: ToldSpec, context: Context): void {
  const parsed = readStored(told);
  if (!parsed.ok) throw new AssayError('spec_unreadable', `the activated spec ${told.hash} can't be read`);
  const version = context.spec.version + 1;
  context.spec = { ...parsed.value, version };
  const { hash, text, rates } = told;
  const row: SpecRow = { version, hash, activatedAt: record.receivedAt, text, rates };
  context.specs = new Map(context.specs).set(version, row);
  context.working.putSpec(row);
  context.working.verdict(record, 'admitted', ['spec_activated']);
}

/** Everything a batch may touch. Drafts of events are made here, once, because their keys come from them. */
function keysOf(records: readonly JournalRecord[], context: Context, drafts: Map<number, Draft>): Keys {
  const events = new Set<number>();
  const named: EventKey[] = [];
  const orders = new Map<string, { shop: string; orderId: string }>();
  const visitors = new Set<string>();
  const touches: string[] = [];
  const choosers = new Set<string>();
  const shop = context.spec.business.id;
  const wantOrder = (orderId: string): unknown => orders.set(orderId, { shop, orderId });
  for (const record of records) {
    const body: unknown = record.body;
    switch (record.kind) {
      case 'event':
      case 'order':
      case 'lead': {
        const draft = draftOf(record, context.spec);
        if (!draft) break;
        drafts.set(record.seq, draft);
        const seen = context.guard.find(draft.key, record.receivedAt);
        if (seen) events.add(seen.seq);
        else if (context.guard.mayHaveForgotten(draft.key, draft.occurredAt, record.receivedAt)) named.push(draft);
        if (draft.orderId) wantOrder(draft.orderId);
        const chooser = chooserOf(draft, context.spec);
        if (chooser !== undefined) choosers.add(chooser);
        break;
      }
      case 'payment':
        wantOrder(cleanId((body as ToldPayment).order_id));
        break;
      case 'fired':
        wantOrder((body as ToldFired).event_id.slice(shop.length + 1));
        break;
      case 'sent':
      case 'handout':
        for (const send of (body as ToldSent).sends) events.add(send.event);
        break;
      case 'answer':
        for (const answer of (body as ToldAnswer).answers) events.add(answer.event);
        break;
      case 'expired':
        for (const leg of (body as ToldExpired).legs) events.add(leg.event);
        break;
      case 'consent':
        visitors.add((body as ToldConsent).visitor);
        break;
      case 'touch':
        touches.push((body as ToldTouch).touch);
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
    ...{ events: [...events], orders: [...orders.values()], named, touches },
    ...{ visitors: [...visitors], choosers: [...choosers] },
  };
}

/** The events of the orders that came, and the orders of visitors' events: a choice concerns both. */
function moreOf(known: Known, { visitors = [] }: Keys): Keys {
  const events = known.orders.flatMap((order) => (order.event === undefined ? [] : [order.event]));
  const orders: Keys['orders'] = [];
  if (visitors.length > 0)
    for (const event of known.events)
      if (event.orderId !== undefined) orders.push({ shop: shopOf(event), orderId: event.orderId });
  return { events, orders };
}

/** Every told event but a step of a lead that stands for none. */
function draftOf({ kind, body, personal, receivedAt }: JournalRecord, spec: Spec): Draft | undefined {
  const told = kind === 'lead' ? leadEvent(body as unknown as ToldLead, spec) : (body as unknown as ToldEvent);
  return told && normalise(told, personal, spec, receivedAt);
}
