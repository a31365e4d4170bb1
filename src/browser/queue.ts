import type { BrowserReport, WireEvent } from '../api/wire.ts';
import { client, now } from './client.ts';
import { isOpen, read, write } from './drawer.ts';
import { type Head, head } from './head.ts';

/** A batch on its way to the collector. */
interface Batch extends Head {
  /** when it was opened; the fraction tells batches apart */
  at: number;
  /** not to be sent before: a tab has it in hand or waits to try again */
  due: number;
  events: WireEvent[];
  reports: BrowserReport[];
}

const BATCHES_MAX = 64;
const BATCH_EVENTS_MAX = 16;
// 40 hours: TikTok counts a copy again after 48, and the collector needs time of its own.
const AGE_MS_MAX = 144_000_000;
const GATHER_MS = 200;
const CHECK_MS = 2000;
// The wait doubles, since it grows with the batch's age.
const RETRY_MS_MIN = 4000;
const RETRY_MS_MAX = 30_000;
// Browsers refuse keepalive bodies of 64 KiB and more.
const KEEPALIVE_LENGTH_MAX = 60_000;

let latest: number;
let timer: ReturnType<typeof setTimeout>;

type Untimed<T> = T extends unknown ? Omit<T, 'time'> : never;

/** Keeps an event, or a report of now, until the collector answers for it. Tabs share one queue. */
export function enqueue(list: 'events' | 'reports', record: WireEvent | Untimed<BrowserReport>): void {
  if (!isOpen) return;
  const batches = stored();
  let batch = batches.find((batch) => batch.at === latest && !batch.due && !batch.events[BATCH_EVENTS_MAX - 1]);
  if (!batch) {
    latest = Date.now() + Math.random();
    batch = { at: latest, due: 0, events: [], reports: [] } as unknown as Batch;
    batches.push(batch);
  }
  Object.assign(batch, head());
  (batch[list] as unknown[]).push({ time: now(), ...record });
  store(batches);
}

/** Sends all that is due. A page that is `leaving` cannot read the answer. */
export function flush(leaving?: boolean): void {
  const batches = stored();
  const due = batches.filter((batch) => batch.due < Date.now());
  for (const batch of due) batch.due = Date.now() + Math.min(Date.now() - batch.at + RETRY_MS_MIN, RETRY_MS_MAX);
  if (batches[0]) store(batches, CHECK_MS);
  for (const batch of due) deliver(batch, leaving).catch(() => {});
}

async function deliver({ at, due, ...body }: Batch, leaving?: boolean): Promise<void> {
  const text = JSON.stringify({ key: client.key, sent_at: now(), ...body });
  if (leaving && navigator.sendBeacon(address('events'), text)) return;
  await request('events', text);
  store(stored().filter((batch) => batch.at !== at));
}

function stored(): Batch[] {
  const batches = read<Batch[]>('events') ?? [];
  return batches.filter((batch) => batch.at > Date.now() - AGE_MS_MAX).slice(-BATCHES_MAX);
}

function store(batches: Batch[], flushInMs = GATHER_MS): void {
  write('events', batches, AGE_MS_MAX);
  clearTimeout(timer);
  timer = setTimeout(flush, flushInMs);
}

/** A GET, or with a body a POST that survives the page. Throws where it has to be tried again. */
export async function request(path: string, body?: string): Promise<Response> {
  const response = await fetch(address(path), {
    method: (body && 'POST') as string,
    // A string goes as text/plain, which needs no preflight.
    body: body as string,
    keepalive: (body?.length as number) < KEEPALIVE_LENGTH_MAX,
  });
  if (response.status >= 500 || response.status === 429) throw response;
  return response;
}

function address(path: string): string {
  return `${client.collector}/v1/${path}`;
}
