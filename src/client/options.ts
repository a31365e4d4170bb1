import type { ClientError } from './error.ts';
import type { RetryLimits } from './next-try.ts';
import type { Around } from './send.ts';

/** Everything but address and key has a default that suits a shop. */
export interface ClientOptions extends Partial<Limits>, Partial<Around> {
  /** the collector, such as https://collect.shop.example */
  url: string;
  /** the secret key of the server door */
  key: string;
  /** hears every failure, also of promises that nobody waits for */
  onError?: (error: ClientError) => void;
}

export interface Limits extends RetryLimits {
  /** how long `track` waits for company before a batch leaves */
  lingerMs: number;
  /** events in one request; the collector takes 500 */
  batchEvents: number;
  /** bytes of one request before compression; the collector takes 2 MiB */
  batchBytes: number;
  /** larger bodies are compressed */
  gzipBytes: number;
  /** events, and bytes of them, that may wait; beyond, `track` fails with `queue_full` */
  queueEvents: number;
  queueBytes: number;
  /** orders, their entries and lead steps that may wait */
  queueCalls: number;
  /** for one try */
  timeoutMs: number;
  /** how long `order`, `orderEntry`, `lead` and `leadStatus` keep their caller waiting; they go on being told after that */
  answerMs: number;
  /** how long `close` goes on trying */
  closeMs: number;
  /** ask for the verdicts of tracked events, and wait so many seconds for them; 0 does not ask */
  verdictWaitS: number;
}

const DEFAULTS: Limits = {
  lingerMs: 100,
  batchEvents: 200,
  batchBytes: 1024 * 1024,
  gzipBytes: 2048,
  queueEvents: 10_000,
  queueBytes: 32 * 1024 * 1024,
  queueCalls: 1000,
  timeoutMs: 10_000,
  answerMs: 5_000,
  closeMs: 5_000,
  verdictWaitS: 0,
  firstRetryMs: 500,
  ceilingMs: 30_000,
  giveUpMs: 60 * 60_000,
};

const EVENTS_MAX = 500;
const BYTES_MAX = 2 * 1024 * 1024;
const VERDICT_WAIT_S_MAX = 10;

/** The limits in force. Throws where an option could never work. */
export function limitsOf(options: ClientOptions): Limits {
  const limits = Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, fallback]) => [name, options[name as keyof Limits] ?? fallback]),
  ) as unknown as Limits;
  for (const [name, value] of Object.entries(limits))
    if (!Number.isFinite(value) || value < 0) throw new TypeError(`${name} is ${value}: give a number from 0 on`);
  if (limits.batchEvents < 1 || limits.batchEvents > EVENTS_MAX)
    throw new TypeError(`batchEvents is ${limits.batchEvents}: a request takes 1 to ${EVENTS_MAX} events`);
  if (limits.batchBytes > BYTES_MAX)
    throw new TypeError(`batchBytes is ${limits.batchBytes}: a request takes ${BYTES_MAX} bytes`);
  if (limits.verdictWaitS > VERDICT_WAIT_S_MAX)
    throw new TypeError(`verdictWaitS is ${limits.verdictWaitS}: the collector waits ${VERDICT_WAIT_S_MAX} seconds`);
  return limits;
}

/** The collector's address without its last slash. Throws when it is none, or the key is missing. */
export function baseOf({ url, key }: Pick<ClientOptions, 'url' | 'key'>): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new TypeError('url is not an address: give the collector’s, such as https://collect.shop.example');
  if (typeof key !== 'string' || key.trim() === '')
    throw new TypeError('key is missing: give the secret key, such as process.env.ASSAY_SECRET_KEY');
  return url.replace(/\/+$/, '');
}
