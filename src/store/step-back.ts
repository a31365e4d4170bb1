import { setPriority } from 'node:os';

/** The last turn there is. */
const NICENESS = 19;

/**
 * Lets other threads go first where there are more of them than processors: a door that answers late makes its senders
 * come again, and work behind it that is late only makes figures late. Linux takes the call for the calling thread; elsewhere
 * it would mean the whole process, so it is not made.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(0, NICENESS);
  } catch {
    // Some sandboxes forbid it. Everything works without.
  }
}
