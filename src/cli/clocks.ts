import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CopyAt, Leg } from '../event/event.ts';
import { durationText } from '../event/time.ts';
import { clockText } from '../server/says.ts';
import { readSpecFile, Specs } from '../server/specs.ts';
import type { Spec } from '../spec/spec.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import { type ClockLimits, type Copy, type Forecast, forecast } from '../tiktok/clocks.ts';
import { firstCopy } from '../transport/pick.ts';
import { type Span, spanAt, timeline } from './clock-timeline.ts';
import { asksWhatIf, clocksWhatIf, type WhatIfOptions } from './clocks-what-if.ts';
import type { Io } from './io.ts';
import { readClock, SPEC_FILE } from './read-clock.ts';

export interface ClocksOptions extends WhatIfOptions {
  first?: string;
  leg?: string;
  at?: string;
  spec?: string;
}

/** What TikTok would do with a copy of one event at one destination. */
interface ClocksAnswer {
  destination?: string;
  /** the first copy that may have arrived; null while there is none */
  first: { leg: Leg; from: number; to: number } | null;
  /** a copy now, by either leg, and when that changes; UTC ms */
  copies: { leg: Leg; now: Forecast; until?: number; spans: Span[] }[];
}

interface EventClocks {
  event?: string;
  eventId?: string;
  destinations: ClocksAnswer[];
}

const LEGS: readonly Leg[] = ['pixel', 'api'];
const EVENTS_MAX = 50;

/** Explains both clocks of TikTok's for an event of the store, or for a copy that is only supposed. 1: nothing known. */
export async function clocks(id: string | undefined, options: ClocksOptions, io: Io): Promise<number> {
  if (asksWhatIf(options)) {
    if (id === undefined && options.first === undefined) return clocksWhatIf(options, io);
    return fault(io, 'What if is asked of all traffic: leave out the id and --first.');
  }
  const at = options.at === undefined ? io.now() : readClock(options.at);
  if (at === undefined)
    return fault(io, `--at ${options.at} is not a time. Write ISO 8601, such as 2026-11-01T10:00:00Z.`);
  if (options.first !== undefined) return supposed(options.first, options, at, io);
  if (id === undefined)
    return fault(
      io,
      'Name an order or event, suppose a copy with --first TIME --leg api, or ask what if with --delay 10m.',
    );
  return stored(id, options, at, io);
}

function supposed(text: string, options: ClocksOptions, at: number, io: Io): number {
  const [from, to, ...more] = text.split('/').map(readClock);
  if (from === undefined || more.length > 0 || (text.includes('/') && (to === undefined || to < from)))
    return fault(io, `--first ${text} is not a time. Write 2026-11-01T10:00:00Z, or earliest/latest with a slash.`);
  const leg = LEGS.find((one) => one === options.leg);
  if (!leg) return fault(io, 'Say with --leg which copy was first: --leg api or --leg pixel.');
  if (options.spec !== undefined && !existsSync(options.spec)) return fault(io, `${options.spec} does not exist.`);
  const { spec } = readSpecFile(options.spec ?? SPEC_FILE);
  const answer = answerOf({ leg, at: [from, to ?? from] }, spec.delivery, at);
  say([{ destinations: [answer] }], spec, at, options, io);
  return 0;
}

async function stored(id: string, options: ClocksOptions, at: number, io: Io): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  if (!existsSync(join(folder, 'ledger.db')))
    return fault(io, `There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.`);
  const reader = await openLedgerReader(folder);
  try {
    const specs = new Specs();
    specs.learn(await reader.specs());
    const { events, dispatches } = await reader.lineage(await reader.find(id, EVENTS_MAX), []);
    if (events.length === 0) {
      io.stderr(`Nothing is known about ${JSON.stringify(id)}.\n`);
      return 1;
    }
    const answers = events.map(({ seq, name, eventId, specVersion }): EventClocks => {
      const legs = dispatches.filter(({ event }) => event === seq);
      const { delivery } = specs.of(specVersion);
      const names = [...new Set(legs.map(({ destination }) => destination))];
      return {
        event: name,
        eventId,
        destinations: names.map((destination) => ({
          destination,
          ...answerOf(firstCopy(legs, destination), delivery, at),
        })),
      };
    });
    say(answers, specs.newest, at, options, io);
    return 0;
  } finally {
    await reader.close();
  }
}

function answerOf(first: Copy | undefined, limits: ClockLimits, at: number): ClocksAnswer {
  return {
    first: first ? { leg: first.leg, from: first.at[0], to: first.at[1] } : null,
    copies: LEGS.map((leg) => {
      const spans = first ? timeline(first, leg, limits) : [];
      const until = spanAt(spans, at)?.until ?? (first && at < first.at[0] ? first.at[0] : undefined);
      return { leg, now: forecast(first, leg, at, limits), ...(until === undefined ? {} : { until }), spans };
    }),
  };
}

function say(events: readonly EventClocks[], spec: Spec, asOf: number, options: ClocksOptions, io: Io): void {
  const { timezone } = spec.business;
  if (options.json) io.stdout(`${JSON.stringify({ asOf, timezone, events })}\n`);
  else io.stdout(`${words(events, asOf, timezone).join('\n')}\n`);
}

const SAYS: Record<Forecast, string> = {
  willCount: 'will count',
  willMerge: 'will merge',
  willBeDropped: 'will be dropped',
  wouldCountTwice: 'would count twice',
  unknown: 'unknown',
};

const MEANS: Record<Forecast, string> = {
  willCount: 'TikTok has no copy of it yet.',
  willMerge: 'TikTok joins it with the first copy and fills in what was missing.',
  willBeDropped: 'TikTok throws it away: harmless, and useless.',
  wouldCountTwice: 'TikTok has forgotten the first copy. Assay does not send this.',
  unknown: 'TikTok may join it or throw it away; neither counts twice.',
};

function words(events: readonly EventClocks[], asOf: number, timezone: string): string[] {
  const clock = (at: number): string => clockText(at, timezone);
  const seen = new Set<Forecast>();
  const lines = [`As of ${clock(asOf)} (${timezone})`];
  for (const { event, eventId, destinations } of events) {
    if (event !== undefined) lines.push('', `${event} ${eventId}`);
    if (destinations.length === 0) lines.push('  No copy of it is meant for TikTok.');
    for (const { destination, first, copies } of destinations) {
      const to = destination === undefined ? '' : ` to ${destination}`;
      lines.push(
        '',
        first
          ? `  First copy${to}: by ${first.leg}, arrived ${intervalText([first.from, first.to], clock)}`
          : `  First copy${to}: none can have arrived`,
      );
      for (const { leg, now, until, spans } of copies) {
        seen.add(now);
        const change = until === undefined ? '' : `, until ${clock(until)} (${spanText(until - asOf)} from now)`;
        lines.push(`  ${article(leg)} copy now ${SAYS[now]}${change}`);
        for (const span of spans) {
          seen.add(span.forecast);
          const here = spanAt(spans, asOf)?.span === span ? '   ← now' : '';
          lines.push(`    │ ${clock(span.from)}  ${SAYS[span.forecast]}${here}`);
        }
      }
    }
  }
  lines.push('', ...[...seen].map((one) => `${SAYS[one]}: ${MEANS[one]}`));
  return lines;
}

function article(leg: Leg): string {
  return leg === 'api' ? 'An api' : 'A pixel';
}

function intervalText([from, to]: CopyAt, clock: (at: number) => string): string {
  return to - from < 1000 ? clock(from) : `between ${clock(from)} and ${clock(to)}`;
}

function spanText(ms: number): string {
  const unit = ms < 120_000 ? 1000 : ms < 7_200_000 ? 60_000 : 3_600_000;
  return durationText(Math.max(unit, Math.round(ms / unit) * unit));
}

function fault(io: Io, what: string): number {
  io.stderr(`${what}\n`);
  return 2;
}
