import type { Json } from '../../event/event.ts';
import { isObject } from './json.ts';

export type FaultChannel = 'api' | 'pixel' | 'script';

const KINDS = {
  /** HTTP 200 with an error code, nothing stored (20001: see `partial`) */
  code: ['api', 'pixel'],
  /** a gateway's HTML page, nothing stored */
  http502: ['api', 'pixel', 'script'],
  /** no answer until the client leaves, nothing stored */
  hang: ['api', 'pixel', 'script'],
  /** everything stored, then the connection is cut */
  cutAfterAccept: ['api', 'pixel'],
  /** the connection is cut, nothing stored */
  cutBefore: ['api', 'pixel', 'script'],
  /** 20001: the good events are stored, the bad ones and those of `orders` are not */
  partial: ['api'],
} as const satisfies Record<string, readonly FaultChannel[]>;

export interface Fault {
  channel: FaultChannel;
  kind: keyof typeof KINDS;
  code: number;
  message: string | null;
  /** how many requests it still meets; null until cleared */
  times: number | null;
  /** the twin's time at which it ends */
  untilNow: number | null;
  /** places in the batch, from 0, that fail with `partial` whatever they hold */
  orders: number[];
}

/** A fault from the control API, or everything that is wrong with it. */
export function parseFault(body: Json | undefined): Fault | string[] {
  if (!isObject(body)) return ['the body must be a JSON object'];
  const problems: string[] = [];
  const { channel, kind, code = null, message = null, untilNow = null, orders = [], ...rest } = body;
  const times = rest['times'] === undefined ? (untilNow === null ? 1 : null) : rest['times'];
  for (const key of Object.keys(rest)) if (key !== 'times') problems.push(`${key}: unknown`);
  const kinds: Record<string, readonly string[]> = KINDS;
  const channels = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? kinds[kind] : undefined;
  if (!channels) problems.push(`kind: must be one of ${Object.keys(KINDS).join(', ')}`);
  else if (!channels.includes(String(channel))) problems.push(`channel: ${kind} takes ${channels.join(' or ')}`);
  if (kind === 'code' && !(Number.isSafeInteger(code) && Number(code) > 0))
    problems.push('code: must be a return code other than 0');
  if (message !== null && typeof message !== 'string') problems.push('message: must be a text');
  if (times !== null && !(Number.isSafeInteger(times) && Number(times) > 0))
    problems.push('times: must be a whole number from 1, or null');
  if (untilNow !== null && typeof untilNow !== 'number') problems.push('untilNow: must be a time in ms');
  if (!Array.isArray(orders) || !orders.every((order) => Number.isSafeInteger(order)))
    problems.push('orders: must be a list of places in the batch');
  if (problems.length > 0) return problems;
  return { channel, kind, code: kind === 'partial' ? 20001 : (code ?? 0), message, times, untilNow, orders } as Fault;
}

/** The fault that the next request over this channel meets, and the faults that are left after it. */
export function takeFault(
  faults: readonly Fault[],
  channel: FaultChannel,
  now: number,
): { fault?: Fault; left: Fault[] } {
  const live = faults.filter((fault) => fault.untilNow === null || now < fault.untilNow);
  const fault = live.find((one) => one.channel === channel);
  if (!fault) return { left: live };
  const used = fault.times === null ? fault : { ...fault, times: fault.times - 1 };
  return { fault, left: live.map((one) => (one === fault ? used : one)).filter((one) => one.times !== 0) };
}
