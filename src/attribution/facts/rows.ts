import type { AdReportRow } from '../../event/ad-report.ts';
import type { DispatchRow } from '../../event/dispatch.ts';
import type { EventRow, Json } from '../../event/event.ts';
import type { AdReportFact, DispatchFact, EntryFact, EventFact, LeadFact, OrderFact } from '../../event/fact.ts';
import type { LeadRow } from '../../event/lead.ts';
import { type MoneyText, storedMoney } from '../../event/money.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';

/** A live event, flat. `shows` is what an order's event told of touches and links. */
export function eventFact(row: EventRow, shows: string | null): EventFact {
  const { minor, currency } = moneyOf(row.value);
  const contents = contentsOf(row.properties['contents']);
  return {
    seq: row.seq,
    name: row.name,
    occurredAt: row.occurredAt,
    receivedAt: row.receivedAt,
    source: row.source,
    origin: row.origin,
    visitor: row.visitor ?? null,
    session: row.session ?? null,
    orderId: row.orderId ?? null,
    leadId: row.leadId ?? null,
    minor,
    currency,
    contentId: contents[0] ?? null,
    contents: contents.length,
    page: pageOf(row.personal?.page?.url),
    door: row.observations[0]?.door ?? 'server',
    bot: row.bot === true,
    specVersion: row.specVersion,
    shows,
  };
}

export function orderFact(row: OrderRow): OrderFact {
  const total = moneyOf(row.total);
  const net = moneyOf(row.net);
  const currency = total.currency ?? net.currency;
  return {
    shop: row.shop,
    orderId: row.orderId,
    status: row.status,
    event: row.event ?? null,
    createdAt: row.createdAt ?? null,
    confirmedAt: row.confirmedAt ?? null,
    visitor: row.visitor ?? null,
    currency,
    total: total.minor,
    net: net.currency === currency ? net.minor : null,
  };
}

export function entryFact(row: EntryRow): EntryFact {
  return {
    ...{ shop: row.shop, orderId: row.orderId, reference: row.reference, kind: row.kind },
    ...{ provider: row.provider ?? null, occurredAt: row.occurredAt, ...moneyOf(row.amount) },
  };
}

export function leadFact(row: LeadRow): LeadFact {
  return {
    ...{ leadId: row.leadId, status: row.status, createdAt: row.createdAt, changedAt: row.changedAt },
    ...{ visitor: row.visitor ?? null, ...moneyOf(row.value), steps: row.steps.length },
  };
}

export function dispatchFact({ event, destination, leg, state, why }: DispatchRow): DispatchFact {
  return { event, destination, leg, state, why };
}

export function adReportFact(row: AdReportRow): AdReportFact {
  const spend = storedMoney(row.spend);
  return {
    ...{ day: row.day, level: row.level, id: row.id, name: row.name ?? null },
    ...{ campaignId: row.campaignId ?? null, adgroupId: row.adgroupId ?? null },
    ...{ basis: row.basis, timezone: row.timezone, currency: spend.currency, spend: spend.minor },
    ...{ impressions: row.impressions, clicks: row.clicks, conversions: row.conversions },
    minor: moneyOf(row.value).minor,
    clickConversions: row.clickConversions ?? null,
    engagedViewConversions: row.engagedViewConversions ?? null,
    viewConversions: row.viewConversions ?? null,
    pulledAt: row.pulledAt,
  };
}

function moneyOf(text: MoneyText | undefined): { minor: bigint | null; currency: string | null } {
  return text === undefined ? { minor: null, currency: null } : storedMoney(text);
}

/** The ids of what an event is about; one without an id is counted. */
function contentsOf(contents: Json | undefined): (string | null)[] {
  if (!Array.isArray(contents)) return [];
  return contents.map((content) => {
    const id =
      typeof content === 'object' && content !== null && !Array.isArray(content) ? content['content_id'] : null;
    return typeof id === 'string' ? id : typeof id === 'number' ? String(id) : null;
  });
}

/** Host and path. */
function pageOf(url: string | undefined): string | null {
  return url === undefined ? null : (url.split('?', 1)[0] as string).replace(/^https?:\/\//, '');
}
