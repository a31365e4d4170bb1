import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { retryAfterMs } from '../../src/client/next-try.ts';
import { request } from '../../src/client/request.ts';
import { visitorOf } from '../../src/client/visitor.ts';
import { readReceipt, receiptOf } from '../../src/collection/receipt.ts';
import { AssayError } from '../../src/event/error.ts';
import { addressOf, trustedList } from '../../src/server/address.ts';
import { readVisitorCookie, sharedDomain, visitorCookie } from '../../src/server/cookie.ts';
import { networkOf } from '../../src/server/limits.ts';
import { openJournal } from '../../src/store/sqlite/journal.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { PERSON } from '../door.ts';
import { type Fuzzed, jsonParser, textParser } from './parser.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const SECRET = 'a secret of the server';
const proxies = trustedList(['127.0.0.1', '10.0.0.0/8']);
const ANSWERS = [
  '{"receipt":"r_1-1-x","accepted":1,"pending":0,"records":[]}',
  '{"type":"about:blank","status":422,"code":"body_shape","detail":"No.","problems":[{"where":"event","what":"is missing","fix":"send it","code":"body_shape"}]}',
  '<html>',
];

/** What comes back to our own programs: receipts, cookies, headers, answers. */
const SHORT: readonly Fuzzed[] = [
  textParser(
    'receipts',
    30,
    [receiptOf(SECRET, 1, 1), receiptOf(SECRET, 46_656, 500), receiptOf('another secret of a server', 1, 1)],
    (text) => {
      const range = readReceipt(SECRET, text);
      if (range && receiptOf(SECRET, range.first, range.count) !== text)
        throw new Error('opened by what we did not give');
      return { accepted: range !== undefined };
    },
  ),
  textParser('cookies', 20, ['_assay=v-1.s-1', 'a=b; _assay=v-1.s-1; c=d', '_assay=; Path=/'], (text) => {
    const who = readVisitorCookie(text);
    const told = { visitor: who.visitor ?? text, session: who.session ?? text, choice: 'granted' as const };
    const cookie = visitorCookie(told, 'shop.example', { consent: 'required', secure: true });
    if (cookie !== undefined && /[^ -~]|Domain=(?!shop\.example; )/.test(cookie)) throw new Error(`sets ${cookie}`);
    return { accepted: who.visitor !== undefined };
  }),
  textParser(
    'addresses',
    20,
    ['203.0.113.9, 10.0.0.1', '::ffff:203.0.113.9', 'fe80::1%eth0, 10.1.1.1', 'https://www.shop.example:443'],
    (text) => {
      const address = addressOf(
        { headers: { 'x-forwarded-for': text }, socket: { remoteAddress: '127.0.0.1' } as never },
        proxies,
      );
      networkOf(address);
      networkOf(text);
      sharedDomain('collect.shop.example', text, ['shop.example']);
      return { accepted: address !== '127.0.0.1' };
    },
  ),
  textParser('Retry-After', 10, ['5', 'Sat, 01 Aug 2026 12:00:05 GMT', '-1', '1e9'], (text) => {
    const ms = retryAfterMs(text, NOW);
    if (ms !== undefined && !(ms >= 0 && ms <= 300_000)) throw new Error(`waits ${ms}`);
    return { accepted: ms !== undefined };
  }),
  jsonParser(
    'visitorOf',
    20,
    [
      {
        method: 'GET',
        url: '/thanks?ttclid=abc',
        headers: {
          host: 'shop.example',
          cookie: '_assay=v-1.s-1; _ttp=x',
          referer: 'https://shop.example/',
          'user-agent': PERSON,
          'x-forwarded-for': '203.0.113.9',
        },
      },
    ],
    (value) => {
      const { method, url, headers } = Object(value) as Record<string, unknown>;
      const texts = Object.entries(Object(headers) as object).map(([name, text]) => [
        name,
        typeof text === 'string' ? text : JSON.stringify(text),
      ]);
      const facts = visitorOf(
        {
          method: String(JSON.stringify(method)),
          url: typeof url === 'string' ? url : '/',
          headers: Object.fromEntries(texts) as Record<string, string>,
        },
        { proxies: 1 },
      );
      return { accepted: facts.visitor !== undefined };
    },
  ),
  textParser('the client’s reading of answers', 20, ANSWERS, async (text) => {
    const status = 200 + (text.length % 5) * 100;
    const answer = new Response(status === 204 ? null : text, {
      status: status > 599 ? 500 : status,
      headers: { 'retry-after': '1' },
    });
    const parts = {
      url: 'http://collector.example',
      headers: {},
      text: '{}',
      gzipBytes: 100,
      timeoutMs: 1000,
      stopped: new AbortController().signal,
    };
    const outcome = await request({ ...parts, fetch: () => Promise.resolve(answer), now: () => NOW });
    return { accepted: outcome.kind === 'answered' };
  }),
];

/** The same, and the pages of a journal whose file somebody has written into. */
export async function openAnswers(): Promise<{ parsers: Fuzzed[]; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-fuzz-'));
  const journal = await openJournal(folder);
  const record = {
    kind: 'event',
    door: 'server',
    keyId: 'k',
    receivedAt: NOW,
    body: { event: 'Probe' },
    personal: { user: { ip: '198.51.100.7' } },
  } as const;
  await journal.append([record, record]);
  await journal.close();
  const file = new DatabaseSync(join(folder, 'journal.db'));
  file.exec('PRAGMA synchronous = OFF; DROP TRIGGER page_stays');
  const reader = await openJournalReader(folder);
  const { records, personal } = file.prepare('SELECT records, personal FROM page').get() as Record<string, string>;
  const change = file.prepare('UPDATE page SET records = ?, personal = ?');
  const parsers = [
    ...SHORT,
    {
      ...textParser('pages of the journal', 8, [records ?? '', personal ?? ''], async (text) => {
        const isPersonal = text.length % 2 === 0;
        change.run(isPersonal ? (records ?? '') : text, isPersonal ? text : (personal ?? ''));
        const read = await reader.read(0, 10);
        if (read.length !== 2) throw new Error(`${read.length} records of 2`);
        return { accepted: true };
      }),
      mayThrow: (error: unknown) => error instanceof AssayError && error.code === 'journal_corrupt',
    },
  ];
  return {
    parsers,
    async close() {
      await reader.close();
      file.close();
      rmSync(folder, { recursive: true });
    },
  };
}
