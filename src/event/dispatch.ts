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
}

export type DispatchInput = 'release' | 'send' | 'accept' | 'retry' | 'bury' | 'park' | 'withhold' | 'report';

/** Every cell of the machine. `report` is the page's word that it fired; it can't make a leg delivered. */
export const transitions: Record<DispatchState, Record<DispatchInput, DispatchState | 'impossible'>> = {
  held: row({ release: 'queued', send: 'inFlight', bury: 'dead', withhold: 'withheld', report: 'unknown' }),
  queued: row({
    release: 'queued',
    send: 'inFlight',
    retry: 'queued',
    bury: 'dead',
    withhold: 'withheld',
    report: 'unknown',
  }),
  inFlight: row({
    accept: 'delivered',
    retry: 'queued',
    bury: 'dead',
    park: 'unknown',
    report: 'unknown',
    withhold: 'withheld',
  }),
  delivered: row({}),
  unknown: row({ report: 'unknown' }),
  // Withheld by a record that was written while it was already leaving: it has left all the same.
  withheld: row({ send: 'inFlight', report: 'unknown' }),
  dead: row({}),
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
    ...cells,
  };
}
