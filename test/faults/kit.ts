import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DispatchRow } from '../../src/event/dispatch.ts';
import { start as startTwin, type TwinProcess } from '../../src/sim/twin/client.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import type { LedgerReader } from '../../src/store/ledger.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { SECRET_KEY, startTestServer } from '../server.ts';

/** A server and the twin as processes and listeners of their own, on one clock that can be moved. */
export interface FaultKit {
  twin: TwinProcess;
  reader: LedgerReader;
  /** Ids for events to come. */
  ids(count: number): string[];
  /** Tells events in one request, so that they are due at one moment. */
  tell(ids: readonly string[]): Promise<void>;
  /** Wakes transport by a record that brings nothing to send. */
  wake(): Promise<void>;
  /** The server's clock stands still until it is moved: nothing falls due meanwhile, however slow the machine. */
  stand(): void;
  /** Moves both clocks, and lets them run. */
  later(ms: number): Promise<void>;
  /** The api leg of an event, once it is as wanted. */
  settled(eventId: string, holds: (leg: DispatchRow) => boolean): Promise<DispatchRow>;
  /** The api legs of events, in their order, once none of them waits or is under way. */
  ended(eventIds: readonly string[]): Promise<DispatchRow[]>;
  close(): Promise<void>;
}

const PAGE = { page: { url: 'https://shop.example/' } };
const WAIT_TRIES = 1500;

/** `linger` as the spec writes it, such as `10ms`: how long an event waits for others to leave with. */
export async function openFaultKit(linger: string): Promise<FaultKit> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-faults-'));
  const twin = await startTwin();
  const specFile = join(folder, 'tracking.yaml');
  const spec = DEFAULT_TRACKING_YAML.replace('mode: required', 'mode: none')
    .replace('linger: 1s', `linger: ${linger}`)
    .replace('firstRetry: 1s', 'firstRetry: 100ms');
  writeFileSync(specFile, spec);
  let offsetMs = 0;
  let standsAt: number | undefined;
  const around = { now: () => (standsAt ?? Date.now()) + offsetMs, random: () => 0.5 };
  const server = await startTestServer(twin.url, { specFile }, around).catch(async (error: unknown) => {
    await twin.stop();
    throw error;
  });
  const reader = await openLedgerReader(server.folder);
  let told = 0;

  const ids = (count: number): string[] =>
    Array.from({ length: count }, () => {
      told += 1;
      return `fault-${told}`;
    });

  async function post(events: readonly object[]): Promise<void> {
    const response = await fetch(`${server.publicUrl}/v1/server/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ events }),
    });
    assert.equal(response.status, 202);
  }

  const found = new Map<string, number>();
  async function seqOf(eventId: string): Promise<number | undefined> {
    const seq = found.get(eventId) ?? (await reader.find(eventId, 1))[0];
    if (seq !== undefined) found.set(eventId, seq);
    return seq;
  }

  async function legsOf(eventIds: readonly string[]): Promise<(DispatchRow | undefined)[]> {
    const seqs = await Promise.all(eventIds.map(seqOf));
    const { dispatches } = await reader.load({ events: seqs.flatMap((seq) => seq ?? []), orders: [] });
    const api = new Map(dispatches.filter(({ leg }) => leg === 'api').map((row) => [row.event, row]));
    return seqs.map((seq) => (seq === undefined ? undefined : api.get(seq)));
  }

  async function settled(eventId: string, holds: (leg: DispatchRow) => boolean): Promise<DispatchRow> {
    for (let tries = 0; ; tries++) {
      const [leg] = await legsOf([eventId]);
      if (leg && holds(leg)) return leg;
      if (tries === WAIT_TRIES) assert.fail(`${eventId} is ${leg?.state} (${leg?.why})`);
      await pause(10);
    }
  }

  return {
    twin,
    reader,
    settled,
    ids,
    tell: (eventIds) => post(eventIds.map((event_id) => ({ event: 'Contact', event_id, ...PAGE }))),
    wake: () => post(ids(1).map((event_id) => ({ event: 'AddToCart', event_id, ...PAGE }))),
    stand() {
      standsAt = Date.now();
    },
    async later(ms) {
      standsAt = undefined;
      offsetMs += ms;
      await twin.clock({ advanceMs: ms });
    },
    async ended(eventIds) {
      const open = (leg: DispatchRow | undefined): boolean =>
        leg === undefined || leg.state === 'held' || leg.state === 'queued' || leg.state === 'inFlight';
      for (let tries = 0; ; tries++) {
        const legs = await legsOf(eventIds);
        const waiting = legs.filter(open).length;
        if (waiting === 0) return legs.flatMap((leg) => leg ?? []);
        if (tries === WAIT_TRIES) assert.fail(`${waiting} of ${legs.length} still wait`);
        await pause(legs.length > 100 ? 200 : 10);
      }
    },
    async close() {
      await reader.close();
      await server.stop();
      await twin.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
