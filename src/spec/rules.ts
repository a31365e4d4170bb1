import type { Problem } from '../event/problem.ts';
import { DAY, durationText, HOUR, MINUTE } from '../event/time.ts';
import type { Path, Yaml } from './document.ts';
import { type Clash, eventRules } from './event-rules.ts';
import { quoted } from './kinds.ts';
import { GUARDED_EVENTS } from './names.ts';
import { nearest } from './nearest.ts';
import { TRACKING_FILE } from './shape.ts';
import type { Meaning } from './version.ts';

const CLASHES_MAX = 200;

/** Checks what no single field can tell. Fields that are faulty by themselves take no part. */
export function crossCheck(spec: Meaning, yaml: Yaml, faulty: readonly Path[]): Problem[] {
  const problems: Problem[] = [];
  for (const clash of clashes(spec)) {
    if (problems.length >= CLASHES_MAX) break;
    const parts = [clash.at, ...(clash.with ?? [])];
    if (parts.some((part) => faulty.some((path) => overlap(path, part)))) continue;
    problems.push(yaml.problem(clash.at, 'value', clash, parts.find(yaml.has)));
  }
  return problems;
}

function overlap(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((part, index) => part === b[index]);
}

function* clashes(spec: Meaning): Generator<Clash> {
  yield* businessRules(spec);
  yield* siteRules(spec);
  yield* destinationRules(spec);
  for (const [name, rule] of Object.entries(spec.events)) yield* eventRules(name, rule, spec);
  yield* moneyRules(spec);
  yield* leadRules(spec);
  yield* pageRules(spec);
  yield* freezeRules(spec);
  yield* limits(spec);
}

function* businessRules({ business }: Meaning): Generator<Clash> {
  if (business.id === 'draft')
    yield {
      at: ['business', 'id'],
      code: 'id_reserved',
      what: 'is draft, with which the ids of drafts begin',
      fix: 'Choose another id.',
    };
}

function* siteRules({ sites }: Meaning): Generator<Clash> {
  for (const [index, origin] of sites.origins.entries()) {
    const { hostname } = new URL(origin);
    if (!sites.domains.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`)))
      yield {
        at: ['sites', 'origins', index],
        with: [['sites', 'domains']],
        code: 'origin_outside',
        what: `is ${quoted(origin)}, whose host is not among the domains`,
        fix: `Add ${hostname} to sites.domains.`,
      };
  }
}

function* destinationRules({ destinations }: Meaning): Generator<Clash> {
  yield* repeated(
    destinations.map(({ id }) => id),
    (index) => ['destinations', index, 'id'],
    'destination_twice',
    'Give each destination an id of its own.',
  );
  // TikTok would drop the second copy, and every figure would look like a fault.
  yield* repeated(
    destinations.map(({ pixel }) => pixel),
    (index) => ['destinations', index, 'pixel'],
    'pixel_twice',
    'Remove one of the two destinations.',
  );
}

function* moneyRules({ business, leads, money }: Meaning): Generator<Clash> {
  for (const [status, amount] of Object.entries(leads.ladder))
    if (amount !== null && !amount.endsWith(` ${business.currency}`))
      yield {
        at: ['leads', 'ladder', status],
        with: [['business', 'currency']],
        code: 'ladder_currency',
        what: `is ${quoted(amount)}, not in the currency of your books`,
        fix: `Write the amount in ${business.currency}.`,
      };
  if (money.rates.some(({ currency }) => currency === business.currency))
    yield {
      at: ['money', 'rates'],
      with: [['business', 'currency']],
      code: 'rate_of_own_currency',
      what: `has a rate for ${business.currency}, the currency of your books`,
      fix: 'Remove it.',
    };
}

function* leadRules({ leads }: Meaning): Generator<Clash> {
  const known = new Set([...Object.keys(leads.ladder), ...Object.keys(leads.events)]);
  for (const [crm, { statuses }] of Object.entries(leads.crm))
    for (const [word, status] of Object.entries(statuses))
      if (!known.has(status))
        yield {
          at: ['leads', 'crm', crm, 'statuses', word],
          with: [
            ['leads', 'ladder'],
            ['leads', 'events'],
          ],
          code: 'crm_status_target',
          what: `is ${quoted(status)}, which is no status of your leads`,
          fix: `Write one of ${[...known].join(', ')}, or add it to leads.ladder.`,
        };
}

function* pageRules({ pages, events, scenarios }: Meaning): Generator<Clash> {
  yield* repeated(
    pages.map(({ match }) => match),
    (index) => ['pages', index, 'match'],
    'page_twice',
    'Keep one of the two.',
  );
  yield* repeated(
    scenarios.map(({ name }) => name),
    (index) => ['scenarios', index, 'name'],
    'scenario_twice',
    'Give each scenario a name of its own.',
  );
  for (const [index, { event }] of pages.entries())
    if (isGuarded(events, event))
      yield {
        at: ['pages', index, 'event'],
        with: [['events', event, 'guarded']],
        code: 'page_guarded',
        what: `is ${event}, which a page view cannot prove`,
        fix: `Send ${event} from your server, or name another event.`,
      };
}

function* freezeRules({ freeze }: Meaning): Generator<Clash> {
  const sections = Object.keys(TRACKING_FILE.properties).filter((name) => name !== 'assay' && name !== 'freeze');
  for (const [index, what] of freeze?.what.entries() ?? []) {
    const [section = '', field] = what.split('.');
    const near = nearest(section, sections);
    const fields = fieldsOf(section);
    const known = sections.includes(section) && (field === undefined || fields === 'any' || fields.includes(field));
    if (!known)
      yield {
        at: ['freeze', 'what', index],
        code: 'freeze_unknown',
        what: `is ${quoted(what)}, which is no part of this file`,
        fix:
          sections.includes(section) || near === undefined
            ? `Name one of ${[...sections, ...(fields === 'any' ? [] : fields.map((name) => `${section}.${name}`))].join(', ')}.`
            : `Did you mean ${near}?`,
      };
  }
}

/** Fields of a section of the file; maps such as events take any name. */
function fieldsOf(section: string): string[] | 'any' {
  const fields = TRACKING_FILE.properties as Record<string, { properties?: object; patternProperties?: object }>;
  const shape = Object.hasOwn(fields, section) ? fields[section] : undefined;
  return shape?.patternProperties ? 'any' : Object.keys(shape?.properties ?? {});
}

/** Bounds between durations and shares; those of TikTok are its 5 minutes, 48 hours and 28 days. */
function* limits({ delivery, attribution, pairWithin, health, retention }: Meaning): Generator<Clash> {
  const time = (path: string, ms: number, least: number, most: number, why: string): Clash[] =>
    ms >= least && ms <= most
      ? []
      : [
          {
            at: path.split('.'),
            code: 'duration_range',
            what: `is ${durationText(ms)}, ${why}`,
            fix: ms > most ? `Write ${durationText(most)} or less.` : `Write ${durationText(least)} or more.`,
          },
        ];
  yield* time('delivery.linger', delivery.linger, 0, MINUTE, 'but events should leave soon');
  yield* time(
    'delivery.firstRetry',
    delivery.firstRetry,
    100,
    HOUR,
    'and the first retry should come neither at once nor late',
  );
  yield* time('delivery.merge', delivery.merge, 1, 5 * MINUTE - 1000, 'but TikTok merges for 5m');
  yield* time('delivery.drop', delivery.drop, HOUR, 48 * HOUR - MINUTE, 'but TikTok forgets an event after 48h');
  yield* time('delivery.clockTolerance', delivery.clockTolerance, 1000, HOUR, 'but requests are under way for seconds');
  yield* time('delivery.maxAge', delivery.maxAge, DAY, 28 * DAY, 'but TikTok looks back 28d');
  for (const kind of ['click', 'engagedView', 'view'] as const)
    yield* time(`attribution.${kind}`, attribution[kind], 0, 90 * DAY, 'but touches are joined for 90d at most');
  yield* time('attribution.halfLife', attribution.halfLife, HOUR, 90 * DAY, 'but touches are joined for 90d at most');
  yield* below('delivery.firstRetry', delivery.firstRetry, 'delivery.ceiling', delivery.ceiling);
  yield* below('delivery.ceiling', delivery.ceiling, 'delivery.giveUp', delivery.giveUp);
  yield* below('delivery.giveUp', delivery.giveUp + 1, 'delivery.drop', delivery.drop);
  yield* time('delivery.keep', delivery.keep, MINUTE, 28 * DAY, 'but it is a wait of hours or days');
  if (delivery.rate.start > delivery.rate.max)
    yield {
      at: ['delivery', 'rate', 'start'],
      with: [['delivery', 'rate', 'max']],
      code: 'rate_order',
      what: 'is larger than delivery.rate.max',
      fix: 'Start at or below the rate that is never exceeded.',
    };
  yield* below('delivery.warnAge', delivery.warnAge, 'delivery.maxAge', delivery.maxAge);
  yield* below('pairWithin', pairWithin, 'delivery.drop', delivery.drop);
  yield* below('retention.personal', retention.personal, 'retention.journal', retention.journal);
  const { warn, fail } = health.duplicates;
  if (warn > fail)
    yield {
      at: ['health', 'duplicates', 'warn'],
      with: [['health', 'duplicates', 'fail']],
      code: 'share_order',
      what: 'is larger than health.duplicates.fail',
      fix: 'Warn at a smaller share than the one that fails.',
    };
}

function* below(low: string, lowMs: number, high: string, highMs: number): Generator<Clash> {
  if (lowMs > highMs)
    yield {
      at: low.split('.'),
      with: [high.split('.')],
      code: 'duration_order',
      what: `is too long beside ${high}, which is ${durationText(highMs)}`,
      fix: `Make it shorter than ${high}.`,
    };
}

function isGuarded(events: Meaning['events'], name: string): boolean {
  return Object.hasOwn(events, name) ? events[name]?.guarded === true : GUARDED_EVENTS.includes(name);
}

function* repeated(values: string[], at: (index: number) => Path, code: string, fix: string): Generator<Clash> {
  const first = new Map<string, number>();
  for (const [index, value] of values.entries()) {
    const before = first.get(value);
    if (before === undefined) first.set(value, index);
    else yield { at: at(index), with: [at(before)], code, what: `is ${quoted(value)} once more`, fix };
  }
}
