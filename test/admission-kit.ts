import { openAdmission } from '../src/admission/run.ts';
import type { DispatchInput } from '../src/event/dispatch.ts';
import type { Door, JsonObject, Leg, Personal } from '../src/event/event.ts';
import type { FactKind } from '../src/event/order.ts';
import type { ToldAnswer, ToldConsent, ToldEvent, ToldLead, ToldPayment, ToldTest } from '../src/event/told.ts';
import { DEFAULT_TRACKING_YAML } from '../src/spec/default-text.ts';
import type { Journal, NewRecord, RecordKind } from '../src/store/journal.ts';
import type { Ledger } from '../src/store/ledger.ts';
import { memoryJournal } from '../src/store/memory/journal.ts';
import { memoryLedger } from '../src/store/memory/ledger.ts';

/** The first instant of the tests, UTC ms. */
export const START = Date.UTC(2026, 7, 1, 12);

/** A record as a door writes it; `more` replaces what the test is about. */
export function rawRecord(kind: RecordKind, body: object, more: Partial<NewRecord> = {}): NewRecord {
  return { kind, door: 'answer', keyId: '', receivedAt: START, body: body as JsonObject, personal: null, ...more };
}

/** A spec's activation; `change` edits the built-in text. */
export function specTold(change: (text: string) => string = (text) => text, at = START): NewRecord {
  return rawRecord(
    'spec',
    { text: change(DEFAULT_TRACKING_YAML), rates: null, hash: 'h' },
    { door: 'spec', receivedAt: at },
  );
}

export function eventTold(door: Door, more: Partial<ToldEvent> = {}, at = START, personal: Personal = {}): NewRecord {
  const body: ToldEvent = {
    event: 'Contact',
    event_id: 'e-1',
    source: 'web',
    consent: 'granted',
    time: at / 1000,
    ...more,
  };
  return rawRecord('event', body, {
    door,
    receivedAt: at,
    personal: { page: { url: 'https://shop.example/' }, ...personal },
  });
}

const PURCHASE = { order_id: '77', value: '59.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };

/** A Purchase told by a page or a server. */
export function purchaseTold(door: Door, more: Partial<ToldEvent> = {}, at = START): NewRecord {
  return eventTold(door, { event: 'Purchase', event_id: 'demo-77', visitor: 'v-1', properties: PURCHASE, ...more }, at);
}

/** An order's creation, with its capability's hash. */
export function orderTold(
  door: 'browser' | 'server',
  more: Partial<ToldEvent> & { capability?: string } = {},
  at = START,
): NewRecord {
  const told = purchaseTold(door, { ...more }, at);
  return { ...told, kind: 'order', body: { ...told.body, capability: more.capability ?? `c-${door}` } };
}

export function paymentTold(amount = '59.90', reference = 'pay-1', at = START, more: JsonObject = {}): NewRecord {
  const body = { provider: 'standard', order_id: '77', reference, amount, currency: 'EUR', ...more };
  return rawRecord('payment', body, { door: 'webhook:standard', receivedAt: at });
}

/** A fact of an order's life, by its source's own time; `amount` such as `59.90 EUR`. */
export function factTold(
  fact: FactKind,
  reference: string,
  amount = '',
  at = START,
  more: Partial<ToldPayment> = {},
): NewRecord {
  const [major, currency] = amount.split(' ');
  const body: ToldPayment = {
    provider: 'standard',
    order_id: '77',
    reference,
    fact,
    ...(major && currency ? { amount: major, currency } : {}),
    time: at / 1000,
    ...more,
  };
  return rawRecord('payment', body, { door: 'webhook:standard', receivedAt: at });
}

/** An order as a provider's webhook tells it: with the visitor that went along, and nothing else of them. */
export function hookedOrder(more: Partial<ToldEvent> = {}, at = START, provider = 'shopify'): NewRecord {
  const { visitor: _page, ...told } = purchaseTold('browser', {}, at).body;
  const body = { ...told, consent: 'unknown', ...more };
  return rawRecord('order', body, { door: `webhook:${provider}`, receivedAt: at });
}

/** A step of a lead. */
export function leadTold(door: Door, more: Partial<ToldLead> = {}, at = START, personal: Personal = {}): NewRecord {
  const body: ToldLead = { lead_id: '7', status: 'new', source: 'web', consent: 'granted', time: at / 1000, ...more };
  return { ...eventTold(door, {}, at, personal), kind: 'lead', body: body as unknown as JsonObject };
}

/** A visitor's page tells that the choice has changed. */
export function consentTold(
  choice: ToldConsent['choice'],
  at = START,
  visitor = 'v-1',
  more: Partial<ToldConsent> = {},
): NewRecord {
  return rawRecord('consent', { visitor, session: 's-1', choice, ...more }, { door: 'browser', receivedAt: at });
}

/** An operator opens or closes a test session. */
export function testTold(until: number, at = START, more: Partial<ToldTest> = {}): NewRecord {
  return rawRecord(
    'test',
    { destination: 'main', code: 'TEST1', until, ...more },
    { door: 'operator', receivedAt: at },
  );
}

/** Our own record that a leg is about to leave. */
export function sentTold(event: number, at = START, leg: Leg = 'api', n = 1): NewRecord {
  return rawRecord(
    leg === 'api' ? 'sent' : 'handout',
    { sends: [{ event, destination: 'main', leg, n }], at },
    { receivedAt: at },
  );
}

/** Our own record of how one dispatch came out. */
export function answerTold(
  event: number,
  input: DispatchInput,
  at = START,
  more: Partial<ToldAnswer['answers'][number]> = {},
): NewRecord {
  const answer = {
    event,
    destination: 'main',
    leg: 'api',
    n: 1,
    sentAt: at,
    answeredAt: at,
    input,
    why: 'told',
    copy: true,
    ...more,
  };
  return rawRecord('answer', { answers: [answer] }, { receivedAt: at });
}

/** An operator wants these api legs tried again, and these records judged again. */
export function replayTold(events: readonly number[], records: readonly number[] = [], at = START): NewRecord {
  const legs = events.map((event) => ({ event, destination: 'main', leg: 'api' }));
  return rawRecord('replay', { legs, records, by: 'ada' }, { door: 'operator', receivedAt: at });
}

export interface Kit {
  journal: Journal;
  ledger: Ledger;
  /** Appends, decides and commits. Resolves with the first sequence. */
  tell(...records: NewRecord[]): Promise<number>;
  /** Admission starts anew from what the ledger knows. */
  restart(): Promise<void>;
  /** `verdict reasons` of a record */
  verdict(seq: number): Promise<string>;
  /** `state why` of a leg, or nothing */
  leg(event: number, leg: Leg, destination?: string): Promise<string>;
}

/** Admission over memory, with the built-in spec active as record 1. */
export async function openKit(spec = specTold()): Promise<Kit> {
  const journal = memoryJournal();
  const ledger = memoryLedger();
  let admission = await openAdmission(journal, ledger);
  const kit: Kit = {
    journal,
    ledger,
    async tell(...records) {
      const first = await journal.append(records);
      await admission.catchUp();
      return first;
    },
    async restart() {
      admission = await openAdmission(journal, ledger);
    },
    async verdict(seq) {
      const [row] = await ledger.verdicts(seq, seq);
      return row ? `${row.verdict} ${row.reasons.join(',')}` : '';
    },
    async leg(event, leg, destination = 'main') {
      const { dispatches } = await ledger.load({ events: [event], orders: [] });
      const row = dispatches.find((one) => one.leg === leg && one.destination === destination);
      return row ? `${row.state} ${row.why}` : '';
    },
  };
  await kit.tell(spec);
  return kit;
}
