import { unreadRecord } from '../collection/unread.ts';
import type { Door } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { Journal } from '../store/journal.ts';
import type { Config } from './config.ts';
import { type Answered, type Asked, HttpProblem, problem } from './http.ts';
import { same } from './same.ts';
import type { Specs } from './specs.ts';

/** Skeletons of what was not ours are kept up to this rate; a flood of them says nothing more. */
const REFUSALS_A_SECOND_MAX = 20;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What every door asks of a request. A check that fails keeps the body's skeleton and throws the answer. */
export interface Checks {
  /** the page's origin is in the spec */
  origin(asked: Asked, raw: Buffer): Promise<void>;
  /** the body carries the write key */
  writeKey(body: unknown, raw: Buffer): Promise<void>;
  /** the header carries the secret key */
  secretKey(asked: Asked, raw: Buffer): Promise<void>;
  json(raw: Buffer, door: Door): Promise<unknown>;
  /** what a door read, or all that is wrong with it */
  shape<T>(read: Parsed<T>, raw: Buffer, door: Door): Promise<T>;
  refuse(raw: Buffer, reason: string, door: Door, answer: Answered): Promise<never>;
}

export function openChecks(around: {
  config: Pick<Config, 'writeKey' | 'secretKey'>;
  specs: Specs;
  journal: Pick<Journal, 'append'>;
  now(): number;
}): Checks {
  const { config, specs } = around;
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

  return {
    refuse,
    async origin(asked, raw) {
      const { origin } = asked.request.headers;
      if (origin !== undefined && specs.newest.sites.origins.includes(origin)) return;
      const says = 'This origin is not in the tracking spec. Add it to sites.origins.';
      await refuse(raw, 'origin_foreign', 'browser', problem(403, 'origin_foreign', says));
    },
    async writeKey(body, raw) {
      const key = typeof body === 'object' && body !== null && 'key' in body ? body.key : undefined;
      if (typeof key === 'string' && same(key, config.writeKey)) return;
      await keyUnknown(raw, 'browser', 'The write key is unknown.');
    },
    async secretKey(asked, raw) {
      const given = /^Bearer (.{1,512})$/.exec(asked.request.headers.authorization ?? '')?.[1];
      if (given !== undefined && same(given, config.secretKey)) return;
      await keyUnknown(raw, 'server', 'Send the secret key: Authorization: Bearer <key>.');
    },
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
