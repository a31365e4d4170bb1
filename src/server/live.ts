import type { ServerResponse } from 'node:http';
import type { LiveRow } from '../api/answers.ts';
import type { EventRow } from '../event/event.ts';
import type { Spec } from '../spec/spec.ts';
import type { VerdictRow } from '../store/effects.ts';
import type { JournalReader } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { readCounts } from './live-counts.ts';
import { readNotices } from './notices.ts';

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
  journal: Pick<JournalReader, 'last' | 'read'>;
  specs: { newest: Spec; of(version: number): Spec };
  now(): number;
}): Live {
  const { reader, specs } = around;
  /** each with what it was told: the last sequence, and the notices' text */
  const watchers = new Map<ServerResponse, { seq: number; notices: string }>();
  let woken = false;
  let telling = false;

  async function rows(): Promise<LiveRow[]> {
    return (await reader.recent(Number.MAX_SAFE_INTEGER, ROWS_AT_FIRST)).map(liveRow).reverse();
  }

  async function counts(): Promise<string> {
    const { business, version } = specs.newest;
    return message('counts', {
      ...(await readCounts(reader, around.journal, around.now())),
      timezone: business.timezone,
      specVersion: version,
    });
  }

  async function notices(): Promise<string> {
    return message('notices', await readNotices(reader, specs.of.bind(specs)));
  }

  async function tell(): Promise<void> {
    if (telling || watchers.size === 0) return;
    telling = true;
    try {
      const recent = await rows();
      const figures = await counts();
      const now = await notices();
      for (const [watcher, told] of watchers) {
        const fresh = recent.filter((row) => row.seq > told.seq);
        watchers.set(watcher, { seq: fresh.at(-1)?.seq ?? told.seq, notices: now });
        watcher.write((fresh.length > 0 ? message('rows', fresh) : '') + figures + (now === told.notices ? '' : now));
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
      const first = await rows();
      const now = await notices();
      const text = message('rows', first) + (await counts()) + now;
      if (response.destroyed) return true;
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(text);
      watchers.set(response, { seq: first.at(-1)?.seq ?? 0, notices: now });
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

function liveRow({ verdict, event }: { verdict: VerdictRow; event?: EventRow }): LiveRow {
  return {
    seq: verdict.seq,
    receivedAt: verdict.at,
    door: verdict.door,
    kind: verdict.kind,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    ...(verdict.problems ? { problems: verdict.problems } : {}),
    ...(verdict.draft || event?.namespace === 'draft' ? { draft: true } : {}),
    ...(event
      ? {
          event: event.name,
          eventId: event.eventId,
          source: event.source,
          ...(event.orderId === undefined ? {} : { orderId: event.orderId }),
          ...(event.leadId === undefined ? {} : { leadId: event.leadId }),
          ...(event.visitor === undefined ? {} : { visitor: event.visitor }),
          ...(event.value === undefined ? {} : { value: event.value }),
        }
      : {}),
  };
}

function message(name: string, content: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(content)}\n\n`;
}
