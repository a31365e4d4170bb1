import assert from 'node:assert/strict';
import { MOVES_MONEY } from '../../event/order.ts';
import type { ToldPayment } from '../../event/told.ts';
import { defaultSpec } from '../../spec/default.ts';
import { hookRecords } from '../hook.ts';
import { EVENTS_MAX } from '../schemas.ts';
import { sitesOf } from '../tell.ts';
import { CONTENTS_MAX } from './fields.ts';
import type { HookOrder, HookRead, HookStep, Provider, Told } from './provider.ts';

const SITES = sitesOf(defaultSpec());
/** Of those that are planted into bodies, the ones that exist. */
const CURRENCIES = new Set(['EUR', 'JPY', 'KWD', 'USD', 'GBP']);
const AMOUNT = /^\d{1,30}(?:\.\d{1,10})?$/;
const CURRENCY = /^[A-Z]{3}$/;

/** Throws unless all that was read may be written down as it is. */
export function wellFormed(provider: Provider, read: HookRead): void {
  switch (read.kind) {
    case 'refused':
      assert.deepEqual(read, { kind: 'refused', reason: 'signature_wrong' });
      return;
    case 'ping':
      return;
    case 'other':
      if (read.topic !== undefined) assert.match(read.topic, /^[\w.:/-]{1,100}$/);
      return;
    case 'told':
      toldWell(provider, read);
  }
}

function toldWell(provider: Provider, read: Told): void {
  const { topic, order, facts, steps = [], draft } = read;
  const topics = provider.topics.map((known) => known.topic);
  assert.ok(topics.includes(topic), `${topic} is on its list`);
  assert.ok(order || facts.length > 0 || steps.length > 0, 'it tells something');
  assert.ok(draft === undefined || draft);
  assert.ok(facts.length + steps.length <= EVENTS_MAX);
  if (order) orderWell(order);
  for (const fact of facts) factWell(provider, fact);
  const references = facts.map(({ order_id, reference }) => `${order_id}\n${reference}`);
  assert.deepEqual(references, [...new Set(references)], 'each fact has a reference of its own');
  for (const step of steps) stepWell(step);
  const records = hookRecords(read, `webhook:${provider.name}`, 0, SITES);
  // A currency that nobody has is the door's to complain of.
  const exist = [order, ...facts].every((told) => told?.currency === undefined || CURRENCIES.has(told.currency));
  if (exist) assert.ok(records.ok, JSON.stringify(records));
}

function factWell(provider: Provider, { fact = 'payment', ...told }: ToldPayment): void {
  assert.equal(told.provider, provider.name);
  for (const id of [told.order_id, told.reference]) idWell(id);
  timeWell(told.time);
  if (told.payment !== undefined) {
    assert.match(told.payment, /^[a-z]{2,20}:\S/);
    idWell(told.payment);
  }
  // What names its payment alone waits under the payment's id.
  if (told.by_payment) assert.equal(told.payment, `${provider.name}:${told.order_id}`);
  if (!MOVES_MONEY[fact]) {
    assert.deepEqual([told.amount, told.currency], [undefined, undefined]);
    return;
  }
  assert.match(told.amount ?? '', AMOUNT);
  assert.match(told.currency ?? '', CURRENCY);
}

function orderWell({ order_id, value, currency, time, visitor, session, contents = [] }: HookOrder): void {
  idWell(order_id);
  assert.match(value, AMOUNT);
  assert.match(currency, CURRENCY);
  timeWell(time);
  for (const id of [visitor, session]) if (id !== undefined) assert.match(id, /^[\w-]{1,128}$/);
  assert.ok(contents.length <= CONTENTS_MAX);
  for (const { content_id, quantity, price, content_name } of contents) {
    idWell(content_id);
    assert.ok(quantity === undefined || (Number.isSafeInteger(quantity) && quantity >= 0));
    if (price !== undefined) assert.match(price, AMOUNT);
    if (content_name !== undefined) assert.ok(content_name !== '' && content_name.length <= 512);
  }
}

function stepWell({ lead_id, status, time }: HookStep): void {
  idWell(lead_id);
  assert.ok(status.trim() !== '' && status.length <= 64);
  timeWell(time);
}

function idWell(id: string): void {
  assert.ok(typeof id === 'string' && id !== '' && id === id.trim() && id.length <= 512, JSON.stringify(id));
}

function timeWell(time: string | number | undefined): void {
  if (typeof time === 'string') assert.match(time, /^\d[\dTZ :.+-]{0,63}$/);
  else assert.ok(time === undefined || Number.isFinite(time));
}
