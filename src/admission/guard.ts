import { hash } from 'node:crypto';
import type { Door } from '../event/event.ts';
import { DAY } from '../event/time.ts';
import { GuardPast, PAST_DAYS } from './guard-filter.ts';
import { GuardTable } from './guard-table.ts';

/** Where an event was first seen, and through which doors since. */
export interface Seen {
  seq: number;
  doors: number;
}

/** Days that are looked through: TikTok drops copies for 48 hours, so three calendar days always cover them. */
export const GUARD_DAYS = 3;

/** May an event of that time have been told first on a day that the guard no longer looks through? */
function isBeyondGuard(occurredAt: number, now: number): boolean {
  return dayOf(occurredAt) <= dayOf(now) - GUARD_DAYS;
}

/** Is an event that the ledger found by its name the one that is told now, rather than an id used again? */
export function isRemembered(known: { receivedAt: number }, occurredAt: number, now: number): boolean {
  return isBeyondGuard(occurredAt, now) || dayOf(known.receivedAt) > dayOf(now) - PAST_DAYS;
}

/** The first instant of the days that the guard looks through as of `now`. */
export function guardSince(now: number): number {
  return (dayOf(now) - GUARD_DAYS + 1) * DAY;
}

/** The first instant of the days whose ids are remembered as of `now`. */
export function pastSince(now: number): number {
  return (dayOf(now) - PAST_DAYS + 1) * DAY;
}

const BITS: Readonly<Record<string, number>> = { browser: 1, server: 2, webhook: 4, crm: 8, import: 16 };

export function doorBit(door: Door): number {
  return BITS[door.split(':', 1)[0] ?? ''] ?? 32;
}

/**
 * The replay guard: 128-bit fingerprints of (source id, name, event id) with door bits and the first sequence, at most
 * 30 bytes an id, in a table per day. A UNIQUE index on random ids falls to 31 thousand rows a second; this does not.
 */
export class Guard {
  #days: { day: number; table: GuardTable }[] = [];
  /** days that are over, whose ids go into the past shard by shard: all at once would hold up a batch */
  #leaving: { day: number; table: GuardTable }[] = [];
  readonly #past = new GuardPast();

  /** Looks through the last days as of `now`, so that a guard that was rebuilt knows neither more nor less. */
  find(key: Uint32Array, now: number): Seen | undefined {
    const oldest = dayOf(now) - GUARD_DAYS;
    for (let at = 0; at < this.#days.length; at++) {
      const { day, table } = this.#days[at] as { day: number; table: GuardTable };
      const seen = day > oldest ? table.find(key) : undefined;
      if (seen) return seen;
    }
    return undefined;
  }

  /**
   * May an event that was not found have been told before all the same, under an old time or under a fresh one? Then
   * the ledger has to be asked, which takes long.
   */
  mayHaveForgotten(key: Uint32Array, occurredAt: number, now: number): boolean {
    const today = dayOf(now);
    if (isBeyondGuard(occurredAt, now) || this.#past.has(key, today)) return true;
    const isOver = ({ day, table }: { day: number; table: GuardTable }): boolean =>
      day <= today - GUARD_DAYS && table.find(key) !== undefined;
    return this.#leaving.some(isOver) || this.#days.some(isOver);
  }

  /** Notes an id of a day that the guard no longer looks through. */
  remember(key: Uint32Array, receivedAt: number, perDay: number): void {
    this.#past.add(key, dayOf(receivedAt), perDay);
  }

  /** While the past is being filled in, every id may have been told. */
  set isWhole(whole: boolean) {
    this.#past.isWhole = whole;
  }

  /** Notes an event's first observation. */
  add(key: Uint32Array, seq: number, door: Door, receivedAt: number): void {
    const day = dayOf(receivedAt);
    let today = this.#days.find((known) => known.day === day);
    // A record that is judged again may be of a day that is over, or older than all of its day: the ledger knows it.
    const isPast = today ? !today.table.takes(seq) : this.#days.some((known) => day <= known.day - GUARD_DAYS);
    if (isPast) {
      this.#past.add(key, day, this.size);
      return;
    }
    if (!today) {
      today = { day, table: new GuardTable(seq) };
      const isOver = (old: { day: number }): boolean => old.day <= day - GUARD_DAYS;
      this.#leaving.push(...this.#days.filter(isOver));
      this.#days = [today, ...this.#days.filter((old) => !isOver(old))];
      this.#past.forget(day);
    }
    today.table.add(key, seq, doorBit(door));
    const [oldest] = this.#leaving;
    if (oldest) this.#leave(oldest);
  }

  #leave({ day, table }: { day: number; table: GuardTable }): void {
    if (!table.drain((key) => this.#past.add(key, day, table.size))) this.#leaving.shift();
  }

  /** Notes another door for a known event. */
  mark(key: Uint32Array, door: Door): void {
    for (const { table } of this.#days) if (table.mark(key, doorBit(door))) return;
  }

  get size(): number {
    let size = 0;
    for (const { table } of this.#days) size += table.size;
    return size;
  }
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** The fingerprint of an event's key: half of a SHA-256. */
export function fingerprint(sourceId: string, name: string, eventId: string): Uint32Array {
  // As text, because a buffer for each would take four times as long.
  const digest = hash('sha256', `${sourceId}\n${name}\n${eventId}`, 'binary');
  return Uint32Array.of(word(digest, 0), word(digest, 4), word(digest, 8), word(digest, 12));
}

function word(bytes: string, at: number): number {
  const high = bytes.charCodeAt(at + 2) | (bytes.charCodeAt(at + 3) << 8);
  return (bytes.charCodeAt(at) | (bytes.charCodeAt(at + 1) << 8) | (high << 16)) >>> 0;
}
