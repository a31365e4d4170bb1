import type { TraceAnswer, TraceLeadStep, TraceTouch } from '../api/answers.ts';
import type { Door, EventRow } from '../event/event.ts';
import type { TestRow } from '../event/key.ts';
import type { LeadStep } from '../event/lead.ts';
import type { EntryRow, OrderRow } from '../event/order.ts';
import type { TouchRow } from '../event/touch.ts';
import type { Spec } from '../spec/spec.ts';
import type { LedgerReader, Lineage } from '../store/ledger.ts';
import { clockWords } from './says.ts';
import { traceEvent } from './trace-event.ts';
import type { TraceAround } from './trace-hops.ts';

const EVENTS_MAX = 50;
const TOUCHES_MAX = 50;

/** Everything known about one id, in time order; undefined when nothing is. */
export async function trace(
  reader: Pick<LedgerReader, 'find' | 'lineage' | 'load' | 'tests'>,
  id: string,
  specOf: (version: number) => Spec,
  asOf: number,
): Promise<TraceAnswer | undefined> {
  const found = await related(reader, id);
  const lineage = await reader.lineage(found.slice(0, EVENTS_MAX), [id]);
  const newest = specOf(0);
  const { timezone } = newest.business;
  const around = {
    lineage,
    now: asOf,
    clock: clockWords(timezone, asOf),
    testCode: testCodes(await reader.tests(), newest),
  };
  const orderId = lineage.events.length === 1 ? (lineage.events[0]?.orderId ?? id) : id;
  const order = lineage.orders.find((row) => row.orderId === orderId);
  const events = lineage.events.map((event) => traceEvent(event, specOf(event.specVersion), around));
  const lead = await leadOf(reader, id, lineage);
  if (events.length === 0 && lineage.touches.length === 0 && !order && !lead) return undefined;
  return {
    id,
    asOf,
    timezone,
    ...(order ? { order: traceOrder(order, lineage.entries) } : {}),
    ...(lead ? { lead } : {}),
    touches: lineage.touches.slice(-TOUCHES_MAX).map(traceTouch),
    events: events.reverse(),
    cut: found.length > EVENTS_MAX,
  };
}

/** The events that bear the id; of a touch, those of the click or the visitor that it belongs to. */
async function related(reader: Pick<LedgerReader, 'find' | 'lineage'>, id: string): Promise<number[]> {
  const found = await reader.find(id, EVENTS_MAX + 1);
  if (found.length > 0) return found;
  const { touches } = await reader.lineage([], [id]);
  const touch = touches.find((row) => row.touch === id);
  for (const other of [touch?.personal?.user?.ttclid, touch?.visitor, touch?.session]) {
    const led = other === undefined ? [] : await reader.find(other, EVENTS_MAX + 1);
    if (led.length > 0) return led;
  }
  return [];
}

/** Drafts go with the code of their test session, everything else with the newest spec's, if it has one. */
function testCodes(tests: readonly TestRow[], newest: Spec): TraceAround['testCode'] {
  return (event, { id }) => {
    const test = event.namespace === 'draft' ? tests.find((row) => row.destination === id) : undefined;
    return test?.code ?? newest.destinations.find((target) => target.id === id)?.testCode ?? null;
  };
}

function traceOrder(order: OrderRow, entries: readonly EntryRow[]): NonNullable<TraceAnswer['order']> {
  return {
    orderId: order.orderId,
    status: order.status,
    ...(order.total === undefined ? {} : { total: order.total }),
    ...(order.net === undefined ? {} : { net: order.net }),
    ...(order.createdAt === undefined ? {} : { createdAt: order.createdAt }),
    ...(order.createdBy === undefined ? {} : { createdBy: order.createdBy }),
    ...(order.confirmedAt === undefined ? {} : { confirmedAt: order.confirmedAt }),
    entries: entries
      .filter((entry) => entry.orderId === order.orderId)
      .sort((a, b) => a.occurredAt - b.occurredAt || (a.reference < b.reference ? -1 : 1))
      .map(({ reference, kind, amount, occurredAt }) => ({
        reference,
        kind,
        ...(amount === undefined ? {} : { amount }),
        occurredAt,
      })),
  };
}

/** All steps of the one lead that the events belong to, or whose id it is; of drafts, those that are events. */
async function leadOf(
  reader: Pick<LedgerReader, 'find' | 'lineage' | 'load'>,
  id: string,
  { events, leads }: Pick<Lineage, 'events' | 'leads'>,
): Promise<TraceAnswer['lead']> {
  const leadIds = new Set([...leads.map(({ leadId }) => leadId), ...events.flatMap((event) => event.leadId ?? [])]);
  const leadId = leadIds.has(id) ? id : leadIds.size === 1 ? [...leadIds][0] : undefined;
  if (leadId === undefined) return undefined;
  const lead = leads.find((row) => row.leadId === leadId);
  if (lead) {
    const signals = lead.steps.flatMap(({ event }) => event ?? []);
    const known = await reader.load({ events: signals, orders: [] });
    const bySeq = new Map(known.events.map((event) => [event.seq, event]));
    return { leadId, steps: lead.steps.map((step) => bookedStep(step, bySeq.get(step.event ?? 0))) };
  }
  const all = await reader.lineage(await reader.find(leadId, EVENTS_MAX), []);
  const steps = all.events.filter((event) => event.leadId === leadId).map(leadStep);
  return { leadId, steps: steps.sort((a, b) => a.occurredAt - b.occurredAt || a.seq - b.seq) };
}

function bookedStep({ seq, status, at, by, unsent, reversal }: LeadStep, signal: EventRow | undefined): TraceLeadStep {
  return {
    ...(signal ? signalOf(signal) : {}),
    ...{ seq, status, occurredAt: at, door: by as Door },
    ...(unsent === undefined ? {} : { unsent }),
    ...(reversal ? { reversal } : {}),
  };
}

function leadStep(event: EventRow): TraceLeadStep {
  const status = event.lead?.['status'];
  return {
    ...signalOf(event),
    seq: event.seq,
    status: typeof status === 'string' ? status : event.name,
    occurredAt: event.occurredAt,
    door: event.observations[0]?.door ?? 'crm',
  };
}

function signalOf({ name, eventId, value }: EventRow): Pick<TraceLeadStep, 'event' | 'eventId' | 'value'> {
  return { event: name, eventId, ...(value === undefined ? {} : { value }) };
}

function traceTouch({ touch, type, at, door, visitor, session, ad, target, personal }: TouchRow): TraceTouch {
  const ttclid = personal?.user?.ttclid;
  return {
    ...{ touch, type, at },
    ...(door === 'import' ? { imported: true } : {}),
    ad,
    ...(visitor === undefined ? {} : { visitor }),
    ...(session === undefined ? {} : { session }),
    ...(ttclid === undefined ? {} : { ttclid }),
    ...(target === undefined ? {} : { target }),
  };
}
