import type { ServerResponse } from 'node:http';
import type { LiveCounts, LiveRow } from '../api/answers.ts';
import type { Verdict } from '../event/event.ts';
import type { LedgerReader } from '../store/ledger.ts';

const ROWS_AT_FIRST = 200;
const TELL_EVERY_MS = 500;
const HEARTBEAT_MS = 10_000;
const WATCHERS_MAX = 50;
/** A watcher that reads slower than this is dropped; its page connects again. */
const BEHIND_BYTES_MAX = 1_000_000;

export interface Live {
  /** Joins a response to the stream; false when there are too many. */
  join(response: ServerResponse): Promise<boolean>;
  wake(): void;
  stop(): void;
}

/** Server-sent events of what admission commits: one look at the ledger for all watchers, at most twice a second. */
export function openLive(around: {
  reader: LedgerReader;
  /** last sequence of the journal */
  records(): Promise<number>;
  meta(): { timezone: string; specVersion: number };
  now(): number;
}): Live {
  /** each with the last sequence that it was told */
  const watchers = new Map<ServerResponse, number>();
  let woken = false;
  let telling = false;

  async function rows(limit: number): Promise<LiveRow[]> {
    const recent = await around.reader.recent(Number.MAX_SAFE_INTEGER, limit);
    return recent
      .map(
        ({ verdict, event }): LiveRow => ({
          seq: verdict.seq,
          receivedAt: verdict.at,
          door: verdict.door,
          kind: verdict.kind,
          verdict: verdict.verdict,
          reasons: verdict.reasons,
          ...(verdict.problems ? { problems: verdict.problems } : {}),
          ...(event
            ? {
                event: event.name,
                eventId: event.eventId,
                source: event.source,
                ...(event.orderId === undefined ? {} : { orderId: event.orderId }),
                ...(event.visitor === undefined ? {} : { visitor: event.visitor }),
                ...(event.value === undefined ? {} : { value: event.value }),
              }
            : {}),
        }),
      )
      .reverse();
  }

  async function counts(): Promise<LiveCounts> {
    const records = await around.records();
    const totals = await around.reader.totals();
    const byVerdict: Record<Verdict, number> = { admitted: 0, paired: 0, duplicate: 0, quarantined: 0, refused: 0 };
    const byDoor = new Map<string, LiveCounts['byDoor'][number]>();
    for (const { door, verdict, count } of totals.verdicts) {
      byVerdict[verdict] += count;
      const line = byDoor.get(door) ?? { door, total: 0, byVerdict: {} };
      line.total += count;
      line.byVerdict[verdict] = (line.byVerdict[verdict] ?? 0) + count;
      byDoor.set(door, line);
    }
    const decided = Object.values(byVerdict).reduce((sum, count) => sum + count, 0);
    return {
      asOf: around.now(),
      ...around.meta(),
      // A commit may come between the two looks; what is decided is certainly recorded.
      records: Math.max(records, decided),
      lag: Math.max(records, decided) - decided,
      byVerdict,
      byDoor: [...byDoor.values()].sort((a, b) => a.door.localeCompare(b.door)),
      dispatches: totals.dispatches as LiveCounts['dispatches'],
    };
  }

  async function tell(): Promise<void> {
    if (telling || watchers.size === 0) return;
    telling = true;
    try {
      const recent = await rows(ROWS_AT_FIRST);
      const figures = message('counts', await counts());
      for (const [watcher, last] of watchers) {
        const fresh = recent.filter((row) => row.seq > last);
        watchers.set(watcher, fresh.at(-1)?.seq ?? last);
        watcher.write((fresh.length > 0 ? message('rows', fresh) : '') + figures);
        if (watcher.writableLength > BEHIND_BYTES_MAX) watcher.destroy();
      }
    } catch {
      // The ledger could not be read; the next beat tries again.
      woken = true;
    } finally {
      telling = false;
    }
  }

  const timer = setInterval(() => {
    if (!woken) return;
    woken = false;
    void tell();
  }, TELL_EVERY_MS);
  const heartbeat = setInterval(() => {
    woken = true;
  }, HEARTBEAT_MS);

  return {
    async join(response) {
      if (watchers.size >= WATCHERS_MAX) return false;
      const first = await rows(ROWS_AT_FIRST);
      const text = message('rows', first) + message('counts', await counts());
      if (response.destroyed) return true;
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(text);
      watchers.set(response, first.at(-1)?.seq ?? 0);
      response.on('close', () => watchers.delete(response));
      return true;
    },
    wake() {
      woken = true;
    },
    stop() {
      clearInterval(timer);
      clearInterval(heartbeat);
      for (const watcher of watchers.keys()) watcher.end();
    },
  };
}

function message(name: string, content: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(content)}\n\n`;
}
