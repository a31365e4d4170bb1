import { isOpen } from './drawer.ts';
import { consent } from './visit.ts';

type Step = () => unknown;

const STEPS_MAX = 64;
const waiting: Step[] = [];
let turn: Promise<unknown> = Promise.resolve();

/** Acts in the order of the calls, if and when the visitor allows it. */
export function act<T>(step: () => T): Promise<Awaited<T>> | undefined {
  if (isOpen) {
    turn = turn.then(() => isOpen && step()).catch(() => {});
    return turn as Promise<Awaited<T>>;
  }
  if (consent === 'unknown' && !waiting[STEPS_MAX - 1]) waiting.push(step);
  return undefined;
}

/** After a choice: takes the steps that waited for it, or after a no drops them. */
export function resume(): void {
  waiting.splice(0).forEach(act);
}
