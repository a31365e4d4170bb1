import type { AdReportRow } from '../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { DifferenceRow, FindingRow } from '../event/finding.ts';
import type { KeyRow, TestRow } from '../event/key.ts';
import type { LeadRow } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { TouchRow } from '../event/touch.ts';
import { type Effects, noEffects, type SpecRow, type VerdictRow } from './effects.ts';

/** Plain rows for tests; `more` replaces what the test is about. */
export function verdictRow(seq: number, more: Partial<VerdictRow> = {}): VerdictRow {
  return {
    seq,
    n: 1,
    verdict: 'admitted',
    reasons: ['first'],
    at: 1000 + seq,
    door: 'browser',
    kind: 'event',
    ...more,
  };
}

export function eventRow(seq: number, more: Partial<EventRow> = {}): EventRow {
  return {
    seq,
    sourceId: 'demo/main',
    name: 'AddToCart',
    eventId: `id-${seq}`,
    source: 'web',
    namespace: 'live',
    origin: 'visitor',
    occurredAt: 900 + seq,
    receivedAt: 1000 + seq,
    value: '59.90 EUR',
    properties: { content_id: 'shoe', contents: [{ content_id: 'shoe', quantity: 1 }] },
    consent: 'granted',
    specVersion: 1,
    observations: [{ seq, door: 'browser', occurredAt: 900 + seq, receivedAt: 1000 + seq, verdict: 'admitted' }],
    personal: { user: { ip: '192.0.2.1' }, page: { url: 'https://shop.example/shoe' } },
    ...more,
  };
}

export function orderRow(orderId: string, more: Partial<OrderRow> = {}): OrderRow {
  return {
    shop: 'demo',
    orderId,
    status: 'created',
    consent: 'granted',
    total: '59.90 EUR',
    properties: {},
    capabilities: [],
    personal: null,
    ...more,
  };
}

/** An order that nobody told, and so without a total. */
export function unpriced(orderId: string, more: Partial<OrderRow> = {}): OrderRow {
  const { total: _, ...order } = orderRow(orderId, { status: 'orphan' });
  return { ...order, ...more };
}

export function entryRow(orderId: string, reference: string, more: Partial<EntryRow> = {}): EntryRow {
  return {
    shop: 'demo',
    orderId,
    reference,
    kind: 'payment',
    amount: '59.90 EUR',
    occurredAt: 1000,
    seq: 1,
    ...more,
  };
}

export function leadRow(leadId: string, more: Partial<LeadRow> = {}): LeadRow {
  return {
    leadId,
    status: 'new',
    createdAt: 1000,
    changedAt: 1000,
    source: 'web',
    consent: 'granted',
    properties: {},
    steps: [{ seq: 1, status: 'new', at: 900, receivedAt: 1000, by: 'server' }],
    personal: null,
    ...more,
  };
}

export function dispatchRow(event: number, more: Partial<DispatchRow> = {}): DispatchRow {
  return {
    event,
    destination: 'main',
    leg: 'api',
    state: 'queued',
    why: 'ready',
    money: false,
    attempts: 0,
    changedAt: 1000,
    ...more,
  };
}

export function attemptRow(event: number, n: number, more: Partial<AttemptRow> = {}): AttemptRow {
  return { event, destination: 'main', leg: 'api', n, sentAt: 2000 + n, ...more };
}

export function findingRow(id: string, more: Partial<FindingRow> = {}): FindingRow {
  return { id, check: 'orphans', subject: 'shop', what: 'odd', firstSeenAt: 1, lastSeenAt: 1, times: 1, ...more };
}

export function differenceRow(event: number, field: string, seq: number): DifferenceRow {
  return { event, field, seq, kept: '59.90 EUR', told: '49.90 EUR', decidedBy: 'precedence' };
}

export function specRow(version: number, more: Partial<SpecRow> = {}): SpecRow {
  return { version, hash: `hash-${version}`, activatedAt: version, text: 'assay: 1', rates: null, ...more };
}

export function touchRow(touch: string, seq: number, more: Partial<TouchRow> = {}): TouchRow {
  const at = 1000 + seq;
  return {
    touch,
    seq,
    type: 'click',
    at,
    receivedAt: at,
    door: 'browser',
    ad: { campaign: '1' },
    personal: null,
    ...more,
  };
}

export function adReportRow(id: string, seq: number, more: Partial<AdReportRow> = {}): AdReportRow {
  return {
    ...{
      level: 'ad',
      id,
      day: '2026-08-01',
      basis: 'impression',
      timezone: 'Europe/Berlin',
      seq,
      pulledAt: 1000 + seq,
    },
    ...{ spend: '12.34 EUR', impressions: 1000, clicks: 20, conversions: 3 },
    ...more,
  };
}

export function keyRow(id: string, more: Partial<KeyRow> = {}): KeyRow {
  return { id, role: 'server', name: 'shop', hash: `hash-${id}`, draft: false, createdAt: 1000, ...more };
}

export function testRow(destination: string, more: Partial<TestRow> = {}): TestRow {
  return { destination, code: 'TEST1', openedAt: 1000, until: 2000, ...more };
}

export function effectsOf(some: Partial<Effects>): Effects {
  return { ...noEffects(), ...some };
}
