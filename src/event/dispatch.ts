import type { CopyAt, Leg } from './event.ts';

/**
 * held → queued → inFlight → delivered | unknown | dead, or withheld.
 * `delivered` comes only from TikTok's own answer, so a pixel leg ends as `unknown` at best.
 */
export type DispatchState = 'held' | 'queued' | 'inFlight' | 'delivered' | 'unknown' | 'withheld' | 'dead';

/** One event to one destination by one leg. The key is (event, destination, leg). */
export interface DispatchRow {
  /** sequence of the event's first observation */
  event: number;
  destination: string;
  leg: Leg;
  state: DispatchState;
  /** reason code of the present state */
  why: string;
  /** when a held or queued leg is next looked at, UTC ms */
  dueAt?: number;
  /** a hold's or a handout's end, UTC ms */
  expiresAt?: number;
  /** money events leave before all others */
  money: boolean;
  /** of a draft event: it is in no live total */
  draft?: true;
  attempts: number;
  /** when TikTok may have received the first copy that this leg brought; absent while none can have arrived */
  copyAt?: CopyAt;
  code?: number;
  message?: string;
  requestId?: string;
  changedAt: number;
  /** the event's; where it is absent, the leg counts as come when it last changed */
  receivedAt?: number;
  /** since when an operator's replay has it wait anew */
  replayedAt?: number;
  /** the last times that an operator wanted it tried again, oldest first */
  replays?: ReplayRow[];
}

/** An operator's wish to try a leg again. */
export interface ReplayRow {
  /** sequence of the record */
  seq: number;
  /** UTC ms */
  at: number;
  /** account on the machine, where that is known */
  by?: string;
  /** reason code of its refusal; absent where the leg waited anew */
  why?: string;
}

/** One request in which a dispatch took part. The key is (event, destination, leg, n). */
export interface AttemptRow {
  event: number;
  destination: string;
  leg: Leg;
  n: number;
  sentAt: number;
  answeredAt?: number;
  outcome?: string;
  http?: number;
  code?: number;
  message?: string;
  requestId?: string;
  /** reason code of what followed from the answer */
  why?: string;
  /** of an accepted attempt: from the event's receipt, or its replay, to the answer */
  lagMs?: number;
  /** of a draft event: it is in no live total */
  draft?: true;
}

export type DispatchInput =
  | 'release'
  | 'send'
  | 'accept'
  | 'retry'
  | 'bury'
  | 'park'
  | 'withhold'
  | 'report'
  /** an operator wants an api leg that was given up to be tried again */
  | 'replay'
  /** the store came back from a backup: what was on its way then may have left since */
  | 'restore';

/** Every cell of the machine. `report` is the page's word that it fired; it can't make a leg delivered. */
export const transitions: Record<DispatchState, Record<DispatchInput, DispatchState | 'impossible'>> = {
  held: row({
    release: 'queued',
    send: 'inFlight',
    bury: 'dead',
    withhold: 'withheld',
    report: 'unknown',
    restore: 'held',
  }),
  queued: row({
    release: 'queued',
    send: 'inFlight',
    retry: 'queued',
    bury: 'dead',
    withhold: 'withheld',
    report: 'unknown',
    restore: 'unknown',
  }),
  inFlight: row({
    accept: 'delivered',
    retry: 'queued',
    bury: 'dead',
    park: 'unknown',
    report: 'unknown',
    withhold: 'withheld',
    restore: 'unknown',
  }),
  delivered: row({}),
  unknown: row({ report: 'unknown', replay: 'queued' }),
  // Withheld by a record that was written while it was already leaving: it has left all the same.
  withheld: row({ send: 'inFlight', report: 'unknown' }),
  dead: row({ replay: 'queued' }),
};

function row(
  cells: Partial<Record<DispatchInput, DispatchState>>,
): Record<DispatchInput, DispatchState | 'impossible'> {
  const none = 'impossible';
  return {
    release: none,
    send: none,
    accept: none,
    retry: none,
    bury: none,
    park: none,
    withhold: none,
    report: none,
    replay: none,
    restore: none,
    ...cells,
  };
}
