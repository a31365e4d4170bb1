import { type DispatchRow, transitions } from '../event/dispatch.ts';
import type { JsonObject } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldRestored } from '../event/told.ts';
import type { JournalRecord, NewRecord } from '../store/journal.ts';
import { earliest } from '../tiktok/clocks.ts';
import { type Context, moved } from './context.ts';
import { settlePixel } from './outcomes.ts';

const LEGS_MAX = 1000;

/**
 * What is written down after a store came back from a backup that was begun at `from`: what waited then may have left
 * since, and nobody here can know. One record at least, so that the moment is known.
 */
export function restoredRecords(open: readonly DispatchRow[], from: number, to: number): NewRecord[] {
  const legs: ToldRestored['legs'] = open.map(({ event, destination, leg }) => ({ event, destination, leg }));
  const chunks = Array.from({ length: Math.max(1, Math.ceil(legs.length / LEGS_MAX)) }, (_, n) =>
    legs.slice(n * LEGS_MAX, (n + 1) * LEGS_MAX),
  );
  return chunks.map((some) => {
    const body: ToldRestored = { from, to, legs: some };
    return {
      kind: 'restored',
      door: 'operator',
      keyId: '',
      receivedAt: to,
      body: body as unknown as JsonObject,
      personal: null,
    };
  });
}

/**
 * The store came back from a backup. What was on its way then is unknown; what was held goes on waiting, with a copy that
 * may have arrived since, so that it never leaves where TikTok would count it a second time.
 */
export function tellRestored(record: JournalRecord, told: ToldRestored, context: Context): void {
  for (const key of told.legs) {
    const leg = context.working.dispatch(key.event, key.destination, key.leg);
    const state = leg ? transitions[leg.state].restore : 'impossible';
    if (!leg || state === 'impossible') continue;
    const since = leg.state === 'inFlight' ? Math.min(leg.changedAt, told.from) : told.from;
    const copyAt = earliest(leg.copyAt, [since, told.to]);
    const to = { state, why: 'restored', changedAt: told.to };
    // A held pixel leg waits for its api leg and leaves no copy before it.
    const next: DispatchRow =
      leg.state !== 'held' ? { ...moved(leg, to), copyAt } : leg.leg === 'api' ? { ...leg, copyAt } : leg;
    context.working.putDispatch(next);
    const event = context.working.event(leg.event);
    // TikTok may have its key and time since.
    if (next.state === 'unknown' && event && event.frozenAt === undefined)
      context.working.putEvent({ ...event, frozenAt: told.to });
    settlePixel(next, told.to, context);
  }
  context.working.finding(
    'store_restored',
    `store ${utc(told.to)}`,
    `came back from a backup begun at ${utc(told.from)}: what was told and sent since is not in it`,
    told.to,
  );
  context.working.verdict(record, 'admitted', ['noted']);
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

export const RESTORED_REASONS: Reason[] = [
  {
    code: 'restored',
    with: 'unknown',
    means:
      'It was on its way when the backup was made that this store came back from. It may have been sent since, so it is not sent by itself.',
    fix: 'Compare with Events Manager; replay it while TikTok would drop a second copy.',
  },
];
