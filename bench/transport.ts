import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAdmission } from '../src/server/admission.ts';
import { openJournal } from '../src/store/sqlite/journal.ts';
import { trackItem } from '../src/tiktok/body.ts';
import { eventRows } from './building.ts';
import { ready, start } from './children.ts';
import { type Bench, settleDisk } from './folders.ts';
import { median, type Sending, type Sent } from './result.ts';
import { AT_ONCE, SEND_SIZES, type SendOrder, type SendReport } from './transport-order.ts';
import { sendSpec, sendSpecText } from './transport-spec.ts';

/**
 * Enough for every request under way to be full, and for the next page to be whole. What lies about in memory beyond
 * that would only be looked through by each garbage collection, in both senders.
 */
const poolOf = (events: number): number => 2 * Math.max(AT_ONCE * events, 1000);
const APPENDED_AT_ONCE = 1000;
const CONTESTANTS = { bare: 'peers/undici-loop.ts', assay: 'transport-loop.ts' } as const;

/**
 * How fast transport sends to a sink, beside a bare loop that posts the same bodies: windows by turns, so that what the
 * machine does besides falls on both. Then backlogs of real stores.
 */
export async function measureSending(bench: Bench): Promise<Sending[]> {
  const sink = start('peers/sink.ts');
  const { port } = await ready<{ port: number }>(sink, 'the sink');
  const folder = bench.folder();
  const [items, rows] = [join(folder, 'items.json'), join(folder, 'rows.json')];
  const { sendRepeats: repeats, sendSeconds: seconds, sendWarmSeconds: warmSeconds } = bench.plan;
  const orderOf = (events: number): SendOrder => ({ port, events, atOnce: AT_ONCE, warmSeconds, seconds, items, rows });
  const found: Sending[] = [];
  for (const events of SEND_SIZES) {
    const spec = sendSpec(events);
    const pool = eventRows(poolOf(events), spec).rows;
    writeFileSync(rows, JSON.stringify(pool));
    writeFileSync(items, JSON.stringify(pool.map((row) => trackItem(row, 'current', spec.delivery.freeKeys))));
    const windows = { bare: [] as SendReport[], assay: [] as SendReport[] };
    for (let n = 0; n < repeats; n++)
      for (const name of ['bare', 'assay'] as const) {
        bench.say(`sending: ${events} a request, ${name}, ${n + 1} of ${repeats}`);
        windows[name].push(await run(CONTESTANTS[name], orderOf(events)));
      }
    bench.say(`sending: ${events} a request, from a store`);
    const backlog = events === 1 ? bench.plan.sendBacklog / 10 : bench.plan.sendBacklog;
    const store = await drained(bench, orderOf(events), backlog);
    found.push({ events, bare: told(windows.bare), assay: told(windows.assay), store: told([store]) });
  }
  await sink.end();
  return found;
}

async function run(file: string, order: SendOrder & { folder?: string; backlog?: number }): Promise<SendReport> {
  const child = start(file, { args: [JSON.stringify(order)] });
  const report = await ready<SendReport>(child, file);
  await child.ended;
  return report;
}

/** A store whose events have been decided and wait, and the time until all of them are delivered and committed. */
async function drained(bench: Bench, order: SendOrder, backlog: number): Promise<SendReport> {
  const folder = bench.folder();
  mkdirSync(folder, { recursive: true });
  const journal = await openJournal(folder);
  const text = sendSpecText(order.events);
  const body = { text, rates: null, hash: 'bench' };
  await journal.append([{ kind: 'spec', door: 'spec', keyId: '', receivedAt: Date.now(), body, personal: null }]);
  const { records } = eventRows(backlog, sendSpec(order.events));
  for (let at = 0; at < records.length; at += APPENDED_AT_ONCE)
    await journal.append(records.slice(at, at + APPENDED_AT_ONCE));
  const last = await journal.last();
  await journal.close();
  await decide(folder, last);
  settleDisk();
  return run(CONTESTANTS.assay, { ...order, folder, backlog });
}

async function decide(folder: string, last: number): Promise<void> {
  let stop = (): void => {};
  let fail = (_error: unknown): void => {};
  const decided = new Promise<void>((resolve, reject) => {
    stop = resolve;
    fail = reject;
  });
  const committed = (offset: number): void => {
    if (offset >= last) stop();
  };
  const admission = await startAdmission(folder, { committed, waits: () => {}, failed: fail });
  if (admission.offset() < last) await decided;
  await admission.close();
}

function told(reports: readonly SendReport[]): Sent {
  const rates = reports.map(({ events, seconds }) => events / seconds);
  return {
    eventsPerSecond: median(rates),
    low: Math.min(...rates),
    high: Math.max(...rates),
    cpuMicroseconds: median(reports.map(({ cpuSeconds, events }) => (cpuSeconds / events) * 1e6)),
  };
}
