import type { DispatchRow } from '../event/dispatch.ts';
import type { Door, EventRow, Leg } from '../event/event.ts';
import type { DifferenceRow } from '../event/finding.ts';
import type { Reason } from '../event/reason.ts';
import { durationText } from '../event/time.ts';
import { type ClockLimits, type Copy, type Forecast, forecast } from '../tiktok/clocks.ts';
import { REASONS } from './reasons.ts';

/** A moment for people: `12:03:05` on the day of `now`, `5 Aug 11:00:00` on another, in the business's zone. */
export type ClockWords = (at: number | undefined) => string;

export function clockWords(timezone: string, now: number): ClockWords {
  const day = (at: number): string => clockText(at, timezone, { dateStyle: 'short' });
  const today = day(now);
  const thisYear = today.slice(-4);
  return (at) => {
    if (at === undefined) return '';
    const time = clockText(at, timezone, { timeStyle: 'medium' });
    if (day(at) === today) return time;
    const year = day(at).endsWith(thisYear) ? {} : ({ year: 'numeric' } as const);
    return `${clockText(at, timezone, { day: 'numeric', month: 'short', ...year })} ${time}`;
  };
}

/** `22 Nov 2026, 12:03:05`, in the zone. */
export function clockText(
  at: number,
  timezone: string,
  form: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' },
): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, ...form }).format(at);
}

/**
 * One leg's state as a sentence for people. `merge`: how long TikTok merges the page's copy, which is told of an api leg
 * that a pixel leg among `legs` waits for.
 */
export function legSays(leg: DispatchRow, clock: ClockWords, legs: readonly DispatchRow[], merge: number): string {
  switch (leg.state) {
    case 'held':
      if (leg.why === 'awaiting_confirmation')
        return `Waits for the payment's confirmation, until ${clock(leg.expiresAt)} at the latest.`;
      if (leg.why === 'delay')
        return `Confirmed at ${clock(leg.changedAt)}; waits ${delaySays(leg)} for a repeated webhook, then goes to TikTok${pageSays(leg, clock, legs, merge)}.`;
      if (leg.why === 'awaiting_api') return 'Waits until TikTok has accepted the api leg.';
      return meaning(leg.why);
    case 'queued':
      if (leg.why === 'handout_open') return `The page may fire the pixel until ${clock(leg.expiresAt)}.`;
      if (leg.attempts > 0) return `${meaning(leg.why)} Attempt ${leg.attempts + 1} at ${clock(leg.dueAt)}.`;
      return `Leaves at ${clock(leg.dueAt)}.`;
    case 'inFlight':
      return leg.leg === 'pixel'
        ? `The page was told to fire at ${clock(leg.changedAt)} and has not reported back.`
        : `On its way to TikTok since ${clock(leg.changedAt)}.`;
    case 'delivered':
      return `TikTok accepted it at ${clock(leg.changedAt)}, at attempt ${leg.attempts}.`;
    case 'unknown':
      return leg.why === 'fired_by_page'
        ? `The page says that it fired the pixel, by ${clock(leg.copyAt?.[1] ?? leg.changedAt)}. TikTok answers nothing there.`
        : leg.leg === 'api'
          ? `It may have arrived: ${lowered(meaning(leg.why))}`
          : meaning(leg.why);
    case 'withheld':
    case 'dead':
      return meaning(leg.why);
  }
}

/** A sentence that goes on after a colon; names keep their capital. */
function lowered(sentence: string): string {
  return /^(?:TikTok|[A-Z]{2})/.test(sentence) ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** `5 s`, `20 min` */
function delaySays({ changedAt, dueAt = changedAt }: DispatchRow): string {
  return waitSays(dueAt - changedAt).replace(/[a-z]+$/, (unit) => ` ${unit === 'm' ? 'min' : unit}`);
}

/** Until when the page may fire, if the api leg leaves when it is due. */
function pageSays(leg: DispatchRow, clock: ClockWords, legs: readonly DispatchRow[], merge: number): string {
  const waits = legs.some(
    (other) => other.leg === 'pixel' && other.destination === leg.destination && other.state === 'held',
  );
  return waits && leg.dueAt !== undefined ? `; the page may fire the pixel until ${clock(leg.dueAt + merge)}` : '';
}

/** What TikTok would do with a copy by this leg, now and later. `first` is the earliest copy that may have arrived. */
export function forecastSays(
  first: Copy | undefined,
  leg: Leg,
  now: number,
  limits: ClockLimits,
  clock: ClockWords,
): { forecast: Forecast; forecastSays: string } {
  const answer = forecast(first, leg, now, limits);
  const says = (text: string): { forecast: Forecast; forecastSays: string } => ({
    forecast: answer,
    forecastSays: text,
  });
  if (!first) return says('TikTok has no copy yet: the first one to arrive counts.');
  const [from] = first.at;
  const mergesUntil = from + limits.merge;
  const dropsUntil = from + limits.drop;
  const since = `It may have one by the ${first.leg} since ${clock(from)}.`;
  if (answer === 'wouldCountTwice')
    return says(`TikTok dropped copies until ${clock(dropsUntil)}; one that arrives now would count again. ${since}`);
  const drops = `drops them until ${clock(dropsUntil)}, and would count one again after that`;
  if (first.leg === leg) return says(`TikTok has a copy by this leg: it ${drops}. ${since}`);
  return says(
    now <= mergesUntil
      ? `TikTok merges copies by this leg until ${clock(mergesUntil)}, ${drops}. ${since}`
      : `TikTok merged copies by this leg until ${clock(mergesUntil)}, ${drops}. ${since}`,
  );
}

/**
 * What a replay would do with a letter, and why one is refused. `first` is the earliest copy that may have arrived, and
 * `why` the reason code of a refusal.
 */
export function replaySays(letter: {
  kind: 'dead' | 'unknown';
  first: Copy | undefined;
  why: string | undefined;
  limits: ClockLimits;
  clock: ClockWords;
}): string {
  const { kind, first, why, limits, clock } = letter;
  if (!first) return why === undefined ? 'TikTok has no copy of it: a replay is the first one.' : meaning(why);
  const [from, to] = first.at;
  const span = to > from ? `between ${clock(from)} and ${clock(to)}` : `at ${clock(from)}`;
  const arrived = `It may have arrived: by the ${first.leg} ${span}.`;
  const until = clock(from + limits.drop);
  if (why === 'clock_passed')
    return `${arrived} TikTok dropped copies until ${until} and would count one now a second time, so it stays here. Compare with Events Manager.`;
  if (why !== undefined) return `${arrived} ${meaning(why)}`;
  const choice =
    kind === 'unknown' ? 'Sent again now it counts once, whether or not it did' : 'Sent again now it counts once';
  return `${arrived} ${choice}: TikTok drops copies until ${until}. After that it can’t be sent any more.`;
}

/** Which of two values our books keep, and why. `toldBy` is the door of the observation that differs. */
export function differenceSays(
  row: DifferenceRow,
  toldBy: Door | undefined,
  precedence: readonly string[],
  event: Pick<EventRow, 'value' | 'sendValue' | 'rate'>,
): string {
  const why =
    toldBy !== undefined && rank(row.decidedBy, precedence) < rank(toldBy, precedence)
      ? `in the spec's precedence ${row.decidedBy} comes before ${toldBy}`
      : `${row.decidedBy} told it first`;
  const says = `${toldBy ?? 'Another observation'} says ${row.field} ${row.told}; ${row.kept} was kept, because ${why}.`;
  const { value, sendValue, rate } = event;
  const apart = row.field === 'value' && !rate && typeof sendValue === 'string' && sendValue !== value;
  return apart ? `${says} TikTok gets ${sendValue}, as its first copy had it.` : says;
}

/** The place of a door in a precedence, as admission reckons it: CRM and imports speak for the business, as servers do. */
function rank(door: string, precedence: readonly string[]): number {
  const source = door.startsWith('webhook') ? 'webhook' : door === 'browser' ? 'browser' : 'server';
  const place = precedence.indexOf(source);
  return place < 0 ? precedence.length : place;
}

export function waitSays(ms: number): string {
  return durationText(Math.round(ms / 1000) * 1000);
}

const BY_CODE: ReadonlyMap<string, Reason> = new Map(REASONS.map((reason) => [reason.code, reason]));

/** What a reason code means, as one sentence. */
export function meaning(code: string): string {
  return BY_CODE.get(code)?.means ?? code;
}
