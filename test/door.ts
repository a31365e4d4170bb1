import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../src/server/config.ts';
import type { Surroundings } from '../src/server/start.ts';
import type { JournalReader, JournalRecord, RecordKind } from '../src/store/journal.ts';
import { openJournalReader } from '../src/store/sqlite/journal-reader.ts';
import { SECRET_KEY, SHOP, startTestServer, type TestServer, WRITE_KEY } from './server.ts';

export const PERSON =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
export const IN_APP =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 musical_ly_41.3.0 BytedanceWebview/d8a21c6';
export const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
/** What a page of ours sends along. */
export const PAGE = { origin: SHOP, 'user-agent': PERSON };
/** What a server of ours sends along. */
export const KEY = { authorization: `Bearer ${SECRET_KEY}` };

export interface Told {
  status: number;
  headers: Headers;
  text: string;
  /** the answer as JSON; empty when it is none */
  json: Record<string, unknown>;
}

/** As a server of ours tells it; done once all of it is decided. */
export async function tellServer(publicUrl: string, path: string, body: object): Promise<void> {
  const answer = await fetch(publicUrl + path, { method: 'POST', headers: KEY, body: JSON.stringify(body) });
  const said = await answer.text();
  assert.ok(answer.ok, `${path} ${answer.status} ${said}`);
  const { receipt } = JSON.parse(said) as { receipt: string };
  for (let tries = 0; tries < 400; tries++) {
    const read = await (await fetch(`${publicUrl}/v1/receipts/${receipt}`)).json();
    if ((read as { pending: number }).pending === 0) return;
    await sleep(25);
  }
  assert.fail(`${path} is not decided`);
}

/** A server for one file of tests; TikTok can't be reached from it. */
export function openDoor(
  config: Partial<Config> = {},
  around: Partial<Surroundings> = {},
): {
  server(): TestServer;
  ask(method: string, path: string, headers?: Record<string, string>, body?: object | string): Promise<Told>;
  /** what was written down since the last question, only records of these kinds if any are named */
  written(...kinds: RecordKind[]): Promise<JournalRecord[]>;
} {
  let server: TestServer;
  let journal: JournalReader;
  let seen = 0;
  before(async () => {
    server = await startTestServer('http://127.0.0.1:9', config, around);
    journal = await openJournalReader(server.folder);
  });
  // One that did not start has nothing to stop.
  after(async () => {
    await journal?.close();
    await server?.stop();
  });
  return {
    server: () => server,
    async ask(method, path, headers = {}, body) {
      const text = typeof body === 'object' ? JSON.stringify(body) : body;
      const answer = await fetch(`http://127.0.0.1:${server.publicPort}${path}`, {
        ...{ method, headers, redirect: 'manual' },
        ...(text === undefined ? {} : { body: text }),
      });
      const told = await answer.text();
      const json = told.startsWith('{') ? (JSON.parse(told) as Told['json']) : {};
      return { status: answer.status, headers: answer.headers, text: told, json };
    },
    async written(...kinds) {
      const records = await journal.read(seen, 1000);
      seen = records.at(-1)?.seq ?? seen;
      return records.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
    },
  };
}

/** A batch of one page. */
export function batch(more: object = {}): object {
  return {
    ...{ key: WRITE_KEY, spec: 1, sent_at: 1_700_000_000, visitor: 'v-1', session: 's-1', consent: 'granted' },
    page: { url: `${SHOP}/` },
    ...more,
  };
}
