import type { JsonObject } from '../event/event.ts';
import type { DispatchKey, ToldAnswer, ToldExpired, ToldSent } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';

/** A record of our own. */
export function record(
  kind: NewRecord['kind'],
  door: NewRecord['door'],
  body: ToldSent | ToldAnswer | ToldExpired,
  at: number,
): NewRecord {
  return { kind, door, keyId: '', receivedAt: at, body: body as unknown as JsonObject, personal: null };
}

/** What names a dispatch in a record. */
export function bare({ event, destination, leg }: DispatchKey): DispatchKey {
  return { event, destination, leg };
}
