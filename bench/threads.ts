import { readdirSync, readFileSync } from 'node:fs';

/** A thread of a process and the CPU seconds it has used so far. */
export interface Thread {
  id: number;
  name: string;
  seconds: number;
}

/** `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** The threads of a living process, from /proc. */
export function threadsOf(pid: number): Thread[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((id) => {
    try {
      return [threadOf(Number(id), readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8'))];
    } catch {
      return []; // it ended while the folder was read
    }
  });
}

/** The name stands in brackets and may hold anything; the fields after it are counted from its end. */
export function threadOf(id: number, stat: string): Thread {
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { id, name: stat.slice(stat.indexOf('(') + 1, end), seconds: ticks / TICKS_A_SECOND };
}

/** How busy each thread was between two looks, as a share of one core; the busiest first. */
export function busy(
  before: readonly Thread[],
  after: readonly Thread[],
  seconds: number,
): (Thread & { share: number })[] {
  const was = new Map(before.map((thread) => [thread.id, thread.seconds]));
  return after
    .map((thread) => {
      const used = thread.seconds - (was.get(thread.id) ?? 0);
      return { ...thread, seconds: used, share: used / seconds };
    })
    .sort((a, b) => b.share - a.share);
}
