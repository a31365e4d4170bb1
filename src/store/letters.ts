import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { VerdictRow } from './effects.ts';

/** What a list of dead letters is narrowed to; times are UTC ms of when it was given up, `from` included, `to` not. */
export interface LettersAsked {
  /** `record`: quarantined at the door's side; `dead` and `unknown`: an api leg that was given up */
  kind?: LetterKind;
  destination?: string;
  /** a reason code of it */
  why?: string;
  /** TikTok's return code */
  code?: number;
  /** name of the event */
  event?: string;
  money?: boolean;
  from?: number;
  to?: number;
  after?: LetterPlace;
}

export type LetterKind = 'record' | 'dead' | 'unknown';

/** Where a letter stands in the list, newest first: its time, then the sequence of its event or record, then its destination, all of them falling. */
export interface LetterPlace {
  at: number;
  seq: number;
  /** empty for a record */
  destination: string;
}

/** One dead letter: a dispatch with its event, or the verdict on a record. Attempts come with the lineage of the event. */
export type Letter =
  | { kind: 'dead' | 'unknown'; place: LetterPlace; dispatch: DispatchRow; event: EventRow }
  | { kind: 'record'; place: LetterPlace; verdict: VerdictRow };

/** How many letters have this in common. Drafts are none. */
export interface LetterCount {
  kind: LetterKind;
  /** empty for records */
  destination: string;
  why: string;
  /** TikTok's return code, if one was answered */
  code?: number;
  count: number;
}

/** A letter as lists narrow it down and totals count it. */
export interface LetterMark extends LetterPlace, Omit<LetterCount, 'count'> {
  /** name of the event, as far as it is known: a record may tell of none */
  event: string;
  money: boolean;
}

/** The letter that a leg is: live, by the api and given up. */
export function letterOfLeg(leg: DispatchRow, event: string): LetterMark | undefined {
  if (leg.leg !== 'api' || leg.draft || (leg.state !== 'dead' && leg.state !== 'unknown')) return undefined;
  const { state: kind, changedAt: at, event: seq, destination, why, code, money } = leg;
  return { kind, at, seq, destination, why, ...(code === undefined ? {} : { code }), event, money };
}

/** The letter that a record is while this verdict is its current one: live and quarantined. Orders and facts are money. */
export function letterOfRecord(verdict: VerdictRow): LetterMark | undefined {
  if (verdict.verdict !== 'quarantined' || verdict.draft) return undefined;
  const { at, seq, reasons, name = '', kind } = verdict;
  const money = kind === 'order' || kind === 'payment';
  return { kind: 'record', at, seq, destination: '', why: reasons[0] ?? '', event: name, money };
}

/** Where a letter stands, which of a list's pages it begins after. */
export function placeOf({ at, seq, destination }: LetterPlace): LetterPlace {
  return { at, seq, destination };
}

/** Does it match all that is asked for, and come after the last one of the page before? */
export function isAskedFor(letter: LetterMark, asked: LettersAsked): boolean {
  const { kind, destination, why, code, event, money, from, to, after } = asked;
  return (
    (kind === undefined || letter.kind === kind) &&
    (destination === undefined || letter.destination === destination) &&
    (why === undefined || letter.why === why) &&
    (code === undefined || letter.code === code) &&
    (event === undefined || letter.event === event) &&
    (money === undefined || letter.money === money) &&
    (from === undefined || letter.at >= from) &&
    (to === undefined || letter.at < to) &&
    (after === undefined || comparePlaces(letter, after) > 0)
  );
}

/** Below zero where `a` stands before `b`: the newest letter comes first. */
export function comparePlaces(a: LetterPlace, b: LetterPlace): number {
  return b.at - a.at || b.seq - a.seq || (a.destination > b.destination ? -1 : a.destination < b.destination ? 1 : 0);
}

/** What names a letter for people and programs: `leg:<event>/<destination>` or `record:<sequence>`. */
export function letterId({ place, kind }: Pick<Letter, 'place' | 'kind'>): string {
  return kind === 'record' ? `record:${place.seq}` : `leg:${place.seq}/${place.destination}`;
}
