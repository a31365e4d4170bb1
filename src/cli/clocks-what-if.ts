import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, durationText, parseDuration } from '../event/time.ts';
import { dayStart, todayIn } from '../server/books/days.ts';
import { clockText } from '../server/says.ts';
import { Specs } from '../server/specs.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { type Compared, compare, type Line, OUTCOMES } from './clocks-acts.ts';
import type { Outcomes, Scenario } from './clocks-scenario.ts';
import type { Io } from './io.ts';
import { readClock } from './read-clock.ts';
import { tableText } from './text-table.ts';

export interface WhatIfOptions {
  delay?: string;
  ids?: string;
  pixel?: string;
  outage?: string;
  outageAt?: string;
  since?: string;
  until?: string;
  data?: string;
  json?: boolean;
}

/** Is a question about other settings asked, and not one about an event? */
export function asksWhatIf({ delay, ids, pixel, outage, outageAt, since, until }: WhatIfOptions): boolean {
  return [delay, ids, pixel, outage, outageAt, since, until].some((option) => option !== undefined);
}

/** Says what TikTok would have made of the store's traffic under other settings. 0: said, 1: no traffic, 2: can't be read. */
export async function clocksWhatIf(options: WhatIfOptions, io: Io): Promise<number> {
  const read = readOptions(options);
  if (typeof read === 'string') return fault(io, read);
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  if (!existsSync(join(folder, 'ledger.db')))
    return fault(io, `There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.`);
  const reader = await openLedgerReader(folder);
  try {
    const specs = new Specs();
    specs.learn(await reader.specs());
    const { timezone } = specs.newest.business;
    const period = periodOf(read, timezone, io.now());
    if (typeof period === 'string') return fault(io, period);
    const { since, until } = period;
    const { outageMs, outageAt = Math.round((since + until) / 2), ...rest } = read.scenario;
    const scenario: Scenario = {
      ...rest,
      ...(outageMs === undefined ? {} : { outage: { from: outageAt, to: outageAt + outageMs } }),
    };
    const show = io.interactive && !options.json;
    const compared = await compare(
      reader,
      scenario,
      period,
      ({ specVersion }) => specs.of(specVersion).delivery,
      (events) => {
        if (show) io.stderr(`\r\x1b[K${events.toLocaleString('en-US')} events`);
      },
    );
    if (show) io.stderr('\r\x1b[K');
    if (options.json) io.stdout(`${JSON.stringify({ since, until, timezone, scenario, ...compared })}\n`);
    else io.stdout(words(compared, scenario, (at) => clockText(at, timezone), period));
    return compared.lines.length > 0 ? 0 : 1;
  } finally {
    await reader.close();
  }
}

interface Read {
  scenario: Omit<Scenario, 'outage'> & { outageMs?: number; outageAt?: number };
  since?: number;
  until?: number;
}

/** The options, or what is wrong with them. */
function readOptions(options: WhatIfOptions): Read | string {
  const read: Read = { scenario: {} };
  for (const [name, put] of [
    ['delay', (ms: number) => (read.scenario.delay = ms)],
    ['outage', (ms: number) => (read.scenario.outageMs = ms)],
  ] as const) {
    const text = options[name];
    if (text === undefined) continue;
    const ms = parseDuration(text);
    if (ms === undefined) return `--${name} ${text} is not a time span. Write 10m, 2h or 3d.`;
    put(ms);
  }
  const { ids, pixel, outage, outageAt } = options;
  if (ids === 'random' || ids === 'order') read.scenario.ids = ids;
  else if (ids !== undefined) return `--ids ${ids} is no rule. Write --ids random or --ids order.`;
  if (pixel === 'off' || pixel === 'first') read.scenario.pixel = pixel;
  else if (pixel !== undefined) return `--pixel ${pixel} is no choice. Write --pixel off or --pixel first.`;
  if (outageAt !== undefined && outage === undefined)
    return 'Say with --outage how long it lasts, such as --outage 2h.';
  for (const [name, text, put] of [
    ['outage-at', outageAt, (at: number) => (read.scenario.outageAt = at)],
    ['since', options.since, (at: number) => (read.since = at)],
    ['until', options.until, (at: number) => (read.until = at)],
  ] as const) {
    if (text === undefined) continue;
    const at = readClock(text);
    if (at === undefined) return `--${name} ${text} is not a time. Write ISO 8601, such as 2026-11-01T10:00:00Z.`;
    put(at);
  }
  return read;
}

/** Yesterday in the business's time zone, unless told; a day from --since on, or up to --until. */
function periodOf({ since, until }: Read, timezone: string, now: number): { since: number; until: number } | string {
  const today = dayStart(todayIn(timezone, now), timezone) ?? now;
  const yesterday = dayStart(todayIn(timezone, now), timezone, -1) ?? now - DAY;
  const period = {
    since: since ?? (until === undefined ? yesterday : until - DAY),
    until: until ?? (since === undefined ? today : since + DAY),
  };
  return period.since < period.until ? period : '--since must be earlier than --until.';
}

const HEADS: Record<keyof Outcomes, string> = {
  count: 'counts',
  merge: 'merges',
  drop: 'dropped',
  either: 'either',
  twice: 'counts twice',
};

function words(
  { lines, events, cut }: Compared,
  scenario: Scenario,
  clock: (at: number) => string,
  { since, until }: { since: number; until: number },
): string {
  const parts = [
    `${events.toLocaleString('en-US')} events from ${clock(since)} to ${clock(until)}.`,
    `What if: ${supposition(scenario, clock)}.`,
  ];
  if (lines.length === 0) return `${parts.join('\n')}\n\nNo copy of them left, so there is nothing to compare.\n`;
  const rows = lines.map((line) => [
    line.event,
    line.destination,
    ...OUTCOMES.map((key) => change(line.now[key], line.supposed[key])),
  ]);
  parts.push(
    '',
    tableText([['event', 'destination', ...OUTCOMES.map((key) => HEADS[key])], ...rows]),
    '',
    verdict(lines),
  );
  const examples = lines.flatMap(({ event, examples: ids }) => ids.map((id) => `  assay trace ${id}    ${event}`));
  if (examples.length > 0) parts.push('', 'Look at some of which something else would become:', ...examples);
  parts.push(
    '',
    'counts: TikTok counts the copy. merges: it joins the first copy and fills in what was missing. dropped: a repeat,',
    'thrown away. either: merged or dropped, between our margin and TikTok’s limit. counts twice: one act of a visitor is',
    'counted again. Assay keeps back server copies that its clock would count twice; pages and other senders do not.',
  );
  if (cut) parts.push('There were too many orders to hold at once: narrow the period with --since and --until.');
  return `${parts.join('\n')}\n`;
}

function supposition({ delay, ids, pixel, outage }: Scenario, clock: (at: number) => string): string {
  const said = [
    delay === undefined ? '' : `server copies leave ${durationText(delay)} later`,
    ids === 'random' ? 'each copy has an id of its own' : '',
    ids === 'order' ? 'copies of an order carry the order’s id' : '',
    pixel === 'off' ? 'the pixel fires nothing' : '',
    pixel === 'first' ? 'the pixel fires at once and waits for no server' : '',
    outage ? `TikTok can’t be reached by the server from ${clock(outage.from)} to ${clock(outage.to)}` : '',
  ].filter((one) => one !== '');
  return said.length === 0 ? 'nothing were different' : said.join(', and ');
}

/** `12`, or `12 → 15 (+3)`. */
function change(now: number, supposed: number): string {
  const [from, to] = [now, supposed].map((count) => count.toLocaleString('en-US'));
  if (now === supposed) return String(from);
  return `${from} → ${to} (${supposed > now ? '+' : '−'}${Math.abs(supposed - now).toLocaleString('en-US')})`;
}

function verdict(lines: readonly Line[]): string {
  const sum = (of: (line: Line) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const twice = sum(({ now, supposed }) => supposed.twice - now.twice);
  const lost = sum(({ now, supposed }) => now.count - supposed.count);
  const merged = sum(({ now, supposed }) => now.merge - supposed.merge);
  const said = [
    twice > 0 ? `${number(twice)} more would be counted twice: reports would show sales that never were` : '',
    twice < 0 ? `${number(-twice)} fewer would be counted twice` : '',
    lost > 0 ? `${number(lost)} would not be counted at all` : '',
    lost < 0 ? `${number(-lost)} more would be counted` : '',
    merged > 0
      ? `${number(merged)} fewer would be merged: what only the page or only the server knows would be missing`
      : '',
    merged < 0 ? `${number(-merged)} more would be merged` : '',
  ].filter((one) => one !== '');
  return said.length === 0 ? 'TikTok would count the same.' : `${said.join('. ')}.`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function fault(io: Io, what: string): number {
  io.stderr(`${what}\n`);
  return 2;
}
