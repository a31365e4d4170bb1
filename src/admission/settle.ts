import type { Door, EventRow, Json, JsonObject } from '../event/event.ts';
import type { EventRule } from '../spec/spec.ts';
import type { Amount } from './amount.ts';
import type { Context } from './context.ts';
import type { Draft } from './normalise.ts';
import { tellerOf } from './order-worth.ts';

/**
 * What TikTok may have of an event: nothing yet, a copy that the page fired, the copy that this very observation tells
 * of, or a leg that left.
 */
type Copy = 'open' | 'fired' | 'firing' | 'frozen';

export interface Telling {
  door: Door;
  seq: number;
  rule: EventRule;
  copy: Copy;
  /** by the rule's precedence, or whatever the rule says: a creation that takes over, a stranger's page */
  believe: 'declared' | 'new' | 'known';
}

/** Properties with which money is reckoned, and the order it belongs to. */
export const COMPARED = ['order_id', 'contents', 'quantity', 'num_items'] as const;

/**
 * A known event after another observation of it. Our books believe the higher door of the rule's precedence, TikTok
 * gets what a copy has told it already, and every difference is written down. What was not there is filled in.
 */
export function settled(known: EventRow, draft: Draft, telling: Telling, context: Context): EventRow {
  const { copy, believe, rule } = telling;
  const row = copy === 'frozen' || believe === 'known' ? { ...known } : filled(known, draft, copy === 'firing');
  settleValue(row, draft, telling, context);
  for (const field of COMPARED) {
    const [old, told] = [known.properties[field], draft.properties[field]];
    if (told === undefined) continue;
    if (old === undefined) {
      if (row.properties[field] !== undefined) decide(row, field, telling.door);
      continue;
    }
    const wins = copy === 'firing' || (copy === 'open' && outranks(row, field, telling, rule));
    if (!agree(old, told)) differ(row, field, textOf(old), textOf(told), wins, telling, context);
    if (!wins) continue;
    row.properties = { ...row.properties, [field]: told };
    decide(row, field, telling.door);
  }
  return row;
}

/** Changes what a row is worth, in our books and at TikTok, by another word about it. */
export function settleValue(row: EventRow, told: Amount, telling: Telling, context: Context): void {
  if (told.value === undefined) return;
  const { value: old } = row;
  const { copy, rule } = telling;
  const wins = old === undefined ? telling.believe !== 'known' : outranks(row, 'value', telling, rule);
  if (old !== undefined && old !== told.value) {
    const [amount, currency] = old.split(' ') as [string, string];
    const [toldAmount, toldCurrency] = told.value.split(' ') as [string, string];
    if (amount !== toldAmount) differ(row, 'value', old, told.value, wins, telling, context);
    if (currency !== toldCurrency) differ(row, 'currency', currency, toldCurrency, wins, telling, context);
  }
  const had = copyOf(row);
  const toldFirst = copy === 'firing' || (copy === 'open' && wins) || (copy === 'fired' && old === undefined && wins);
  const send = toldFirst ? copyOf(told) : had;
  if (wins) {
    decide(row, 'value', telling.door);
    row.value = told.value;
  }
  delete row.sendValue;
  delete row.rate;
  if (send.money === row.value) return;
  row.sendValue = send.money ?? null;
  if (send.rate) row.rate = send.rate;
}

/** What TikTok gets of a value. */
function copyOf({ value, sendValue, rate }: Amount): { money: string | null | undefined; rate: Amount['rate'] } {
  return { money: sendValue === undefined ? value : sendValue, rate };
}

/** The fields that the row lacked; with `over`, the page's copy decides what it had too. The last word on consent counts. */
function filled(known: EventRow, draft: Draft, over: boolean): EventRow {
  const row: EventRow = { ...known };
  fill(row, draft);
  row.properties = over ? { ...known.properties, ...draft.properties } : { ...draft.properties, ...known.properties };
  if (draft.consent !== 'unknown') row.consent = draft.consent;
  if (draft.personal === null) return row;
  const user = { ...draft.personal.user, ...known.personal?.user };
  const page = { ...draft.personal.page, ...known.personal?.page };
  row.personal = {};
  if (Object.keys(user).length > 0) row.personal.user = user;
  if (Object.keys(page).length > 0) row.personal.page = page;
  return row;
}

/** Gives a row the optional fields of a draft that it has not, but for money. */
export function fill(row: EventRow, draft: Draft): void {
  if (row.visitor === undefined && draft.visitor !== undefined) row.visitor = draft.visitor;
  if (row.session === undefined && draft.session !== undefined) row.session = draft.session;
  if (row.orderId === undefined && draft.orderId !== undefined) row.orderId = draft.orderId;
  if (row.leadId === undefined && draft.leadId !== undefined) row.leadId = draft.leadId;
  if (row.app === undefined && draft.app !== undefined) row.app = draft.app;
  if (row.ad === undefined && draft.ad !== undefined) row.ad = draft.ad;
  if (row.lead === undefined && draft.lead !== undefined) row.lead = draft.lead;
  if (row.limitedDataUse === undefined && draft.limitedDataUse !== undefined) row.limitedDataUse = draft.limitedDataUse;
}

/** Is this observation believed rather than the one that decided the field so far? */
function outranks(row: EventRow, field: string, { door, believe }: Telling, rule: EventRule): boolean {
  if (believe !== 'declared') return believe === 'new';
  return rank(door, rule) < rank(deciderOf(row, field), rule);
}

/** The place of a door in the rule's precedence. */
function rank(door: Door, { precedence }: EventRule): number {
  const place = precedence.indexOf(tellerOf(door));
  return place < 0 ? precedence.length : place;
}

/** The door whose word stands in a field. */
export function deciderOf(row: EventRow, field: string): Door {
  return row.deciders?.[field] ?? row.observations[0]?.door ?? 'server';
}

function decide(row: EventRow, field: string, door: Door): void {
  if (deciderOf(row, field) !== door) row.deciders = { ...row.deciders, [field]: door };
}

/** Writes a difference down: what is kept, what is not, whose observation that was, and who decided. */
function differ(
  row: EventRow,
  field: string,
  old: string,
  told: string,
  wins: boolean,
  { door, seq }: Telling,
  { working }: Context,
): void {
  const decider = deciderOf(row, field === 'currency' ? 'value' : field);
  if (!wins) {
    working.difference(row, field, old, told, seq, decider);
    return;
  }
  const loser = row.observations.find((other) => other.door === decider)?.seq ?? row.seq;
  working.difference(row, field, told, old, loser, door);
}

/** Do two observations say the same? Of two contents, what only one of them tells is no difference. */
function agree(a: Json, b: Json): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  if (a.length !== b.length) return false;
  const others = (b as JsonObject[]).toSorted(byId);
  return (a as JsonObject[]).toSorted(byId).every((item, index) =>
    (['content_id', 'quantity', 'price'] as const).every((name) => {
      const other = others[index]?.[name];
      return item[name] === undefined || other === undefined || item[name] === other;
    }),
  );
}

function byId(a: JsonObject, b: JsonObject): number {
  const [left, right] = [String(a['content_id']), String(b['content_id'])];
  return left < right ? -1 : left > right ? 1 : Number(a['price'] ?? 0) - Number(b['price'] ?? 0);
}

const TEXT_MAX = 200;

/** `2 × SKU-1 at 29.95, 1 × 4711`, shortened. */
function textOf(value: Json): string {
  if (!Array.isArray(value)) return String(value).slice(0, TEXT_MAX);
  const items = (value as JsonObject[]).map(({ content_id, quantity, price }) =>
    [quantity === undefined ? '' : `${quantity} × `, content_id, price === undefined ? '' : ` at ${price}`].join(''),
  );
  return items.join(', ').slice(0, TEXT_MAX);
}

/** How far an event has gone at TikTok; `firing` where the present observation tells of the page's copy. */
export function copyState(known: EventRow, rule: EventRule, firing: boolean, { working }: Context): Copy {
  if (known.frozenAt !== undefined) return 'frozen';
  if (rule.guarded) return 'open';
  if (working.legs(known.seq).some((leg) => leg.leg === 'pixel' && leg.copyAt !== undefined)) return 'fired';
  return firing ? 'firing' : 'open';
}
