import type { BlockList } from 'node:net';
import { unreadRecord } from '../collection/unread.ts';
import type { Door } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { Journal } from '../store/journal.ts';
import { addressOf } from './address.ts';
import { type Answered, type Asked, HttpProblem, problem } from './http.ts';
import type { FoundKey, Keys } from './keys.ts';
import type { Limits } from './limits.ts';
import type { Specs } from './specs.ts';

/** Skeletons of what was not ours are kept up to this rate; a flood of them says nothing more. */
const REFUSALS_A_SECOND_MAX = 20;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

const HEADER_SAYS = {
  server: 'Send the secret key: Authorization: Bearer <key>.',
  import: 'Send an import key, or the secret key: Authorization: Bearer <key>.',
};
const SCHEME = 'Bearer ';
const NO_BODY = Buffer.alloc(0);

/** What every door asks of a request. A check that fails keeps the body's skeleton and throws the answer. */
export interface Checks {
  /** the page's origin is in the spec, and its visitor's address is not too fast */
  origin(asked: Asked, raw: Buffer): Promise<void>;
  /** the body carries a write key */
  writeKey(body: unknown, raw: Buffer): Promise<FoundKey>;
  /** the header carries a secret key */
  secretKey(asked: Asked, raw: Buffer): Promise<FoundKey>;
  /** the header carries a key for imports, or a secret one */
  importKey(asked: Asked, raw: Buffer): Promise<FoundKey>;
  /** the address is not too fast for a door without a key */
  flood(asked: Asked, door?: Door): Promise<void>;
  json(raw: Buffer, door: Door): Promise<unknown>;
  /** what a door read, or all that is wrong with it */
  shape<T>(read: Parsed<T>, raw: Buffer, door: Door): Promise<T>;
  refuse(raw: Buffer, reason: string, door: Door, answer: Answered): Promise<never>;
}

export function openChecks(around: {
  keys: Pick<Keys, 'find'>;
  limits: Limits;
  specs: Specs;
  journal: Pick<Journal, 'append'>;
  trusted: BlockList;
  now(): number;
}): Checks {
  let refusals = { second: 0, count: 0 };

  async function end(
    raw: Buffer,
    reason: string,
    verdict: 'quarantined' | 'refused',
    door: Door,
    answer: Answered,
  ): Promise<never> {
    const now = around.now();
    const second = Math.floor(now / 1000);
    refusals = refusals.second === second ? { second, count: refusals.count + 1 } : { second, count: 1 };
    if (refusals.count <= REFUSALS_A_SECOND_MAX)
      await around.journal.append([unreadRecord(raw, reason, verdict, door, now)]);
    throw new HttpProblem(answer);
  }

  const refuse: Checks['refuse'] = (raw, reason, door, answer) => end(raw, reason, 'refused', door, answer);
  const keyUnknown = (raw: Buffer, door: Door, says: string): Promise<never> =>
    refuse(raw, 'key_unknown', door, problem(401, 'key_unknown', says));

  /** Nothing was taken yet, so nothing is lost by coming again. */
  function tooFast(raw: Buffer, door: Door, waitS: number): Promise<never> {
    const answer = problem(429, 'rate_limited', 'Too many requests. Nothing was taken: send it again later.', [], {
      'retry-after': String(waitS),
    });
    return refuse(raw, 'rate_limited', door, answer);
  }

  /** A key in the header. An address that goes on giving wrong ones is not told whether the next one is right. */
  async function bearer(asked: Asked, raw: Buffer, role: 'server' | 'import'): Promise<FoundKey> {
    const { keys, limits, trusted } = around;
    const barredS = limits.suspects() ? limits.barred(addressOf(asked.request, trusted)) : 0;
    if (barredS > 0) return tooFast(raw, role, barredS);
    const { authorization } = asked.request.headers;
    const key = authorization?.startsWith(SCHEME) ? keys.find(authorization.slice(SCHEME.length), role) : undefined;
    if (!key) {
      limits.wrongKey(addressOf(asked.request, trusted));
      return keyUnknown(raw, role, HEADER_SAYS[role]);
    }
    const waitS = limits.key(key.id);
    return waitS > 0 ? tooFast(raw, role, waitS) : key;
  }

  async function flood(asked: Asked, raw: Buffer, door: Door): Promise<void> {
    const waitS = around.limits.address(addressOf(asked.request, around.trusted));
    if (waitS > 0) await tooFast(raw, door, waitS);
  }

  return {
    refuse,
    async origin(asked, raw) {
      await flood(asked, raw, 'browser');
      const { origin } = asked.request.headers;
      if (origin !== undefined && around.specs.newest.sites.origins.includes(origin)) return;
      const says = 'This origin is not in the tracking spec. Add it to sites.origins.';
      await refuse(raw, 'origin_foreign', 'browser', problem(403, 'origin_foreign', says));
    },
    async writeKey(body, raw) {
      const given = typeof body === 'object' && body !== null && 'key' in body ? body.key : undefined;
      const key = typeof given === 'string' ? around.keys.find(given, 'browser') : undefined;
      return key ?? keyUnknown(raw, 'browser', 'The write key is unknown.');
    },
    secretKey: (asked, raw) => bearer(asked, raw, 'server'),
    importKey: (asked, raw) => bearer(asked, raw, 'import'),
    flood: (asked, door = 'browser') => flood(asked, NO_BODY, door),
    async json(raw, door) {
      try {
        return JSON.parse(UTF8.decode(raw)) as unknown;
      } catch {
        const answer = problem(400, 'body_not_json', 'The body is not JSON in UTF-8.');
        return end(raw, 'body_not_json', 'quarantined', door, answer);
      }
    },
    async shape(read, raw, door) {
      if (read.ok) return read.value;
      const says = 'The body has not the shape of this door. Nothing was taken.';
      return end(raw, 'body_shape', 'quarantined', door, problem(422, 'body_shape', says, read.problems));
    },
  };
}
