import type { DispatchRow } from '../event/dispatch.ts';

/** When transport next looks at a dispatch; undefined when it never will in this state. */
export function dueOf(dispatch: DispatchRow): number | undefined {
  if (dispatch.leg !== 'api') return undefined;
  return dispatch.state === 'held' || dispatch.state === 'queued' ? dispatch.dueAt : undefined;
}

/** When a hold or a handout ends; undefined for a dispatch that waits for nothing. */
export function expiryOf(dispatch: DispatchRow): number | undefined {
  const { state } = dispatch;
  return state === 'held' || state === 'queued' || state === 'inFlight' ? dispatch.expiresAt : undefined;
}
