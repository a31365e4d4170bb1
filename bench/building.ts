import { hash, randomUUID } from 'node:crypto';
import type { Context } from '../src/admission/context.ts';
import { newEvent } from '../src/admission/events.ts';
import { Guard } from '../src/admission/guard.ts';
import { type Draft, normalise } from '../src/admission/normalise.ts';
import { Working } from '../src/admission/working.ts';
import { eventRecord, sitesOf, type Wire } from '../src/collection/tell.ts';
import type { EventRow } from '../src/event/event.ts';
import type { ToldEvent } from '../src/event/told.ts';
import { defaultSpec } from '../src/spec/default.ts';
import type { Spec } from '../src/spec/spec.ts';
import type { JournalRecord, NewRecord } from '../src/store/journal.ts';
import { type TrackItem, trackItem } from '../src/tiktok/body.ts';
import { type Building, median } from './result.ts';

const EVENTS = 10_000;
const NOW = Date.UTC(2026, 10, 22, 12);

/** How fast TikTok's item is made from an event as told, beside a loop that only parses it and hashes its contacts. */
export function measureBuilding(rounds: number): Building {
  const spec: Spec = { ...defaultSpec(), version: 1 };
  const found: { loop: number; build: number; stages: number[] }[] = [];
  // The first two rounds are for the compiler.
  for (let round = -2; round < rounds; round++) {
    const events = texts(EVENTS);
    const first = round % 2 === 0 ? timed(() => loop(events)) : 0;
    const build = timed(() => {
      for (const text of events) sink += JSON.stringify(built(text, spec)).length;
    });
    const last = round % 2 === 0 ? first : timed(() => loop(events));
    const stages = timedStages(events, spec);
    if (round >= 0) found.push({ loop: last, build, stages });
  }
  return {
    loopMicroseconds: median(found.map(({ loop: took }) => took)),
    buildMicroseconds: median(found.map(({ build }) => build)),
    ratio: median(found.map(({ loop: took, build }) => took / build)),
    stages: STAGES.map((name, at) => ({ name, microseconds: median(found.map(({ stages }) => stages[at] ?? 0)) })),
  };
}

/** What is made is looked at, so that no compiler leaves it out. */
let sink = 0;

/** The yardstick: what nobody who reads JSON and hashes contacts can do without. */
function loop(events: readonly string[]): void {
  for (const text of events) {
    const { user } = JSON.parse(text) as { user: { email: string; phone: string } };
    sink += hash('sha256', user.email).length + hash('sha256', user.phone).length;
  }
}

/** The whole way of one event, as admission and transport go it. */
export function built(text: string, spec: Spec): TrackItem {
  const record = told(JSON.parse(text) as Wire, spec);
  return itemOf(rowOf(record, draftOf(record, spec), spec), spec);
}

/** Events as the ledger has them and as the journal does, from 1 on, received now. */
export function eventRows(count: number, spec: Spec): { rows: EventRow[]; records: NewRecord[] } {
  const now = Date.now();
  const records = texts(count, now).map((text) => told(JSON.parse(text) as Wire, spec, now));
  return { rows: records.map((record, n) => rowOf(record, draftOf(record, spec), spec, n + 1)), records };
}

function told(wire: Wire, spec: Spec, receivedAt = NOW): NewRecord {
  return eventRecord(wire, { door: 'server', keyId: 'bench', receivedAt }, sitesOf(spec));
}

function draftOf(record: NewRecord, spec: Spec): Draft {
  return normalise(record.body as unknown as ToldEvent, record.personal, spec, record.receivedAt);
}

function rowOf(record: NewRecord, draft: Draft, spec: Spec, seq = 1): EventRow {
  return newEvent({ ...record, seq } satisfies JournalRecord, draft, contextOf(spec));
}

function itemOf(row: EventRow, spec: Spec): TrackItem {
  return trackItem(row, 'current', spec.delivery.freeKeys);
}

const contexts = new WeakMap<Spec, Context>();

function contextOf(spec: Spec): Context {
  const context = contexts.get(spec) ?? newContext(spec);
  contexts.set(spec, context);
  return context;
}

function newContext(spec: Spec): Context {
  return { spec, specs: new Map(), working: new Working(), guard: new Guard(), keys: new Map(), tests: new Map() };
}

const STAGES = ['parse', 'hash and scrub', 'normalise', 'row', 'TikTok’s item', 'stringify'];

/** The same way one stage after the other, over all events: where the time goes. */
function timedStages(events: readonly string[], spec: Spec): number[] {
  let wires: Wire[] = [];
  let records: NewRecord[] = [];
  let drafts: Draft[] = [];
  let rows: EventRow[] = [];
  let items: TrackItem[] = [];
  const stages = [
    () => (wires = events.map((text) => JSON.parse(text) as Wire)),
    () => (records = wires.map((wire) => told(wire, spec))),
    () => (drafts = records.map((record) => draftOf(record, spec))),
    () => (rows = records.map((record, n) => rowOf(record, drafts[n] as Draft, spec))),
    () => (items = rows.map((row) => itemOf(row, spec))),
    () => items.map((item) => JSON.stringify(item)),
  ];
  return stages.map(timed);
}

/** Microseconds an event. */
function timed(run: () => unknown): number {
  const from = performance.now();
  run();
  return ((performance.now() - from) * 1000) / EVENTS;
}

/** Events with plain contacts, all different, so that remembering an earlier one helps nobody. */
export function texts(count: number, now = NOW): string[] {
  return Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      event: 'AddToCart',
      event_id: randomUUID(),
      time: Math.floor(now / 1000) - (n % 60),
      consent: 'granted',
      visitor: randomUUID(),
      session: randomUUID(),
      user: {
        email: `Customer.${randomUUID().slice(0, 13)}@Shop.example`,
        phone: `+49 151 ${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
        external_id: `customer-${n}`,
        ttclid: 'E.C.P.CrcBQ2o0S1NBanF3ZVBxU2h0TjRnbmJtS0xXZEhyUXNwVnhKMkFUOXlGdU1i',
        ttp: '2aBcDeFgHiJkLmNoPqRsTuVwXyZ',
        ip: '203.0.113.7',
        user_agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148',
      },
      page: { url: 'https://shop.example/product/sku-10045?utm_source=tiktok', referrer: 'https://shop.example/' },
      properties: {
        content_id: 'SKU-10045',
        content_type: 'product',
        quantity: 1,
        value: 29.95,
        currency: 'EUR',
        contents: [{ content_id: 'SKU-10045', quantity: 1, price: 29.95 }],
      },
    }),
  );
}

if (import.meta.main) {
  const found = measureBuilding(Number(process.argv[2]));
  if (sink === 0) throw new Error('nothing was built');
  console.log(JSON.stringify(found));
}
