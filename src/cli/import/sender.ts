import type { DryRunAnswer, FactDryRunAnswer, LeadDryRunAnswer } from '../../api/wire.ts';
import { type List, settle } from '../../client/batches.ts';
import type { ClientError } from '../../client/error.ts';
import type { Told } from '../../client/queue.ts';
import { type Around, type Sent, send } from '../../client/send.ts';
import type { Problem } from '../../event/problem.ts';

/** A row on its way, with what is needed to speak of it. */
export interface Going {
  /** of an event; the order's id of a fact, the lead's of a step */
  eventId: string;
  line: number;
  cells: readonly string[];
  told: object;
}

/** What became of a row. `known` was imported before; `pending` has no verdict yet. */
export type Fate =
  | { kind: 'new' | 'known' | 'pending' | 'fine'; going: Going; notes: string[] }
  | { kind: 'bad'; going: Going; problems: Problem[] };

/** The import ends here: the server does not take it, or can't be reached. */
export class Stopped extends Error {}

const LIMITS = { firstRetryMs: 500, ceilingMs: 10_000, giveUpMs: 120_000 };
const TIMEOUT_MS = 60_000;
const GZIP_BYTES = 4096;
const VERDICT_WAIT_S = 10;
/** Statuses that say something about rows, not about the whole import. */
const ABOUT_ROWS = new Set([400, 413, 422]);

/** Brings batches of rows to the import door, and says of each what became of it. */
export function openSender(
  door: { url: string; key: string; dryRun: boolean; list: List },
  around: Around,
): (batch: Going[]) => Promise<Fate[]> {
  const never = new AbortController().signal;
  const post = (batch: readonly Going[]): Promise<Sent> =>
    send(
      {
        url: `${door.url}/v1/server/import${door.dryRun ? '?dry_run=1' : ''}`,
        headers: { authorization: `Bearer ${door.key}`, prefer: `wait=${VERDICT_WAIT_S}` },
        text: JSON.stringify({ [door.list]: batch.map(({ told }) => told) }),
        gzipBytes: GZIP_BYTES,
        timeoutMs: TIMEOUT_MS,
        stopped: never,
      },
      LIMITS,
      around,
    );

  return async function bring(batch) {
    const sent = await post(batch);
    if (sent.kind === 'gaveUp') throw new Stopped(`${door.url} can’t be reached: ${sent.why}.`);
    if (sent.kind === 'refused' && !ABOUT_ROWS.has(sent.status)) throw new Stopped(refusal(door.url, sent));
    if (sent.kind === 'answered' && door.dryRun) return dryFates(batch, sent.body as unknown as AnyDryRun, door.url);
    const settled = settle(batch, sent, false, door.list);
    const fates = settled.told.map(({ waiting, told }) => verdictFate(waiting, told));
    for (const { waiting, error } of settled.failed)
      fates.push(...waiting.map((going): Fate => ({ kind: 'bad', going, problems: problemsOf(error) })));
    for (const part of settled.again) fates.push(...(await bring(part)));
    return fates;
  };
}

/** What is only odd about a row that was taken comes with its verdict too, and makes no bad row of it. */
function verdictFate(going: Going, { verdict, reasons = [], problems = [] }: Told): Fate {
  switch (verdict) {
    case undefined:
      return { kind: 'pending', going, notes: [] };
    case 'quarantined':
    case 'refused': {
      const what = `is ${verdict} (${reasons.join(', ')})`;
      const fix = `assay trace ${going.eventId} says more`;
      const own = [{ code: reasons[0] ?? verdict, where: 'row', what, fix }];
      return { kind: 'bad', going, problems: problems.length > 0 ? problems : own };
    }
    default:
      return { kind: verdict === 'duplicate' ? 'known' : 'new', going, notes: reasons.slice(1) };
  }
}

type AnyDryRun = DryRunAnswer | FactDryRunAnswer | LeadDryRunAnswer;

function dryFates(batch: readonly Going[], answer: Partial<AnyDryRun>, url: string): Fate[] {
  const { rows } = answer;
  if (!Array.isArray(rows) || rows.length !== batch.length)
    throw new Stopped(`${url} did not answer as a collector does: check --url.`);
  return batch.map((going, index): Fate => {
    const row = rows[index];
    const named = row && 'event_id' in row && row.event_id !== '' ? { ...going, eventId: row.event_id } : going;
    return row?.ok
      ? { kind: 'fine', going: named, notes: row.notes }
      : { kind: 'bad', going: named, problems: row?.problems ?? [] };
  });
}

function problemsOf(error: ClientError): Problem[] {
  if (error.problems.length > 0) return [...error.problems];
  return [{ code: error.code, where: 'row', what: 'was not taken', fix: error.message }];
}

function refusal(url: string, { status, why }: { status: number; why: string }): string {
  if (status === 401 || status === 403)
    return `${url} does not take this key (${why}). Give the secret key, or one made for imports.`;
  if (status === 404) return `${url} has no import door (${why}). Check --url: it is the collector’s public address.`;
  return `${url} refused the import (${why}).`;
}
