import { hash } from 'node:crypto';
import type { Door } from '../event/event.ts';
import { DAY } from '../event/time.ts';

/** Where an event was first seen, and through which doors since. */
export interface Seen {
  seq: number;
  doors: number;
}

/** Days that are looked through: TikTok drops copies for 48 hours, so three calendar days always cover them. */
export const GUARD_DAYS = 3;

/** May an event of that time have been told first on a day that the guard no longer looks through? */
export function isBeyondGuard(occurredAt: number, now: number): boolean {
  return dayOf(occurredAt) <= dayOf(now) - GUARD_DAYS;
}

const BITS: Readonly<Record<string, number>> = { browser: 1, server: 2, webhook: 4, crm: 8, import: 16 };

export function doorBit(door: Door): number {
  return BITS[door.split(':', 1)[0] ?? ''] ?? 32;
}

/**
 * The replay guard: 128-bit fingerprints of (source id, name, event id) with door bits and the first sequence,
 * 24 bytes a slot, in a table per day. A UNIQUE index on random ids falls to 31 thousand rows a second; this does not.
 */
export class Guard {
  readonly #days = new Map<number, Table>();

  /** Looks through the last days as of `now`, so that a guard that was rebuilt knows neither more nor less. */
  find(key: Uint32Array, now: number): Seen | undefined {
    for (const [day, table] of this.#days) {
      const seen = day > dayOf(now) - GUARD_DAYS ? table.find(key) : undefined;
      if (seen) return seen;
    }
    return undefined;
  }

  /** Notes an event's first observation. */
  add(key: Uint32Array, seq: number, door: Door, receivedAt: number): void {
    const day = dayOf(receivedAt);
    let table = this.#days.get(day);
    if (!table) {
      table = new Table();
      this.#days.set(day, table);
      for (const old of this.#days.keys()) if (old <= day - GUARD_DAYS) this.#days.delete(old);
    }
    table.add(key, seq, doorBit(door));
  }

  /** Notes another door for a known event. */
  mark(key: Uint32Array, door: Door): void {
    for (const table of this.#days.values()) if (table.mark(key, doorBit(door))) return;
  }

  get size(): number {
    let size = 0;
    for (const table of this.#days.values()) size += table.size;
    return size;
  }
}

function dayOf(at: number): number {
  return Math.floor(at / DAY);
}

/** The fingerprint of an event's key: half of a SHA-256. */
export function fingerprint(sourceId: string, name: string, eventId: string): Uint32Array {
  const digest = hash('sha256', `${sourceId}\n${name}\n${eventId}`, 'buffer');
  return new Uint32Array(digest.buffer, digest.byteOffset, 4);
}

const WORDS = 6;
const FULLNESS_MAX = 0.75;
const SLOTS_FIRST = 1024;

/** Open addressing over one typed array. A slot is free while its sequence words are zero. */
class Table {
  #words = new Uint32Array(SLOTS_FIRST * WORDS);
  #mask = SLOTS_FIRST - 1;
  size = 0;

  find(key: Uint32Array): Seen | undefined {
    const at = this.#slot(key);
    const high = this.#words[at + 5] ?? 0;
    const low = this.#words[at + 4] ?? 0;
    return low === 0 && high === 0 ? undefined : { seq: (high & 0xffff) * 2 ** 32 + low, doors: high >>> 16 };
  }

  add(key: Uint32Array, seq: number, doors: number): void {
    if (this.size + 1 > (this.#mask + 1) * FULLNESS_MAX) this.#grow();
    const at = this.#slot(key);
    if (this.#words[at + 4] === 0 && this.#words[at + 5] === 0) this.size++;
    this.#words.set(key, at);
    this.#words[at + 4] = seq >>> 0;
    this.#words[at + 5] = Math.floor(seq / 2 ** 32) | (doors << 16);
  }

  mark(key: Uint32Array, doors: number): boolean {
    const at = this.#slot(key);
    const high = this.#words[at + 5] ?? 0;
    if (high === 0 && this.#words[at + 4] === 0) return false;
    this.#words[at + 5] = high | (doors << 16);
    return true;
  }

  #slot(key: Uint32Array): number {
    const words = this.#words;
    for (let slot = (key[0] ?? 0) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * WORDS;
      if (words[at + 4] === 0 && words[at + 5] === 0) return at;
      if (words[at] === key[0] && words[at + 1] === key[1] && words[at + 2] === key[2] && words[at + 3] === key[3])
        return at;
    }
  }

  #grow(): void {
    const old = this.#words;
    this.#mask = (this.#mask + 1) * 2 - 1;
    this.#words = new Uint32Array((this.#mask + 1) * WORDS);
    for (let at = 0; at < old.length; at += WORDS) {
      if (old[at + 4] === 0 && old[at + 5] === 0) continue;
      const slot = old.subarray(at, at + WORDS);
      this.#words.set(slot, this.#slot(slot));
    }
  }
}
