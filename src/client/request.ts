import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ProblemAnswer } from '../api/wire.ts';
import type { Problem } from '../event/problem.ts';
import { retryAfterMs } from './next-try.ts';

const compress = promisify(gzip);

export interface Answered {
  kind: 'answered';
  status: number;
  body: Readonly<Record<string, unknown>>;
}
export interface Refused {
  kind: 'refused';
  status: number;
  why: string;
  problems: Problem[];
}
/** The collector may have it all the same: the ids make a repeat harmless. */
interface Retry {
  kind: 'retry';
  why: string;
  afterMs?: number;
}
export type Outcome = Answered | Refused | Retry;

export interface RequestParts {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON, kept as text so that a repeat is the same to the last byte */
  text?: string;
  /** a longer body is compressed */
  gzipBytes: number;
  timeoutMs: number;
  stopped: AbortSignal;
  fetch: typeof globalThis.fetch;
  now(): number;
}

const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** Answers after which the same request may well succeed. */
const AGAIN = new Set([408, 425, 429]);

/** One POST (a GET without a text), judged by its body. Never rejects. */
export async function request(parts: RequestParts): Promise<Outcome> {
  try {
    const body = parts.text === undefined ? undefined : await packed(parts.text, parts.gzipBytes);
    const answer = await parts.fetch(parts.url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...parts.headers, ...body?.headers },
      ...(body === undefined ? {} : { body: body.bytes }),
      // A redirect would carry contacts to an address that nobody configured.
      redirect: 'manual',
      signal: AbortSignal.any([parts.stopped, AbortSignal.timeout(parts.timeoutMs)]),
    });
    return judged(answer.status, answer.headers.get('retry-after'), await bounded(answer), parts.now());
  } catch (error) {
    return { kind: 'retry', why: whyOf(error) };
  }
}

function judged(status: number, retryAfter: string | null, text: string, now: number): Outcome {
  const body = objectOf(text);
  if (status >= 200 && status < 300)
    // A proxy's own page can have any status. What is not our answer proves nothing.
    return body
      ? { kind: 'answered', status, body }
      : { kind: 'retry', why: `HTTP ${status} without the collector’s answer` };
  const said = body as Partial<ProblemAnswer> | undefined;
  const why = typeof said?.detail === 'string' ? `HTTP ${status}: ${said.detail}` : `HTTP ${status}`;
  if (status >= 500 || AGAIN.has(status)) {
    const afterMs = retryAfterMs(retryAfter, now);
    return { kind: 'retry', why, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  return { kind: 'refused', status, why, problems: Array.isArray(said?.problems) ? said.problems : [] };
}

async function packed(text: string, gzipBytes: number): Promise<{ bytes: Uint8Array<ArrayBuffer>; headers: object }> {
  const plain = new TextEncoder().encode(text);
  if (plain.length <= gzipBytes) return { bytes: plain, headers: { 'content-type': 'application/json' } };
  return {
    bytes: new Uint8Array(await compress(plain)),
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  };
}

async function bounded(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`an answer of more than ${ANSWER_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error ? String('code' in cause ? cause.code : cause.message) : error.message;
}
