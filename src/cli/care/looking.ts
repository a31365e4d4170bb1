import type { Looking } from '../../store/care/verify.ts';
import type { Io } from '../io.ts';

const SHOWN_MS = 200;

/** Says on a terminal what is under way, with its rate; `done` takes the line away. Nothing is said to a program. */
export function openLooking(verb: string, json: boolean | undefined, io: Io): { looking: Looking; done(): void } {
  let [of, startedAt, shownAt] = ['', io.now(), 0];
  return {
    looking(what, passed) {
      if (!io.interactive || json) return;
      const now = io.now();
      if (what !== of) [of, startedAt] = [what, now];
      else if (now - shownAt < SHOWN_MS) return;
      shownAt = now;
      io.stderr(`\r\x1b[K${verb} ${what}${passed ? `: ${rate(passed.done, passed.of, now - startedAt)}` : ''}`);
    },
    done() {
      if (shownAt > 0) io.stderr('\r\x1b[K');
    },
  };
}

function rate(done: number, of: number, ms: number): string {
  const second = ms < 1000 ? '' : `, ${number(Math.round((done * 1000) / ms))} a second`;
  return `${number(done)} of ${number(of)}${second}`;
}

export function number(count: number): string {
  return count.toLocaleString('en');
}

/** Up to the second, in UTC. */
export function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
