import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Books, type Difference, differences, readBooks } from '../../src/sim/month/books.ts';
import { type Collector, liveThrough, type Passed } from '../../src/sim/month/live-through.ts';
import { type Month, type Plan, planMonth } from '../../src/sim/month/plan.ts';
import { type Truth, truthOf } from '../../src/sim/month/truth.ts';
import { start as startTwin, type TwinProcess } from '../../src/sim/twin/client.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { signIn, watchLive } from '../live.ts';
import { HOOK_SECRET, SECRET_KEY, startTestServer, type TestServer, WRITE_KEY } from '../server.ts';

const STRIPE_SECRET = 'whsec_month0month0month0month0';
const SHOPIFY_SECRET = 'shpss_month0month0month0month0';

/** A month that was lived through: what it really was, what was made of it, and where these differ. */
export interface MonthRun {
  plan: Plan;
  truth: Truth;
  books: Books;
  differences: Difference[];
}

/**
 * A month of orders, from a seed, through a real collector to TikTok's twin, each with its own clock. `look` sees the
 * collector's folder before it stops.
 */
export async function runMonth(
  month: Month,
  passed?: (so: Passed) => void,
  look?: (folder: string) => Promise<void>,
): Promise<MonthRun> {
  const plan = planMonth(month);
  const truth = truthOf(plan);
  const twin = await startTwin();
  try {
    const books = await booksOf(plan, twin, passed, look);
    return { plan, truth, books, differences: differences(truth, books, plan.broken) };
  } finally {
    await twin.stop();
  }
}

async function booksOf(
  plan: Plan,
  twin: TwinProcess,
  passed?: (so: Passed) => void,
  look?: (folder: string) => Promise<void>,
): Promise<Books> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-month-'));
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, DEFAULT_TRACKING_YAML);
  let now = plan.startsAt;
  const config = {
    ...{ specFile, providers: ['standard', 'stripe', 'shopify'] },
    hookSecrets: { standard: [HOOK_SECRET], stripe: [STRIPE_SECRET], shopify: [SHOPIFY_SECRET] },
  };
  const server = await startTestServer(twin.url, config, { now: () => now });
  const rest = await openRest(server, () => now);
  try {
    const collector: Collector = {
      url: server.publicUrl,
      keys: {
        ...{ write: WRITE_KEY, secret: SECRET_KEY },
        ...{ stripe: STRIPE_SECRET, shopify: SHOPIFY_SECRET, standard: HOOK_SECRET },
      },
      async clock(at) {
        // What came in before the clock is moved is decided before.
        await rest.decided();
        now = at;
        server.wake();
        await rest.sent();
      },
    };
    await liveThrough(plan, { collector, twin, ...(passed ? { passed } : {}) });
    const cookie = await signIn(server.signInUrl());
    const { counts } = await watchLive(server.adminUrl, cookie, ({ counts: { lag } }) => lag === 0, 30_000);
    await look?.(server.folder);
    return await readBooks({ url: server.adminUrl, cookie }, counts.byVerdict, twin);
  } finally {
    await rest.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

const LOOK_MS = 5;

/** Tells when a collector has nothing to do any more, by what it wrote down. */
async function openRest(
  { folder }: TestServer,
  now: () => number,
): Promise<{ decided(): Promise<void>; sent(): Promise<void>; close(): Promise<void> }> {
  const journal = await openJournalReader(folder);
  const ledger = await openLedgerReader(folder);
  const isDecided = async (): Promise<boolean> => (await ledger.offset()) === (await journal.last());
  const isSent = async (): Promise<boolean> => {
    if (!(await isDecided())) return false;
    if ((await ledger.due(now(), 1)).length > 0 || (await ledger.expired(now(), 1)).length > 0) return false;
    // An answer that was written down meanwhile is not decided yet.
    return (await ledger.inFlight()).length === 0 && (await isDecided());
  };
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await wait(LOOK_MS);
  };
  return {
    decided: () => until(isDecided),
    sent: () => until(isSent),
    async close() {
      await Promise.all([journal.close(), ledger.close()]);
    },
  };
}
