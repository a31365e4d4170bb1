import type { LeadReceipt, OrderReceipt, Receipt, WireEntry, WireEvent, WireLead, WireOrder } from '../api/wire.ts';
import { ClientError } from './error.ts';
import { baseOf, type ClientOptions, limitsOf } from './options.ts';
import type { Told } from './queue.ts';
import { type Around, type Sent, send, WORLD } from './send.ts';
import { openTracker } from './tracker.ts';

export { CLIENT_CODES, type ClientCode, ClientError } from './error.ts';
export type { ClientOptions } from './options.ts';
export type { Told } from './queue.ts';
export { type VisitorFacts, visitorOf } from './visitor.ts';

/** One event as your server tells it. */
export type ServerEvent = Omit<WireEvent, 'pixel' | 'sent_at'>;
export type ServerOrder = Omit<WireOrder, 'key' | 'spec'>;
/** What became of an order: money that moved, a cancellation, a dispute. */
export type OrderEntry = WireEntry;
export type ServerLead = Omit<WireLead, 'key' | 'spec'>;

export interface Tracked {
  /** minted at the call: a repeat carries the same, and so may the visitor's page */
  event_id: string;
  /** The collector's word: it is written down. Rejects with a ClientError; nobody has to wait for it. */
  sent: Promise<Told>;
}

export interface Client {
  /** Tells an event, together with others and in their order. Returns at once. */
  track(event: ServerEvent): Tracked;
  /** Tells an order before its payment, with an id made here unless given. The handout is for this visitor's page alone. */
  order(order: ServerOrder): Promise<OrderReceipt>;
  /** Tells what became of an order, such as a refund. The same reference again changes nothing. */
  orderEntry(orderId: string, entry: OrderEntry): Promise<Receipt>;
  /** Tells a lead; its id is made here unless given. */
  lead(lead: ServerLead): Promise<LeadReceipt>;
  /** Tells the next step of a lead, such as `qualified`. */
  leadStatus(leadId: string, status: string, more?: Omit<ServerLead, 'lead_id' | 'status'>): Promise<LeadReceipt>;
  /** Sends what waits; resolves when all of it is told or has failed. Never rejects. */
  flush(): Promise<void>;
  /** No more calls; what waits goes out first, for at most `closeMs`. Never rejects. */
  close(): Promise<void>;
  /** what is not told yet: events, orders, their entries and lead steps */
  pending(): number;
}

/** The collector's client for a merchant's server. It never throws out of band; `onError` hears what fails. */
export function createClient(options: ClientOptions): Client {
  const base = baseOf(options);
  const limits = limitsOf(options);
  const { fetch = WORLD.fetch, now = WORLD.now, random = WORLD.random, pause = WORLD.pause } = options;
  const around: Around = { fetch, now, random, pause };
  const stop = new AbortController();
  const calls = new Set<Promise<unknown>>();
  let closed: Promise<void> | undefined;

  function failed(error: ClientError): void {
    try {
      options.onError?.(error);
    } catch {
      // The listener's own failure must not stop the telling.
    }
  }

  function post(path: string, text: string, headers: Record<string, string> = {}): Promise<Sent> {
    const { gzipBytes, timeoutMs } = limits;
    const parts = { url: base + path, text, gzipBytes, timeoutMs, stopped: stop.signal };
    return send({ ...parts, headers: { authorization: `Bearer ${options.key}`, ...headers } }, limits, around);
  }

  const prefer = limits.verdictWaitS > 0 ? { prefer: `wait=${limits.verdictWaitS}` } : undefined;
  const tracker = openTracker({
    limits,
    post: (text) => post('/v1/server/events', text, prefer),
    failed,
    stopped: stop.signal,
  });

  /** A call of its own, answered by an object that has these fields. */
  async function call<T>(path: string, id: string, body: object, fields: readonly (keyof T & string)[]): Promise<T> {
    if (closed !== undefined) throw new ClientError('closed', [id]);
    if (calls.size >= limits.queueCalls)
      throw new ClientError('queue_full', [id], { why: `${calls.size} orders, entries and lead steps wait` });
    let text: string;
    try {
      text = JSON.stringify(body);
    } catch (cause) {
      throw new ClientError('not_json', [id], { cause });
    }
    const told = post(path, text).then((sent) => answerOf<T>(sent, id, fields, stop.signal.aborted));
    const settled = told.then(
      () => undefined,
      () => undefined,
    );
    calls.add(settled);
    void settled.then(() => calls.delete(settled));
    return inTime(told, limits.answerMs, () => {
      // Nobody waits for it any more, so its end is heard here.
      told.catch(failed);
      return new ClientError('late', [id], { why: `${limits.answerMs} ms` });
    });
  }

  /** Every failure is heard by `onError` too, and none ends the process because nobody waited for it. */
  function heard<T>(promise: Promise<T>): Promise<T> {
    promise.catch(failed);
    return promise;
  }

  async function flush(): Promise<void> {
    await Promise.all([tracker.flush(), ...calls]);
  }

  return {
    track(event) {
      const event_id = event.event_id ?? newId();
      if (closed !== undefined) {
        const sent = Promise.reject<Told>(new ClientError('closed', [event_id]));
        return { event_id, sent: heard(sent) };
      }
      const sent = tracker.add(event_id, { ...event, event_id, time: event.time ?? timeText(now()) });
      sent.catch(() => undefined);
      return { event_id, sent };
    },
    order(order) {
      // Minted before the first try, so that all tries tell one order.
      const order_id = order.order_id ?? newId();
      const body = { ...order, order_id, time: order.time ?? timeText(now()) };
      return heard(call<OrderReceipt>('/v1/orders', order_id, body, ['order_id', 'event_id', 'handout']));
    },
    orderEntry(orderId, entry) {
      const body = { ...entry, time: entry.time ?? timeText(now()) };
      return heard(call<Receipt>(`/v1/orders/${encodeURIComponent(orderId)}/entries`, orderId, body, ['receipt']));
    },
    lead(lead) {
      const lead_id = lead.lead_id ?? newId();
      const body = { ...lead, lead_id, time: lead.time ?? timeText(now()) };
      return heard(call<LeadReceipt>('/v1/leads', lead_id, body, ['lead_id']));
    },
    leadStatus(leadId, status, more = {}) {
      const body = { ...more, status, time: more.time ?? timeText(now()) };
      return heard(call<LeadReceipt>(`/v1/leads/${encodeURIComponent(leadId)}/status`, leadId, body, ['receipt']));
    },
    flush,
    close() {
      closed ??= (async () => {
        const over = new AbortController();
        const out = flush().finally(() => over.abort());
        await Promise.race([out, pause(limits.closeMs, over.signal)]);
        stop.abort();
        await out;
      })();
      return closed;
    },
    pending: () => tracker.size() + calls.size,
  };
}

function answerOf<T>(sent: Sent, id: string, fields: readonly (keyof T & string)[], stopped: boolean): T {
  switch (sent.kind) {
    case 'gaveUp':
      throw new ClientError(stopped ? 'closed' : 'gave_up', [id], { why: sent.why });
    case 'refused':
      throw new ClientError(sent.status === 413 ? 'too_large' : 'refused', [id], sent);
    case 'answered':
      if (fields.every((field) => typeof sent.body[field] === 'string')) return sent.body as T;
      throw new ClientError('refused', [id], {
        status: sent.status,
        why: `the answer has no ${fields.join(', ')}: is this address the collector’s?`,
      });
  }
}

function inTime<T>(promise: Promise<T>, ms: number, late: () => ClientError): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function newId(): string {
  return globalThis.crypto.randomUUID();
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
