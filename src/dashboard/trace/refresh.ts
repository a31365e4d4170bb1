import type { TraceAnswer } from '../../api/answers.ts';
import type { DispatchState } from '../../event/dispatch.ts';

/** How soon a trace can look different: quickly while sending, slowly while held; undefined when all is settled. */
export function refreshMs(answer: TraceAnswer): number | undefined {
  const waits = answer.events.flatMap((event) => event.dispatches.map((dispatch) => refreshMsOf[dispatch.state]));
  const soonest = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(soonest) ? soonest : undefined;
}

const refreshMsOf: Record<DispatchState, number | undefined> = {
  held: 5000,
  queued: 2000,
  inFlight: 2000,
  delivered: undefined,
  unknown: undefined,
  withheld: undefined,
  dead: undefined,
};
