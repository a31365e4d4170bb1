import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ReceiptAnswer } from '../../src/api/wire.ts';
import type { Config } from '../../src/server/config.ts';
import { readOperator } from '../../src/server/operator.ts';
import type { JournalReader, JournalRecord } from '../../src/store/journal.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { KEY, PAGE } from '../door.ts';
import { startTestServer, type TestServer } from '../server.ts';
import { openSink, type Sink } from './sink.ts';

export type Body = object | string | Buffer | undefined;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** the answer as JSON; empty when it is none */
  json: Record<string, unknown>;
}

/** One server under attack, with everything that it writes down, logs and sends. */
export interface Stage {
  server: TestServer;
  sink: Sink;
  token: string;
  /** `page POST /v1/events`: who asks, how and where. Any answer that blames us fails the test. */
  ask(to: string, body?: Body, headers?: Record<string, string>): Promise<Answer>;
  /** Writes bytes to the line, and gives what came back until it was cut or `waitMs` passed. */
  raw(bytes: string | Buffer, at?: 'public' | 'admin', waitMs?: number): Promise<string>;
  /** records of the doors since the last question */
  written(): Promise<JournalRecord[]>;
  /** what became of a receipt's records, once all are decided */
  verdicts(receipt: string): Promise<ReceiptAnswer['records']>;
  stop(): Promise<void>;
}

/** A line that was kept open may be closed by either side just as it is used again. */
const ALONE = { connection: 'close' };

/** What our own threads write down by themselves. */
const OURS = new Set(['sent', 'answer', 'expired', 'handout', 'spec', 'key', 'test']);

export async function openStage(config: Partial<Config> = {}, clock = { ahead: 0 }): Promise<Stage> {
  const sink = await openSink();
  const server = await startTestServer(sink.url, config, { now: () => Date.now() + clock.ahead });
  const journal: JournalReader = await openJournalReader(server.folder);
  const token = readOperator(server.folder)?.token ?? '';
  const senders: Readonly<Record<string, Record<string, string>>> = {
    page: PAGE,
    server: KEY,
    nobody: {},
    operator: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  };
  let seen = 0;

  const ask: Stage['ask'] = async (to, body, headers = {}) => {
    const [who = '', method = '', path = ''] = to.split(' ');
    const at = who === 'operator' || who === 'stranger' ? server.adminUrl : `http://127.0.0.1:${server.publicPort}`;
    const answer = await fetch(at + path, {
      ...{ method, headers: { ...senders[who], ...headers, ...ALONE }, redirect: 'manual' },
      ...(body === undefined ? {} : { body: bytesOf(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.status < 500, `${answer.status} ${text}`);
    const isJson = answer.headers.get('content-type')?.includes('json');
    const json = isJson && text !== '' ? (JSON.parse(text) as Answer['json']) : {};
    return { status: answer.status, headers: answer.headers, text, json };
  };

  return {
    ...{ server, sink, token, ask },
    raw: (bytes, at = 'public', waitMs = 2000) =>
      new Promise((resolve) => {
        const port = at === 'admin' ? Number(new URL(server.adminUrl).port) : server.publicPort;
        const socket = connect(port, '127.0.0.1');
        let got = '';
        const timer = setTimeout(() => socket.destroy(), waitMs);
        socket.setEncoding('latin1').on('data', (part: string) => {
          got += part;
        });
        // A line that we go on writing to is reset once it has been answered.
        socket.on('error', () => undefined);
        socket.on('close', () => {
          clearTimeout(timer);
          resolve(got);
        });
        socket.write(bytes);
      }),
    async written() {
      const records: JournalRecord[] = [];
      for (;;) {
        const page = await journal.read(seen, 1000);
        if (page.length === 0) return records.filter(({ kind }) => !OURS.has(kind));
        seen = page.at(-1)?.seq ?? seen;
        records.push(...page);
      }
    },
    async verdicts(receipt) {
      for (let tries = 0; tries < 1500; tries++) {
        const { json } = await ask(`nobody GET /v1/receipts/${receipt}`);
        const { pending, records } = json as unknown as ReceiptAnswer;
        if (pending === 0) return records;
        await pause(20);
      }
      throw new Error(`${receipt} is not decided`);
    },
    async stop() {
      await journal.close();
      await server.stop();
      await sink.close();
    },
  };
}

function bytesOf(body: object | string | Buffer): string | Uint8Array<ArrayBuffer> {
  if (Buffer.isBuffer(body)) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}
