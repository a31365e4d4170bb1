import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import type { LeadAnswer, LeadsAnswer, OrdersAnswer } from '../../src/api/books.ts';
import { importEvents } from '../../src/cli/import/events.ts';
import { importFacts } from '../../src/cli/import/facts.ts';
import { type Io, terminal } from '../../src/cli/io.ts';
import { readConfig } from '../../src/server/config.ts';
import { readOperator } from '../../src/server/operator.ts';
import { startServer } from '../../src/server/start.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { type Outcome, readOutcome } from './outcome.ts';
import type { Cells } from './rows.ts';
import { openTiktok } from './tiktok.ts';

/** Requests under way at once: as many as the journal likes to write in one go. */
const AT_ONCE = 64;
const POLL_MS = 20;
/** A connection that broke is no answer; telling the same again changes nothing. */
const TRIES = 3;

/** What the import command says when it has ended. */
interface Imported {
  rows: number;
  bad: number;
  new: number;
  known: number;
  problems: { line: number; what: string; where: string }[];
}

interface Told {
  path: string;
  body: object;
  /** signed as a payment provider's webhook; else told with the shop's secret key */
  isHook?: true;
}

interface Posting {
  progress(done: number): void;
  refused(what: string): void;
}

/** A collector of its own in an empty folder, with doors, imports and reports as anybody has them. */
export interface Collector {
  /** POSTs all of them, some at a time. */
  post<T>(all: readonly T[], request: (one: T) => Told, around: Posting): Promise<void>;
  /** `assay import events` or `assay import facts` on a file with these lines, the header first */
  bring(what: 'events' | 'facts', lines: Iterable<readonly string[]>): Promise<Imported>;
  /** Resolves once everything that was told has its verdict. */
  settled(): Promise<void>;
  /** the rows of a report's CSV */
  report(path: string): Promise<Cells[]>;
  orderTotals(): Promise<OrdersAnswer['totals']>;
  leads(): Promise<{ leads: LeadAnswer[]; totals: LeadsAnswer['totals'] }>;
  /** what became of all records and copies, and how many requests reached the place of TikTok's Events API */
  outcome(): Promise<Outcome & { requests: number }>;
  stop(): Promise<void>;
}

/** Starts one with a tracking spec. With a token for TikTok nothing but its own rules keeps a copy here. */
export async function startCollector(spec: string): Promise<Collector> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-check-data-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const opened: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
    process.off('exit', remove);
    remove();
  };
  try {
    return { ...(await open(spec, folder, opened)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(spec: string, folder: string, opened: (() => Promise<void>)[]): Promise<Omit<Collector, 'stop'>> {
  const tiktok = await openTiktok();
  opened.push(tiktok.close);
  const key = randomBytes(24).toString('base64url');
  const hookKey = randomBytes(24);
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, spec);
  const env = {
    ASSAY_DATA: join(folder, 'data'),
    ASSAY_SPEC: specFile,
    ASSAY_PORT: '0',
    ASSAY_ADMIN_PORT: '0',
    ASSAY_SECRET_KEY: key,
    ASSAY_WEBHOOK_SECRET: `whsec_${hookKey.toString('base64')}`,
    ASSAY_RATE_ADDRESS: 'off',
    ASSAY_TIKTOK_API: tiktok.url,
    CHECK_DATA_TOKEN: 'token',
  };
  const config = readConfig(env);
  if (!config.ok) throw new Error(`The collector’s settings can’t be used: ${JSON.stringify(config.problems)}`);
  const log: string[] = [];
  const server = await startServer(config.value, {
    now: Date.now,
    random: Math.random,
    env,
    log: (line) => log.push(line),
  });
  opened.push(server.stop);
  const { dataFolder } = config.value;
  const ledger = await openLedgerReader(dataFolder);
  opened.push(ledger.close);
  const journal = await openJournalReader(dataFolder);
  opened.push(journal.close);
  const { url: adminUrl = '', token = '' } = readOperator(dataFolder) ?? {};

  /** Why it was refused, if it was. */
  async function send({ path, body, isHook }: Told): Promise<string | undefined> {
    const text = JSON.stringify(body);
    for (let tries = 1; ; tries++)
      try {
        const headers = isHook ? signed(text, hookKey) : { authorization: `Bearer ${key}` };
        const answer = await fetch(server.publicUrl + path, { method: 'POST', headers, body: text });
        const said = await answer.text();
        return answer.ok ? undefined : `${path} answered ${answer.status}: ${said.slice(0, 300)}`;
      } catch (error) {
        if (tries === TRIES) throw error;
      }
  }

  async function ask(path: string): Promise<Response> {
    const answer = await fetch(adminUrl + path, { headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
    return answer;
  }

  return {
    async post(all, request, { progress, refused }) {
      let done = 0;
      const waiting = all.values();
      const line = async (): Promise<void> => {
        for (const one of waiting) {
          const fault = await send(request(one));
          if (fault !== undefined) refused(fault);
          progress(++done);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, line));
    },
    async bring(what, lines) {
      const file = join(folder, `${what}.csv`);
      writeFileSync(file, csvText(lines));
      let said = '';
      const io: Io = {
        ...terminal(),
        interactive: false,
        env: { ASSAY_SECRET_KEY: key },
        stdout: (text) => {
          said += text;
        },
      };
      const options = { map: [], url: server.publicUrl, keyEnv: 'ASSAY_SECRET_KEY', json: true };
      if (what === 'facts') await importFacts(file, options, io);
      else await importEvents(file, { ...options, source: 'web' }, io);
      const imported = JSON.parse(said) as Imported & { stopped: string | null };
      if (imported.stopped !== null) throw new Error(`The import of ${what} stopped: ${imported.stopped}`);
      return imported;
    },
    async settled() {
      while ((await ledger.offset()) < (await journal.last())) {
        const fault = log.find((one) => one.startsWith('admission stopped'));
        if (fault !== undefined) throw new Error(fault);
        await sleep(POLL_MS);
      }
    },
    report: async (path) => parse(await (await ask(path)).text(), { columns: true, bom: true }),
    orderTotals: async () => ((await (await ask('/v1/reports/orders?limit=1')).json()) as OrdersAnswer).totals,
    async leads() {
      const leads: LeadAnswer[] = [];
      for (let after = ''; ; ) {
        const query = new URLSearchParams({ limit: '200', after });
        const page = (await (await ask(`/v1/reports/leads?${query}`)).json()) as LeadsAnswer;
        leads.push(...page.leads);
        if (page.next === undefined) return { leads, totals: page.totals };
        after = page.next;
      }
    },
    outcome: async () => ({ ...(await readOutcome(ledger)), requests: tiktok.requests() }),
  };
}

/** As Standard Webhooks says. */
function signed(text: string, key: Buffer): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const seconds = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${text}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': `v1,${signature}` };
}

function csvText(lines: Iterable<readonly string[]>): string {
  const quoted = (cell: string): string => (/[",;\r\n\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return Array.from(lines, (line) => `${line.map(quoted).join(',')}\n`).join('');
}
