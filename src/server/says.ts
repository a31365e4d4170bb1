import type { DispatchRow } from '../event/dispatch.ts';
import type { Reason } from '../event/reason.ts';
import { durationText } from '../event/time.ts';
import { REASONS } from './reasons.ts';

/** One leg's state as a sentence for people. Clock times are in the business's zone. */
export function legSays(leg: DispatchRow, timezone: string): string {
  const clock = (at: number | undefined): string => (at === undefined ? '' : clockText(at, timezone));
  switch (leg.state) {
    case 'held':
      if (leg.why === 'awaiting_confirmation')
        return `Waits for the payment's confirmation, until ${clock(leg.expiresAt)} at the latest.`;
      if (leg.why === 'delay')
        return `Confirmed; waits for a repeated webhook until ${clock(leg.dueAt)}, then goes to TikTok.`;
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
        : meaning(leg.why);
    case 'withheld':
    case 'dead':
      return meaning(leg.why);
  }
}

const BY_CODE: ReadonlyMap<string, Reason> = new Map(REASONS.map((reason) => [reason.code, reason]));

function meaning(code: string): string {
  return BY_CODE.get(code)?.means ?? code;
}

/** `12:03:05`, with the day when it is not today's business. */
export function clockText(at: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

export function waitSays(ms: number): string {
  return durationText(Math.round(ms / 1000) * 1000);
}
