import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../event/event.ts';
import type { Fault } from './faults.ts';
import type { Pixel } from './pixels.ts';
import type { RefusedIds } from './refused-ids.ts';
import type { Switches } from './switches.ts';
import type { Diagnostics, EventView, RequestView, State, Totals } from './views.ts';

/** The pixel, token and ids that a fresh twin knows. */
export const TWIN = {
  pixel: 'CD9079RC77U0N3GBV16Y',
  token: 'twin-token',
  crmEventSet: '7300000000000000001',
  offlineEventSet: '7300000000000000002',
  appId: '7300000000000000003',
} as const;

interface EventQuery {
  source_id?: string;
  event?: string;
  event_id?: string;
  order_id?: string;
  /** test events alone, or the others alone */
  test?: boolean;
  /** the latest so many; 1000 unless told */
  limit?: number;
}

/** A running twin and its controls. */
export interface TwinProcess {
  url: string;
  port: number;
  pid: number;
  state(): Promise<State>;
  events(query?: EventQuery): Promise<EventView[]>;
  totals(): Promise<Totals>;
  diagnostics(): Promise<Diagnostics>;
  /** Requests to TikTok's addresses after number `after`, in order. */
  requests(after?: number): Promise<RequestView[]>;
  clock(change: { advanceMs: number } | { now: number }): Promise<State>;
  switch(change: Partial<Switches>): Promise<State>;
  fault(fault: Pick<Fault, 'channel' | 'kind'> & Partial<Fault>): Promise<State>;
  clearFaults(): Promise<State>;
  pixels(pixels: readonly (Pick<Pixel, 'code' | 'tokens'> & Partial<Pixel>)[]): Promise<State>;
  /** From now on, refuses the events of these ids with their codes, and no others. */
  refuse(codes: RefusedIds): Promise<State>;
  reset(): Promise<State>;
  stop(): Promise<void>;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts a twin as a process of its own, on any free port unless told; its memory stays in `dataDir`, or ends with it. */
export async function start(dataDir?: string, onPort = 0): Promise<TwinProcess> {
  const main = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url));
  const data = dataDir === undefined ? [] : ['--data', dataDir];
  const child = spawn(process.execPath, [main, '--port', String(onPort), '--watch-parent', ...data], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const { url, port } = await readyLine(child);
  const call = async <T>(method: string, path: string, body?: Json | object): Promise<T> => {
    const response = await fetch(`${url}/twin/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the twin refused ${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const end = async (stop: () => void) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    stop();
    await ended;
  };

  return {
    url,
    port,
    pid: child.pid ?? 0,
    state: () => call('GET', 'state'),
    async events(query = {}) {
      const given = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
      return (await call<{ events: EventView[] }>('GET', `events?${new URLSearchParams(given)}`)).events;
    },
    totals: () => call('GET', 'totals'),
    diagnostics: () => call('GET', 'diagnostics'),
    requests: async (after = 0) => (await call<{ requests: RequestView[] }>('GET', `requests?after=${after}`)).requests,
    clock: (change) => call('POST', 'clock', change),
    switch: (change) => call('POST', 'switch', change),
    fault: (fault) => call('POST', 'fault', fault),
    clearFaults: () => call('DELETE', 'fault'),
    pixels: (pixels) => call('PUT', 'pixels', pixels),
    refuse: (codes) => call('PUT', 'refused', codes),
    reset: () => call('POST', 'reset'),
    stop: () => end(() => child.stdin.end()),
    kill: () => end(() => child.kill('SIGKILL')),
  };
}

async function readyLine(child: ChildProcessByStdio<Writable, Readable, null>): Promise<{ url: string; port: number }> {
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the twin ended before it was ready')));
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  ended.catch(() => undefined);
  return JSON.parse(line) as { url: string; port: number };
}
