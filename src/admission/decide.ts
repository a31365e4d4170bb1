import { AssayError } from '../event/error.ts';
import type {
  ToldAnswer,
  ToldEvent,
  ToldExpired,
  ToldFired,
  ToldPayment,
  ToldPixel,
  ToldSent,
  ToldSpec,
  Unread,
} from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Effects, EventKey, Keys, Known } from '../store/ledger.ts';
import type { Context } from './context.ts';
import { tellEvent } from './events.ts';
import { type Guard, isBeyondGuard } from './guard.ts';
import { type Draft, isOrderEvent, normalise } from './normalise.ts';
import { tellOrder } from './orders.ts';
import { tellAnswer, tellExpired, tellFired, tellSent } from './outcomes.ts';
import { tellPayment } from './payments.ts';
import { readStored } from './stored-spec.ts';
import { Working } from './working.ts';

/** What admission carries from batch to batch, beside the ledger. */
export interface Admitting {
  spec: Spec;
  guard: Guard;
}

/**
 * Decides a batch of records in order: one verdict each, and what follows from it. A spec ends its batch, because all
 * that comes after it has other keys. `load` is asked before and after; between, nothing is read or written.
 */
export async function decide(
  records: readonly JournalRecord[],
  state: Admitting,
  load: (keys: Keys) => Promise<Known>,
): Promise<{ effects: Effects; spec: Spec }> {
  const working = new Working();
  const context: Context = { working, guard: state.guard, spec: state.spec };
  const drafts = new Map<number, Draft>();
  const keys = keysOf(records, context, drafts);
  const known = await load(keys);
  working.add(known);
  const more = known.orders.flatMap((order) => (order.event === undefined ? [] : [order.event]));
  if (more.length > 0) working.add(await load({ events: more, orders: [] }));
  for (const record of records) decideOne(record, drafts, context);
  const findings = working.findings();
  if (findings.length > 0) working.foundBefore((await load({ events: [], orders: [], findings })).findings);
  return { effects: working.effects(), spec: context.spec };
}

function decideOne(record: JournalRecord, drafts: Map<number, Draft>, context: Context): void {
  const body: unknown = record.body;
  switch (record.kind) {
    case 'event':
    case 'order': {
      const draft = drafts.get(record.seq) ?? draftOf(record, context.spec);
      const { orderId } = draft;
      if (isOrderEvent(draft.name, draft.source, orderId)) tellOrder(record, { ...draft, orderId }, context);
      else tellEvent(record, draft, context);
      return;
    }
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
  context.working.putSpec({
    version,
    hash: told.hash,
    activatedAt: record.receivedAt,
    text: told.text,
    rates: told.rates,
  });
  context.working.verdict(record, 'admitted', ['spec_activated']);
}

/** Everything a batch may touch. Drafts of events are made here, once, because their keys come from them. */
function keysOf(records: readonly JournalRecord[], context: Context, drafts: Map<number, Draft>): Keys {
  const events = new Set<number>();
  const named: EventKey[] = [];
  const orders = new Map<string, { shop: string; orderId: string }>();
  const shop = context.spec.business.id;
  const wantOrder = (orderId: string): unknown => orders.set(orderId, { shop, orderId });
  for (const record of records) {
    const body: unknown = record.body;
    switch (record.kind) {
      case 'event':
      case 'order': {
        const draft = draftOf(record, context.spec);
        drafts.set(record.seq, draft);
        const seen = context.guard.find(draft.key, record.receivedAt);
        if (seen) events.add(seen.seq);
        else if (isBeyondGuard(draft.occurredAt, record.receivedAt)) named.push(draft);
        if (draft.orderId) wantOrder(draft.orderId);
        break;
      }
      case 'payment':
        wantOrder((body as ToldPayment).order_id);
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
      case 'pixel':
      case 'spec':
      case 'unread':
        break;
    }
  }
  return { events: [...events], orders: [...orders.values()], named };
}

function draftOf(record: JournalRecord, spec: Spec): Draft {
  return normalise(record.body as unknown as ToldEvent, record.personal, spec, record.receivedAt);
}
