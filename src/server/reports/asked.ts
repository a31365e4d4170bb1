import type { AttributionAsked } from '../../api/attribution.ts';
import { MODELS } from '../../attribution/policy.ts';
import { type Rules, rulesOf } from '../../attribution/statement.ts';
import type { TOUCH_KINDS, TouchKind } from '../../event/fact.ts';
import { exponentOf } from '../../event/money.ts';
import type { Parsed } from '../../event/problem.ts';
import { DAY, durationText, parseDuration } from '../../event/time.ts';
import type { Spec } from '../../spec/spec.ts';
import { type Narrowed, REPORT_LEVELS } from '../../store/warehouse-reports.ts';
import { openQuery, type QueryText } from '../query.ts';
import { dayNumber, dayText, readDay } from './day-span.ts';

const DAYS_MAX = 400;
const TEXT_CHARS_MAX = 512;
const NAMES_MAX = 50;
/** As far back as journeys are kept for a conversion. */
const WINDOW_DAYS_MAX = 90;
/** Of a report that is asked for without days: as long as the widest of TikTok’s windows. */
const DEFAULT_DAYS = 28;

const BY = [...REPORT_LEVELS, 'day'] as const;
const WINDOWS = ['click', 'engagedView', 'view'] as const;

export const SPAN_PARAMETERS = ['from', 'to'];
export const LINE_PARAMETERS: readonly string[] = REPORT_LEVELS;
const ATTRIBUTION_PARAMETERS = [
  ...SPAN_PARAMETERS,
  ...['by', 'model', ...WINDOWS, 'count', 'basis', 'name', 'currency', 'statement'],
  ...LINE_PARAMETERS,
];

/** A question as it was read: what the answer repeats, and what it means. */
export interface ReadAsked {
  asked: AttributionAsked;
  rules: Rules;
  /** days from 1970-01-01, both included */
  first: number;
  last: number;
  narrowed: Narrowed;
}

/** Reads a question to attribution; whatever it leaves out is as the spec has it. `more` are other parameters that it may have. */
export function readAttributionAsked(
  query: URLSearchParams,
  spec: Spec,
  now: number,
  more: readonly string[] = [],
): Parsed<ReadAsked & { more: QueryText }> {
  const read = openQuery(query, [...ATTRIBUTION_PARAMETERS, ...more], TEXT_CHARS_MAX);
  const { attribution } = spec;
  const rules = rulesOf(spec);
  const span = readSpan(read, rules.timezone, now);
  const by = oneOf(read, 'by', BY, 'campaign');
  const model = oneOf(read, 'model', MODELS, rules.model);
  const count = oneOf(read, 'count', ['every', 'once'] as const, rules.policy.count);
  const basis = oneOf(read, 'basis', ['touch', 'conversion'] as const, attribution.basis);
  const windows = Object.fromEntries(
    WINDOWS.map((kind) => [kind, readWindow(read, kind, rules.policy.windows[kind])]),
  ) as Record<TouchKind, number>;
  const statement = readStatement(read);
  const names = readNames(read, 'name');
  const currency = readCurrency(read, spec.business.currency);
  const narrowed = readNarrowed(read, query);
  if (read.problems.length > 0 || !span) return { ok: false, problems: read.problems };
  const asked: AttributionAsked = {
    ...{ from: dayText(span.first), to: dayText(span.last), by, model },
    ...{
      click: windowText(windows.click),
      engagedView: windowText(windows.engagedView),
      view: windowText(windows.view),
    },
    ...{ count, basis, name: names, currency, ...narrowed },
    ...(statement === undefined ? {} : { statement }),
  };
  return {
    ok: true,
    value: {
      ...{ asked, narrowed, ...span, more: read },
      rules: { ...rules, model, policy: { ...rules.policy, windows, count } },
    },
  };
}

/** As the spec writes it: `7d`, or `off`. */
export function windowText(ms: number): string {
  return ms === 0 ? 'off' : durationText(ms);
}

/** The days of a question; none, with a problem, where they can't be read. */
export function readSpan(read: QueryText, zone: string, now: number): { first: number; last: number } | undefined {
  const day = (name: 'from' | 'to'): number | undefined => {
    const text = read.text(name);
    const number = text === undefined ? undefined : readDay(text);
    if (text !== undefined && number === undefined)
      read.problems.push({
        ...{ code: 'query_day', where: name, what: `${JSON.stringify(text.slice(0, 40))} is no day` },
        fix: `write a day in ${zone}, such as 2026-11-22`,
      });
    return number;
  };
  const [from, to] = [day('from'), day('to')];
  const last = to ?? Math.max(from ?? 0, dayNumber(zone, now));
  const first = from ?? last - DEFAULT_DAYS + 1;
  if (first > last)
    read.problems.push({
      ...{ code: 'query_days', where: 'to', what: 'it comes before from' },
      fix: 'ask for days in their order',
    });
  else if (last - first >= DAYS_MAX)
    read.problems.push({
      ...{ code: 'query_days', where: 'from', what: `these are ${last - first + 1} days` },
      fix: `ask for at most ${DAYS_MAX}`,
    });
  else return { first, last };
  return undefined;
}

/** One of some words, or what stands for none; a problem where it is another. */
export function oneOf<T extends string>(read: QueryText, name: string, known: readonly T[], none: T): T {
  const text = read.text(name);
  const found = known.find((one) => one === text);
  if (text !== undefined && found === undefined)
    read.problems.push({
      ...{ code: 'query_word', where: name, what: `${JSON.stringify(text.slice(0, 40))} is none of its words` },
      fix: `use one of ${known.join(', ')}`,
    });
  return found ?? none;
}

/** Names with commas between them. */
export function readNames(read: QueryText, name: string): string[] {
  const names = [...new Set((read.text(name) ?? '').split(',').map((one) => one.trim()))].filter((one) => one !== '');
  if (names.length > NAMES_MAX)
    read.problems.push({
      ...{ code: 'query_long', where: name, what: `it has ${names.length} names` },
      fix: `ask for at most ${NAMES_MAX}`,
    });
  return names;
}

export function readCurrency(read: QueryText, none: string): string {
  const text = read.text('currency') ?? none;
  if (exponentOf(text) === undefined)
    read.problems.push({
      ...{ code: 'query_currency', where: 'currency', what: `${JSON.stringify(text.slice(0, 40))} is no currency` },
      fix: 'use its ISO 4217 code, such as EUR',
    });
  return text;
}

/** A parameter that is there and empty asks for what is not known. */
export function readNarrowed(read: QueryText, query: URLSearchParams): Narrowed {
  return Object.fromEntries(
    REPORT_LEVELS.flatMap((level) => {
      const text = read.text(level);
      if (text !== undefined) return [[level, text]];
      return query.has(level) && query.get(level) === '' ? [[level, '']] : [];
    }),
  );
}

function readWindow(read: QueryText, kind: (typeof TOUCH_KINDS)[number], none: number): number {
  const text = read.text(kind);
  if (text === undefined) return none;
  const ms = text === 'off' ? 0 : parseDuration(text);
  if (ms !== undefined && ms <= WINDOW_DAYS_MAX * DAY) return ms;
  read.problems.push({
    ...{ code: 'query_window', where: kind, what: `${JSON.stringify(text.slice(0, 40))} is no window` },
    fix: `write 7d, 12h or off, at most ${WINDOW_DAYS_MAX}d`,
  });
  return none;
}

function readStatement(read: QueryText): number | undefined {
  const text = read.text('statement');
  if (text === undefined || /^[1-9]\d{0,8}$/.test(text)) return text === undefined ? undefined : Number(text);
  read.problems.push({
    ...{ code: 'query_statement', where: 'statement', what: 'it is no number of a statement' },
    fix: 'use one of the answer’s statements, or leave it out',
  });
  return undefined;
}
