import type { BrowserReport, ScriptBatch, ScriptHead } from '../api/wire.ts';
import { now } from './client.ts';
import { collector, key } from './config.ts';
import { isOpen, names, read, remove, write } from './drawer.ts';
import { head } from './head.ts';
import { act } from './turn.ts';

type Events = ScriptBatch['events'];
/** A batch on its way to the collector. Before it is `due` other pages leave it to the one that has it in hand. */
type Kept = [due: number, events: Events, head: ScriptHead];

const KIND = 'assay:batch.';
const BATCHES_MAX = 64;
const BATCH_RECORDS_MAX = 16;
// 40 hours: TikTok counts a copy again after 48, and the collector needs time of its own.
const AGE_SECONDS_MAX = 144_000;
const GATHER_MS = 200;
const CHECK_SECONDS = 2;
// The wait doubles, since it grows with the batch's age.
const RETRY_SECONDS_MIN = 4;
const RETRY_SECONDS_MAX = 30;
// Browsers refuse keepalive bodies of 64 KiB and more.
const KEEPALIVE_LENGTH_MAX = 60_000;

/** The batch that this page still adds to: the time it was opened, a fraction telling batches apart. */
let openName = '';

/** Keeps an event or a report until the collector answers for it. After a no there is only the head of before. */
export function enqueue(record: Events[0], shared: ScriptHead | false = isOpen && head()): void {
  if (!shared) return;
  let events = read<Kept>(openName)?.[1];
  if (!events || events[BATCH_RECORDS_MAX - 1]) {
    flush();
    events = [];
    openName = KIND + (now() + Math.random());
    names(KIND).slice(0, -BATCHES_MAX).forEach(remove);
    setTimeout(flush, GATHER_MS);
  }
  events.push(record);
  keep(openName, events, shared, CHECK_SECONDS);
}

/** Reports in the order of the calls. */
export function report(record: BrowserReport): void {
  void act(() => enqueue(record));
}

/** Begins to look from time to time for what was not sent, by this page or by one that is gone. */
export function watchQueue(): void {
  setInterval(flush, CHECK_SECONDS * 1000);
}

/** Sends all that is due. Tabs share one queue. */
export function flush(): void {
  for (const name of names(KIND)) {
    const [due, events, head] = (read<Kept>(name) ?? []) as Kept;
    // Another tab may have been faster, and its time may be over.
    if (!events || (due > now() && name !== openName)) continue;
    keep(name, events, head, Math.min(now() - openedAt(name) + RETRY_SECONDS_MIN, RETRY_SECONDS_MAX));
    void request('events', { events, head, time: now() }).then((answer) => answer && remove(name));
  }
  openName = '';
}

function keep(name: string, events: Events, head: ScriptHead, dueInSeconds: number): void {
  write(name, [now() + dueInSeconds, events, head], openedAt(name) + AGE_SECONDS_MAX - now());
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
