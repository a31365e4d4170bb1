// Transport with its real poster, in a process of its own: over an outbox in memory, or over a store that holds a backlog.
import { readFileSync } from 'node:fs';
import type { EventRow } from '../src/event/event.ts';
import { eventsTold, type ToldAnswer } from '../src/event/told.ts';
import { startAdmission } from '../src/server/admission.ts';
import { Specs } from '../src/server/specs.ts';
import { openJournal } from '../src/store/sqlite/journal.ts';
import { openLedgerReader } from '../src/store/sqlite/ledger.ts';
import { type Surroundings, startTransport } from '../src/transport/dispatch.ts';
import { openPoster } from '../src/transport/post.ts';
import type { SendOrder, SendReport } from './transport-order.ts';
import { openOutbox } from './transport-outbox.ts';
import { sendSpec } from './transport-spec.ts';

const order = JSON.parse(process.argv[2] ?? '{}') as SendOrder & { folder?: string; backlog?: number };
const STALL_MS_MAX = 30_000;
const poster = openPoster(`http://127.0.0.1:${order.port}`);
const common = {
  post: (target, body) => poster.post(target.id, 'token', body),
  now: Date.now,
  random: Math.random,
  alarm: (destination, what) => console.error(`${destination} ${what}`),
} satisfies Partial<Surroundings>;

/** One window while the outbox never runs dry. */
async function fromMemory(): Promise<SendReport> {
  const spec = sendSpec(order.events);
  const outbox = openOutbox(JSON.parse(readFileSync(order.rows, 'utf8')) as EventRow[], (offset) =>
    transport?.wake(offset),
  );
  let transport: Awaited<ReturnType<typeof startTransport>> | undefined;
  transport = await startTransport({ ...common, reader: outbox.reader, journal: outbox.journal, specOf: () => spec });
  await sleep(order.warmSeconds);
  const [from, before, cpu] = [performance.now(), outbox.delivered(), process.cpuUsage()];
  await sleep(order.seconds);
  const report = reportOf(outbox.delivered() - before, from, cpu);
  await transport.stop();
  return report;
}

/** From the first look until the last of a backlog is written down as delivered and committed. */
async function fromStore(folder: string, backlog: number): Promise<SendReport> {
  const journal = await openJournal(folder);
  const fail = (error: unknown): never => {
    throw error;
  };
  const admission = await startAdmission(folder, {
    committed: (offset) => woken(offset),
    waits: () => {},
    failed: fail,
  });
  const reader = await openLedgerReader(folder);
  const specs = new Specs();
  specs.learn(await reader.specs());
  let left = backlog;
  let last = Number.POSITIVE_INFINITY;
  let woken = (_offset: number): void => {};
  let done = (): void => {};
  const ended = new Promise<void>((resolve) => {
    done = resolve;
  });
  const written: Surroundings['journal'] = {
    async append(records) {
      const first = await journal.append(records);
      admission.wake();
      for (const { kind, body } of records)
        if (kind === 'answer')
          for (const answer of (body as unknown as ToldAnswer).answers) left -= eventsTold(answer).length;
      if (left === 0) last = Math.min(last, first + records.length - 1);
      return first;
    },
  };
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  const specOf = specs.of.bind(specs);
  const transport = await startTransport({ ...common, reader, journal: written, specOf });
  woken = (offset) => {
    transport.wake(offset);
    if (offset >= last) done();
  };
  let before = left;
  const stall = setInterval(() => {
    if (left === before) fail(new Error(`transport stands still with ${left} of ${backlog} events to send`));
    before = left;
  }, STALL_MS_MAX);
  await ended;
  clearInterval(stall);
  const report = reportOf(backlog, from, cpu);
  await transport.stop();
  await admission.close();
  await reader.close();
  await journal.close();
  return report;
}

function reportOf(events: number, from: number, cpu: NodeJS.CpuUsage): SendReport {
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - from) / 1000;
  return { events, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
}

function sleep(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}

const { folder, backlog = 0 } = order;
console.log(JSON.stringify(folder === undefined ? await fromMemory() : await fromStore(folder, backlog)));
await poster.close();
process.exit();
