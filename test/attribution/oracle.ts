import type { EventRow } from '../../src/event/event.ts';
import type { LeadRow } from '../../src/event/lead.ts';
import type { OrderRow } from '../../src/event/order.ts';
import type { TouchRow } from '../../src/event/touch.ts';

/**
 * Last touch once more, written apart: it shares no code with what it judges, keeps nothing between two questions and is as
 * slow as it is plain. It sees what the ledger has, and nobody's true name.
 */

export interface Observed {
  events: EventRow[];
  touches: TouchRow[];
  orders: OrderRow[];
  leads: LeadRow[];
}

export interface OracleRules {
  /** ms; 0 is off */
  click: number;
  engagedView: number;
  view: number;
  precedence: readonly ('click' | 'engagedView' | 'view')[];
}

/** What the spec says beside windows. */
export interface Ties {
  match: readonly string[];
  sharedBy: number;
  conversions: readonly string[];
  /** names whose orders only count once they are confirmed */
  confirmed: readonly string[];
  domains: readonly string[];
}

export interface OracleTouch {
  /** smallest sequence of all records that show it */
  touch: number;
  at: number;
  kind: 'click' | 'engagedView' | 'view';
  visitor: string;
}

export interface OracleConversion {
  conversion: number;
  name: string;
  at: number;
  visitor: string;
}

/** Everything that follows from the records, whatever the windows. */
export interface OracleView {
  touches: OracleTouch[];
  conversions: OracleConversion[];
  /** one name for all visitors who are one */
  personOf(visitor: string): string;
}

export function view(observed: Observed, ties: Ties): OracleView {
  const live = observed.events.filter(({ namespace }) => namespace === 'live');
  const human = live.filter(({ bot }) => !bot);
  const groups = groupsOf(identifiersOf(human, observed), ties);
  return {
    touches: touchesOf(human, observed.touches, ties),
    conversions: conversionsOf(live, observed, ties),
    personOf: (visitor) => groups.get(visitor) ?? visitor,
  };
}

/** The touch that earns a conversion, or why none does. */
export function lastTouch(
  conversion: OracleConversion,
  touches: readonly OracleTouch[],
  rules: OracleRules,
): OracleTouch | 'no_touch' | 'outside_windows' {
  const before = touches.filter((touch) => touch.at <= conversion.at);
  if (before.length === 0) return 'no_touch';
  for (const kind of rules.precedence) {
    const able = before.filter(
      (touch) => touch.kind === kind && rules[kind] !== 0 && conversion.at - touch.at <= rules[kind],
    );
    let latest: OracleTouch | undefined;
    for (const touch of able)
      if (!latest || touch.at > latest.at || (touch.at === latest.at && touch.touch > latest.touch)) latest = touch;
    if (latest) return latest;
  }
  return 'outside_windows';
}

interface Sighting {
  key: string;
  seq: number;
  at: number;
  kind: OracleTouch['kind'];
  visitor: string | undefined;
}

function touchesOf(events: readonly EventRow[], rows: readonly TouchRow[], ties: Ties): OracleTouch[] {
  const sightings = [...rows.map(sightingOfTouch), ...events.flatMap((event) => sightingsOfEvent(event, ties))];
  const touches: OracleTouch[] = [];
  for (const key of new Set(sightings.map((sighting) => sighting.key))) {
    const same = sightings.filter((sighting) => sighting.key === key).sort((a, b) => a.seq - b.seq);
    const [first] = same as [Sighting];
    touches.push({
      touch: first.seq,
      at: Math.min(...same.map(({ at }) => at)),
      kind: same.map(({ kind }) => kind).sort(inOrder)[0] as OracleTouch['kind'],
      visitor: same.find(({ visitor }) => visitor !== undefined)?.visitor ?? `~${first.seq}`,
    });
  }
  return touches;
}

function sightingOfTouch({ touch, seq, at, type, visitor, personal }: TouchRow): Sighting {
  const ttclid = personal?.user?.ttclid;
  return { key: ttclid === undefined ? `touch ${touch}` : `ttclid ${ttclid}`, seq, at, kind: type, visitor };
}

/** A click's id tells of the click wherever it is repeated; all else only the page that the visitor landed on. */
function sightingsOfEvent(event: EventRow, { domains }: Ties): Sighting[] {
  const seen = { seq: event.seq, at: event.occurredAt, kind: 'click' as const, visitor: event.visitor };
  const ttclid = event.personal?.user?.ttclid;
  const found: Sighting[] = ttclid === undefined ? [] : [{ ...seen, key: `ttclid ${ttclid}` }];
  const page = event.personal?.page;
  const landing = page?.url === undefined ? undefined : new URL(page.url).searchParams;
  if (landing?.has('ttclid')) return found;
  const parameters = [...(landing ?? [])].filter(([name]) => /^(utm|tt)_/.test(name)).map((pair) => pair.join('='));
  const from = page?.referrer ? new URL(page.referrer).hostname : '';
  const foreign = domains.some((domain) => from === domain || from.endsWith(`.${domain}`)) ? '' : from;
  if (parameters.length === 0 && foreign === '') return found;
  const who = event.session ?? event.visitor ?? `~${event.seq}`;
  const link = parameters.length > 0 ? parameters.sort(inOrder).join('&') : foreign;
  return [...found, { ...seen, key: `landing ${who} ${link}` }];
}

/** An order counts once it is confirmed, whoever placed it; anything else unless a robot did it. */
function conversionsOf(events: readonly EventRow[], { orders }: Observed, ties: Ties): OracleConversion[] {
  const found: OracleConversion[] = [];
  for (const { seq, name, occurredAt, visitor, bot } of events) {
    if (!ties.conversions.includes(name)) continue;
    const order = orders.find(({ event }) => event === seq);
    const isPaid = order?.confirmedAt !== undefined;
    if ((bot || (order && ties.confirmed.includes(name))) && !isPaid) continue;
    found.push({ conversion: seq, name, at: occurredAt, visitor: visitor ?? order?.visitor ?? `~${seq}` });
  }
  return found;
}

/** Which visitors came with which identifier. */
function identifiersOf(events: readonly EventRow[], { touches, leads }: Observed): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const note = (visitor: string, kind: string, values: string | readonly string[] | undefined): void => {
    for (const value of typeof values === 'string' ? [values] : (values ?? [])) {
      const key = `${kind} ${value}`;
      found.set(key, (found.get(key) ?? new Set()).add(visitor));
    }
  };
  const contacts = (visitor: string, { personal }: Pick<EventRow, 'personal'>): void => {
    for (const kind of ['ttclid', 'external_id', 'email', 'phone'] as const)
      note(visitor, kind, personal?.user?.[kind]);
  };
  for (const event of events) {
    const visitor = event.visitor ?? `~${event.seq}`;
    contacts(visitor, event);
    note(visitor, 'order', event.orderId);
    note(visitor, 'lead', event.leadId);
  }
  for (const touch of touches) contacts(touch.visitor ?? `~${touch.seq}`, touch);
  for (const lead of leads) {
    const visitor = lead.visitor ?? `~${Math.min(...lead.steps.map(({ seq }) => seq))}`;
    contacts(visitor, lead);
    note(visitor, 'lead', lead.leadId);
  }
  return found;
}

/** The smallest visitor names all whom identifiers tie to it, step by step until nothing moves. */
function groupsOf(
  identifiers: ReadonlyMap<string, ReadonlySet<string>>,
  { match, sharedBy }: Ties,
): Map<string, string> {
  const kinds = [...match, 'order', 'lead'];
  const tied = [...identifiers]
    .filter(([key, visitors]) => kinds.includes(key.split(' ', 1)[0] as string) && visitors.size <= sharedBy)
    .map(([, visitors]) => [...visitors]);
  const name = new Map<string, string>();
  for (let moved = true; moved; ) {
    moved = false;
    for (const visitors of tied) {
      const smallest = visitors.map((visitor) => name.get(visitor) ?? visitor).sort(inOrder)[0] as string;
      for (const visitor of visitors)
        if ((name.get(visitor) ?? visitor) !== smallest) {
          name.set(visitor, smallest);
          moved = true;
        }
    }
  }
  return name;
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
