import { setTimeout } from 'node:timers/promises';
import type { MartPageAnswer, MartsAnswer, SqlAnswer } from '../api/attribution.ts';
import { openAttribution } from '../attribution/open.ts';
import type { AttributionSource } from '../server/reports/source.ts';
import { martPage, martsAnswer } from '../server/reports.ts';
import { hasStore, rethrow, serverAt, storeAt, told } from './desk.ts';

/** A server that has just started has its warehouse in a moment. */
const NOT_READY_MS_MAX = 30_000;
const AGAIN_MS = 250;

/** A question in SQL, and how much of an answer is wanted. */
interface SqlQuestion {
  sql: string;
  rows: number;
  ms: number;
}

/** Where the warehouse is asked. What can’t be done is an `AssayError` that says why. */
export interface ReportDesk {
  sql(question: SqlQuestion): Promise<SqlAnswer>;
  marts(): Promise<MartsAnswer>;
  /** `day` as `2026-11-22` */
  martPage(mart: string, day: string, after: number): Promise<MartPageAnswer>;
  close(): Promise<void>;
}

/** The running server, or without one the store itself, under its lock. Nothing where there is no store. */
export async function openReportDesk(
  folder: string,
  around: { now(): number; looking?(rows: number): void },
): Promise<ReportDesk | undefined> {
  if (!hasStore(folder)) return undefined;
  return (await serverDesk(folder)) ?? (await storeDesk(folder, around));
}

async function serverDesk(folder: string): Promise<ReportDesk | undefined> {
  const server = await serverAt(folder, '/v1/settings');
  if (!server) return undefined;
  const { ask, first } = server;
  await first.body?.cancel();
  const asked = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const until = performance.now() + NOT_READY_MS_MAX;
    for (;;) {
      const answer = await ask(method, path, body, null);
      const isEarly = answer.status === 503 && performance.now() < until;
      if (!isEarly) return await told(answer);
      await answer.body?.cancel();
      await setTimeout(AGAIN_MS);
    }
  };
  return {
    sql: (question) => asked('POST', '/v1/sql', question),
    marts: () => asked('GET', '/v1/marts'),
    martPage: (mart, day, after) => asked('GET', `/v1/marts/${mart}?day=${day}&after=${after}`),
    close: async () => {},
  };
}

/** Whatever the journal has is judged first, and is in the warehouse then. */
async function storeDesk(folder: string, around: { now(): number; looking?(rows: number): void }): Promise<ReportDesk> {
  const store = await storeAt(folder);
  const opened: { close(): Promise<void> }[] = [store];
  const close = async (): Promise<void> => {
    for (const one of opened.reverse()) await one.close();
  };
  try {
    const source: AttributionSource & { catchUp(): Promise<void>; close(): Promise<void> } = await openAttribution(
      folder,
      around,
    );
    opened.push(source);
    await source.catchUp();
    return deskOf(source, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function deskOf(source: AttributionSource, close: () => Promise<void>): ReportDesk {
  return {
    sql: ({ sql, rows, ms }) => source.reports.sql(sql, { rowsMax: rows, msMax: ms }),
    marts: () => martsAnswer(source).catch(rethrow),
    async martPage(mart, day, after) {
      const page = await martPage(source, mart, new URLSearchParams({ day, after: String(after) })).catch(rethrow);
      return page ?? { columns: [], rows: [] };
    },
    close,
  };
}
