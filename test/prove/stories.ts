import type { JsonObject } from '../../src/event/event.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/event/time.ts';
import type { Chance } from '../../src/sim/world/random.ts';
import type { Act, Told } from './plan.ts';
import { changed, type Variant } from './variant.ts';

/** The first instant of every simulated world, UTC ms. */
export const START = Date.UTC(2026, 7, 1, 12);

const SHOP = 'demo';
const PERSONAL = { page: { url: 'https://shop.example/' } };
const SPAN_MS = 40 * MINUTE;
const VALUES = ['59.90', '60.00', '20.00'] as const;

/** What visitors, shop, provider and operators do, until at least `toldMin` things are told. In no order. */
export function storiesOf(luck: Chance, variant: Variant, toldMin: number): Act[] {
  const acts: Act[] = [];
  const tell: Story['tell'] = (at, told) => void acts.push({ at, do: 'tell', told });
  // What begins after the gap, begins that much later.
  const gap = luck.in(0.35) ? { from: luck.between(0, SPAN_MS), ms: luck.pick([49 * HOUR, 49 * HOUR, 5 * DAY]) } : null;
  const begin = (): number => {
    const at = luck.between(0, SPAN_MS);
    return gap && at >= gap.from ? at + gap.ms : at;
  };
  let spec = variant;
  for (let n = 1; acts.filter(({ do: what }) => what === 'tell').length < toldMin; n++) {
    const story = { n, at: begin(), luck, tell, act: (act: Act) => void acts.push(act) };
    const kind = luck.next();
    if (kind < 0.34) orderStory(story, variant);
    else if (kind < 0.68) viewStory(story);
    else if (kind < 0.8) leadStory(story);
    else if (kind < 0.88) draftStory(story);
    else if (kind < 0.93) consentStory(story);
    else if (kind < 0.97) story.act({ at: story.at + luck.between(0, HOUR), do: 'replay' });
    else {
      spec = changed(spec, luck);
      story.act({ at: story.at, do: 'activate', variant: spec });
    }
  }
  return acts;
}

interface Story {
  /** number of the story: part of its ids */
  n: number;
  at: number;
  luck: Chance;
  tell(at: number, told: Told): void;
  act(act: Act): void;
}

function visitorOf(luck: Chance): string {
  return `v-${luck.between(1, 8)}`;
}

function consentOf(luck: Chance): 'granted' | 'unknown' | 'denied' {
  return luck.pick(['granted', 'granted', 'granted', 'granted', 'granted', 'granted', 'unknown', 'denied']);
}

/** Most things are told once; some again at once, some much later, when TikTok has forgotten them. */
function tellMaybeAgain({ luck, tell }: Story, at: number, told: Told): void {
  tell(at, told);
  if (luck.in(0.25)) tell(at + luck.pick([SECOND, 30 * SECOND, 5 * MINUTE, HOUR]), told);
  if (luck.in(0.1)) tell(at + luck.pick([49 * HOUR, 50 * HOUR, 4 * DAY]), told);
}

function seconds(at: number): number {
  return Math.floor((START + at) / SECOND);
}

function orderStory(story: Story, { confirm, guarded }: Variant): void {
  const { n, at, luck } = story;
  const order = `o${n}`;
  const capability = `c${n}`;
  const value = luck.pick(VALUES);
  const visitor = visitorOf(luck);
  const properties = { order_id: order, value, currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
  const body: JsonObject = {
    ...{ event: 'Purchase', event_id: `${SHOP}-${order}`, source: 'web', time: seconds(at), visitor, session: 's' },
    ...{ consent: luck.in(0.85) ? 'granted' : consentOf(luck), properties },
  };
  const later = (): number => at + luck.between(0, luck.pick([5 * SECOND, MINUTE, 20 * MINUTE]));
  if (!guarded) {
    const lost = luck.in(0.1);
    story.act({ at, do: 'fire', event: 'Purchase', eventId: `${SHOP}-${order}`, properties, lost });
    const fired = { ...body, pixel: 'fired' };
    tellMaybeAgain(story, at + luck.between(50, 2000), {
      kind: 'event',
      door: 'browser',
      body: fired,
      personal: PERSONAL,
    });
  } else {
    if (luck.in(0.8))
      tellMaybeAgain(story, later(), {
        kind: 'order',
        door: 'browser',
        body: { ...body, capability },
        personal: PERSONAL,
      });
    for (let visits = luck.between(0, 2); visits > 0; visits--)
      story.act({
        ...{ at: later(), do: 'visit', order, capability },
        asks: [0, 2, 6, 15, 40, 100, 200].map((s) => s * SECOND),
        ...{ thinkMs: luck.between(10, 3000), lost: luck.in(0.1), reports: luck.in(0.7) },
      });
  }
  if (luck.in(0.4))
    tellMaybeAgain(story, later(), {
      kind: 'order',
      door: 'server',
      body: { ...body, capability: `s${n}` },
      personal: PERSONAL,
    });
  if (luck.in(0.25)) {
    const hooked = { ...body, consent: 'unknown' };
    tellMaybeAgain(story, later(), { kind: 'order', door: 'webhook:shopify', body: hooked, personal: null });
  }
  if (luck.in(confirm === 'webhook' ? 0.3 : 0.7))
    tellMaybeAgain(story, later(), { kind: 'event', door: 'server', body, personal: PERSONAL });
  if (luck.in(0.8)) payments(story, order, value, later);
}

/** Paid whole, in two parts or too little; then perhaps undone. Facts come in any order. */
function payments(story: Story, order: string, value: string, later: () => number): void {
  const { luck } = story;
  const half = (Number(value) / 2).toFixed(2);
  const parts = luck.pick([[value], [value], [value], [half, half], [half]]);
  const fact = (kind: string, reference: string, amount?: string): void => {
    const at = later();
    const body: JsonObject = { provider: 'standard', order_id: order, reference, fact: kind, time: seconds(at) };
    if (amount !== undefined) Object.assign(body, { amount, currency: 'EUR' });
    tellMaybeAgain(story, at, { kind: 'payment', door: 'webhook:standard', body, personal: null });
  };
  for (const [n, amount] of parts.entries()) fact('payment', `${order}-p${n}`, amount);
  if (luck.in(0.15)) fact('refund', `${order}-r`, luck.pick([value, half]));
  if (luck.in(0.12)) fact('cancellation', `${order}-x`);
}

const VIEWS: readonly [string, JsonObject][] = [
  ['Contact', {}],
  ['ViewContent', { content_id: 'a', content_type: 'product', page_category: 'shoes' }],
  ['AddToCart', { content_id: 'a', quantity: 1, value: '19.90', currency: 'EUR' }],
  ['Quiz', { query: 'size' }],
];

/** Something seen in a page, told by it, by the shop's server, or by both. */
function viewStory(story: Story): void {
  const { n, at, luck } = story;
  const [event, properties] = luck.pick(VIEWS as [[string, JsonObject], ...[string, JsonObject][]]);
  const body: JsonObject = {
    ...{ event, event_id: `e${n}`, source: 'web', time: seconds(at), visitor: visitorOf(luck), session: 's' },
    ...{ consent: consentOf(luck), properties },
  };
  const byPage = luck.in(0.75);
  if (byPage) {
    const fires = luck.in(0.85);
    if (fires) story.act({ at, do: 'fire', event, eventId: `e${n}`, properties, lost: luck.in(0.1) });
    const told = { ...body, pixel: fires ? 'fired' : luck.pick(['failed', 'none']) };
    const sent = at + luck.pick([100, 1500, 1500, 20 * SECOND, 10 * MINUTE]);
    tellMaybeAgain(story, sent, { kind: 'event', door: 'browser', body: told, personal: PERSONAL });
  }
  if (!byPage || luck.in(0.5)) {
    const sent = at + luck.pick([50, 1200, 5 * SECOND, 3 * MINUTE]);
    tellMaybeAgain(story, sent, { kind: 'event', door: 'server', body, personal: PERSONAL });
  }
}

/** A lead and the steps that its CRM tells of it, in any order. */
function leadStory(story: Story): void {
  const { n, at, luck } = story;
  const lead = `l${n}`;
  const visitor = visitorOf(luck);
  const base = { lead_id: lead, visitor, session: 's' };
  const source = luck.pick(['web', 'crm'] as const);
  if (luck.in(0.9)) {
    const body = { ...base, status: 'new', source: 'web', consent: consentOf(luck), time: seconds(at) };
    tellMaybeAgain(story, at, { kind: 'lead', door: luck.pick(['browser', 'server']), body, personal: PERSONAL });
  }
  for (const status of ['qualified', 'approved', 'rejected'])
    if (luck.in(0.5)) {
      const when = at + luck.between(0, 20 * MINUTE);
      const body = { ...base, status, source, consent: luck.pick(['granted', 'unknown']), time: seconds(when) };
      tellMaybeAgain(story, when, { kind: 'lead', door: luck.pick(['crm', 'server']), body, personal: PERSONAL });
    }
}

/** Somebody tries out: a test session, or none, and drafts before, in and after it. */
function draftStory(story: Story): void {
  const { n, at, luck, tell } = story;
  const destination = luck.pick(['main', 'main', 'north']);
  const until = START + at + luck.pick([2 * MINUTE, 10 * MINUTE]);
  if (luck.in(0.75))
    tell(at, { kind: 'test', door: 'operator', body: { destination, code: `T${n}`, until }, personal: null });
  for (let drafts = luck.between(1, 4); drafts > 0; drafts--) {
    const when = at + luck.between(0, 12 * MINUTE);
    const id = `d${n}-${drafts}`;
    const common = {
      draft: true,
      source: 'web',
      consent: 'granted',
      time: seconds(when),
      visitor: 'v-op',
      session: 's',
    };
    const properties = { order_id: id, value: '9.90', currency: 'EUR', contents: [{ content_id: 'a', quantity: 1 }] };
    const [kind, body] = luck.pick<[Told['kind'], JsonObject]>([
      ['event', { ...common, event: 'Contact', event_id: id, pixel: 'none' }],
      ['event', { ...common, event: 'Purchase', event_id: id, properties }],
      ['order', { ...common, event: 'Purchase', event_id: id, properties, capability: `dc${id}` }],
      ['lead', { ...common, lead_id: id, status: 'new' }],
    ]);
    tellMaybeAgain(story, when, { kind, door: luck.pick(['browser', 'server']), body, personal: PERSONAL });
  }
}

function consentStory({ at, luck, tell }: Story): void {
  const visitor = visitorOf(luck);
  const choose = (when: number, choice: string): void =>
    tell(when, { kind: 'consent', door: 'browser', body: { visitor, session: 's', choice }, personal: null });
  choose(at, luck.pick(['denied', 'denied', 'granted']));
  if (luck.in(0.5)) choose(at + luck.between(0, 10 * MINUTE), 'granted');
}
