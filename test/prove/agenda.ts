import { HOUR, SECOND } from '../../src/event/time.ts';

interface Entry {
  at: number;
  run: () => void;
  /** a timer that only looks whether there is something to do */
  isPoll: boolean;
  postponed: boolean;
  cancelled: boolean;
}

/** A timer as long as this may ring late where nothing else happens, or a quiet day would be looked at every few seconds. */
const POLL_MS_MIN = 5 * SECOND;
/** Into so many parts a quiet time is divided. */
const LOOKS_IN_A_GAP = 20;
const LATE_MS_MAX = 3 * HOUR;

/** What happens when, on the virtual clock. Of two things at one moment, the first planned comes first. */
export class Agenda {
  now = 0;
  #entries: Entry[] = [];

  plan(at: number, run: () => void): () => void {
    return this.#add({ at: Math.max(at, this.now), run, isPoll: false, postponed: false, cancelled: false });
  }

  /** A timer of the system under test. */
  timer(ms: number, run: () => void): () => void {
    const isPoll = ms >= POLL_MS_MIN;
    return this.#add({ at: this.now + Math.max(0, ms), run, isPoll, postponed: false, cancelled: false });
  }

  /** Goes on to the next thing, at most to `until`; false when nothing is left till then. */
  next(until: number): (() => void) | undefined {
    for (;;) {
      const entry = this.#entries[0];
      if (!entry || entry.at > until) {
        this.now = Math.max(this.now, until);
        return undefined;
      }
      this.#entries.shift();
      if (entry.cancelled) continue;
      if (entry.isPoll && !entry.postponed && this.#postpone(entry, until)) continue;
      this.now = Math.max(this.now, entry.at);
      return entry.run;
    }
  }

  #postpone(entry: Entry, until: number): boolean {
    const other = this.#entries.find(({ isPoll, cancelled }) => !isPoll && !cancelled)?.at ?? until;
    const late = Math.min(LATE_MS_MAX, Math.floor((Math.min(other, until) - entry.at) / LOOKS_IN_A_GAP));
    if (late < POLL_MS_MIN) return false;
    this.#add(Object.assign(entry, { at: entry.at + late, postponed: true }));
    return true;
  }

  #add(entry: Entry): () => void {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[middle] as Entry).at <= entry.at) low = middle + 1;
      else high = middle;
    }
    this.#entries.splice(low, 0, entry);
    return () => {
      entry.cancelled = true;
    };
  }
}
