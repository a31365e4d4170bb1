import type { LeadAnswer } from '../../src/api/books.ts';
import { startCollector } from './collector.ts';
import { type Compared, compareCounts, type Result } from './comparison.ts';
import { compareCopies } from './copies.ts';
import { openPlace, type Place } from './local-time.ts';
import type { Progress } from './progress.ts';
import { entriesOf, jsonOf, rowsOf, Unreadable } from './rows.ts';
import { SHOP, shopSpec } from './spec.ts';

interface Lead {
  id: string;
  /** UTC ms of the first contact */
  at: number;
  origin: string;
  page: string;
}

interface Deal {
  id: string;
  wonAt: number;
}

/** What the truth calls leads without an origin. */
const NO_ORIGIN = '(empty)';

/**
 * Replays leads: each first contact as a lead, each closed deal as its step `won`. The funnel by origin comes from the
 * books' own report.
 */
export async function checkOlistLeads(
  files: { leads: string; deals: string; truth: string },
  say: Progress,
): Promise<Result> {
  const place = openPlace('America/Sao_Paulo');
  const truth = jsonOf(files.truth);
  say('Olist leads: reading');
  const { leads, deals, problems } = await readLeads(files, place);
  const refused = (what: string): unknown => problems.push(what);
  const collector = await startCollector(
    shopSpec({ id: 'olist-leads', country: 'BR', currency: 'BRL', timezone: place.zone }),
  );
  try {
    await collector.post([...leads.values()], (lead) => ({ path: '/v1/leads', body: leadBody(lead) }), {
      progress: (done) => say('Olist leads: first contacts', done, leads.size),
      refused,
    });
    await collector.post(
      [...deals.values()],
      ({ id, wonAt }) => ({ path: statusPath(id), body: { status: 'won', time: isoTime(wonAt) } }),
      {
        progress: (done) => say('Olist leads: closed deals', done, deals.size),
        refused,
      },
    );
    await collector.settled();

    say('Olist leads: reading the books');
    const booked = await collector.leads();
    const outcome = await collector.outcome();
    const strangers = [...deals.keys()].filter((id) => !leads.has(id)).length;
    // A deal won before the first contact is a step that the contact has overtaken, by the files' own times.
    const early = [...deals.values()].filter(({ id, wonAt }) => wonAt < (leads.get(id)?.at ?? wonAt)).length;
    const found = funnelOf(booked.leads);
    const standing = new Map(booked.totals.map(({ status, count }) => [status, count]));
    return {
      figures: [
        ...compareFunnel(truth, found),
        compareCounts('leads that stand as won', deals.size - early, standing.get('won') ?? 0),
        compareCounts('leads that stand as new', leads.size + strangers - deals.size + early, standing.get('new') ?? 0),
        ...compareCopies(outcome, {
          'withheld too_old': leads.size + deals.size - strangers - early,
          'withheld page_unknown': strangers,
        }),
      ],
      notes: [
        'A first contact is booked as a lead with its origin and landing page, a closed deal as its step won.',
        ...(strangers > 0
          ? [
              `${strangers} deals name leads that the file does not have: won without a first contact, and in no funnel.`,
            ]
          : []),
        ...(early > 0 ? [`${early} deals were won before their first contact, as the files say.`] : []),
      ],
      problems: [...problems, ...outcome.turnedAway],
    };
  } finally {
    await collector.stop();
  }
}

async function readLeads(
  files: { leads: string; deals: string },
  place: Place,
): Promise<{ leads: Map<string, Lead>; deals: Map<string, Deal>; problems: string[] }> {
  const [ofLeads, ofDeals] = [new Unreadable(files.leads), new Unreadable(files.deals)];
  const leads = new Map<string, Lead>();
  let row = 0;
  for await (const cells of rowsOf(files.leads, ['mql_id', 'first_contact_date', 'origin'])) {
    row++;
    const text = (name: string): string => cells[name]?.trim() ?? '';
    const [id, at] = [text('mql_id'), place.at(text('first_contact_date'))];
    if (id === '' || at === undefined) ofLeads.add(row, 'it has no mql_id, or first_contact_date is no time');
    else if (leads.has(id)) ofLeads.add(row, `lead ${id} is there already`);
    else leads.set(id, { id, at, origin: text('origin'), page: text('landing_page_id') });
  }
  const deals = new Map<string, Deal>();
  row = 0;
  for await (const cells of rowsOf(files.deals, ['mql_id', 'won_date'])) {
    row++;
    const [id, wonAt] = [cells['mql_id']?.trim() ?? '', place.at(cells['won_date'] ?? '')];
    if (id === '' || wonAt === undefined) ofDeals.add(row, 'it has no mql_id, or won_date is no time');
    else if (deals.has(id)) ofDeals.add(row, `the deal of ${id} is there already`);
    else deals.set(id, { id, wonAt });
  }
  return { leads, deals, problems: [...ofLeads.says, ...ofDeals.says] };
}

function leadBody({ id, at, origin, page }: Lead): object {
  const properties = { ...(origin === '' ? {} : { origin }), ...(page === '' ? {} : { landing_page: page }) };
  const url = `${SHOP}/${encodeURIComponent(page)}`;
  return { lead_id: id, time: isoTime(at), consent: 'granted', page: { url }, properties };
}

function statusPath(id: string): string {
  return `/v1/leads/${encodeURIComponent(id)}/status`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

interface Step {
  leads: number;
  won: number;
}

/** What the books have of each origin: leads with a first contact, and those of them that were ever won. */
function funnelOf(leads: readonly LeadAnswer[]): Map<string, Step> {
  const funnel = new Map<string, Step>();
  for (const { properties, steps } of leads) {
    const reached = new Set(steps.map(({ status }) => status));
    if (!reached.has('new')) continue;
    const { origin } = properties;
    const name = typeof origin === 'string' ? origin : NO_ORIGIN;
    const step = funnel.get(name) ?? { leads: 0, won: 0 };
    funnel.set(name, { leads: step.leads + 1, won: step.won + (reached.has('won') ? 1 : 0) });
  }
  return funnel;
}

function compareFunnel(truth: Record<string, unknown>, found: ReadonlyMap<string, Step>): Compared[] {
  const due = new Map(entriesOf(truth['by_origin']));
  const all = (field: keyof Step): number => [...found.values()].reduce((sum, step) => sum + step[field], 0);
  return [
    ...[...new Set([...due.keys(), ...found.keys()])].flatMap((origin) => {
      const [wanted, own] = [due.get(origin), found.get(origin)];
      return [
        compareCounts(`${origin}, leads`, Number(wanted?.['leads'] ?? 0), own?.leads ?? 0),
        compareCounts(`${origin}, won`, Number(wanted?.['won'] ?? 0), own?.won ?? 0),
      ];
    }),
    compareCounts('leads', Number(truth['leads']), all('leads')),
    compareCounts('won', Number(truth['won']), all('won')),
  ];
}
