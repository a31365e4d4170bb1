import type { BrowserReport, WireEvent } from '../api/wire.ts';
import { now } from './client.ts';
import { collector, key } from './config.ts';
import { isOpen, names, read, remove, write } from './drawer.ts';
import { type Head, head } from './head.ts';
import { act } from './turn.ts';

/** A batch on its way to the collector. */
interface Batch extends Head {
  events: WireEvent[];
  reports: BrowserReport[];
}
/** `due`: not to be sent before by other pages, since one has it in hand or waits to try again. */
type Kept = [due: number, batch: Batch];

const KIND = 'assay:batch.';
const BATCHES_MAX = 64;
const BATCH_RECORDS_MAX = 16;
// 40 hours: TikTok counts a copy again after 48, and the collector needs time of its own.
const AGE_MS_MAX = 144_000_000;
const GATHER_MS = 200;
const CHECK_MS = 2000;
// The wait doubles, since it grows with the batch's age.
const RETRY_MS_MIN = 4000;
const RETRY_MS_MAX = 30_000;
// Browsers refuse keepalive bodies of 64 KiB and more.
const KEEPALIVE_LENGTH_MAX = 60_000;

/** The batch that this page still adds to: the time it was opened, a fraction telling batches apart. */
let openName = '';
let timer: ReturnType<typeof setInterval> | undefined;

/** Keeps an event or a report until the collector answers for it. After a no there is only the head of before. */
export function enqueue(
  list: 'events' | 'reports',
  record: WireEvent | BrowserReport,
  shared: Head | false = isOpen && head(),
): void {
  if (!shared) return;
  let [, batch] = read<Kept>(openName) ?? [];
  if (!batch || batch[list][BATCH_RECORDS_MAX - 1]) {
    flush();
    batch = { events: [], reports: [] } as unknown as Batch;
    openName = KIND + (Date.now() + Math.random());
    names(KIND).slice(0, -BATCHES_MAX).forEach(remove);
    setTimeout(flush, GATHER_MS);
  }
  (batch[list] as unknown[]).push(record);
  keep(openName, { ...batch, ...shared }, CHECK_MS);
}

/** Reports in the order of the calls. */
export function report(record: BrowserReport): void {
  void act(() => enqueue('reports', record));
}

/** Sends all that is due, and looks again from time to time. Tabs share one queue. */
export function flush(): void {
  for (const name of names(KIND)) {
    const [due, batch] = read<Kept>(name) ?? [];
    // Another tab may have been faster, and its time may be over.
    if (!batch || ((due as number) > Date.now() && name !== openName)) continue;
    keep(name, batch, Math.min(Date.now() - openedAt(name) + RETRY_MS_MIN, RETRY_MS_MAX));
    void request('events', { sent_at: now(), ...batch }).then((answer) => answer && remove(name));
  }
  openName = '';
  if (!timer) timer = setInterval(flush, CHECK_MS);
}

function keep(name: string, batch: Batch, dueInMs: number): void {
  write(name, [Date.now() + dueInMs, batch], openedAt(name) + AGE_MS_MAX - Date.now());
}

function openedAt(name: string): number {
  return +name.slice(KIND.length);
}

/**
 * The answer to a GET, or with a body to a POST that survives the page. Nothing where it has to be tried again; a
 * refusal is an answer without the fields.
 */
export function request<T>(path: string, body?: object): Promise<Partial<T> | undefined> {
  // A string goes as text/plain, which needs no preflight.
  const text = body && JSON.stringify({ key, ...body });
  return (
    fetch(`${collector}/v1/${path}`, {
      method: (text && 'POST') as string,
      body: text as string,
      keepalive: (text && !text[KEEPALIVE_LENGTH_MAX]) as boolean,
      // A collector of the same site has a cookie, and keeps it longer than a script can. Any other sets none.
      credentials: 'include',
    })
      // Too many requests, and all that the collector is to blame for.
      .then((response) => response.status < 429 && response.json())
      .catch(() => {}) as Promise<Partial<T> | undefined>
  );
}
