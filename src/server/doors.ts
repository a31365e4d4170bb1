import { createHash, timingSafeEqual } from 'node:crypto';
import type { BlockList } from 'node:net';
import { orderEventId } from '../admission/normalise.ts';
import { browserRecords, type Facts } from '../collection/browser.ts';
import { capabilityOf } from '../collection/capability.ts';
import { orderRecord } from '../collection/orders.ts';
import { readReceipt, receiptOf } from '../collection/receipt.ts';
import { serverRecords } from '../collection/server.ts';
import { sitesOf } from '../collection/tell.ts';
import { unreadRecord } from '../collection/unread.ts';
import { PROVIDERS } from '../collection/webhooks/providers.ts';
import type { Door, JsonObject } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { ToldPayment } from '../event/told.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Handouts } from '../transport/handout.ts';
import { addressOf } from './address.ts';
import type { Script } from './assets.ts';
import type { Config } from './config.ts';
import { type Answered, type Asked, HttpProblem, problem, type Route, readBody } from './http.ts';
import type { Specs } from './specs.ts';

export const BROWSER_BYTES_MAX = 256 * 1024;
export const SERVER_BYTES_MAX = 2 * 1024 * 1024;
export const ORDER_BYTES_MAX = 128 * 1024;
export const HOOK_BYTES_MAX = 512 * 1024;
/** Skeletons of what was not ours are kept up to this rate; a flood of them says nothing more. */
const REFUSALS_A_SECOND_MAX = 20;
const HANDOUT_WAIT_S_MAX = 25;
const VERDICT_WAIT_S_MAX = 10;

export interface DoorParts {
  config: Config;
  specs: Specs;
  journal: Pick<Journal, 'append'>;
  reader: LedgerReader;
  handouts: Handouts;
  trusted: BlockList;
  /** the SDK's script, ready to serve */
  script(): Script;
  /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
  committed(seq: number, waitMs: number): Promise<void>;
  now(): number;
}

/** The public listener: authenticate, bound, hash, write down, answer. Nothing else happens in a request. */
export function doorRoutes(parts: DoorParts): Route[] {
  const { config, specs } = parts;
  const secret = config.secretKey;
  let refusals = { second: 0, count: 0 };

  const facts = (asked: Asked, keyId: string): Facts => ({
    receivedAt: parts.now(),
    keyId,
    ip: addressOf(asked.request, parts.trusted),
    userAgent: (asked.request.headers['user-agent'] ?? '').slice(0, 1024),
  });

  /** Keeps the skeleton of what could not be read, then answers. */
  async function refuse(
    raw: Buffer,
    reason: string,
    verdict: 'quarantined' | 'refused',
    door: Door,
    answer: Answered,
  ): Promise<never> {
    const now = parts.now();
    const second = Math.floor(now / 1000);
    refusals = refusals.second === second ? { second, count: refusals.count + 1 } : { second, count: 1 };
    if (refusals.count <= REFUSALS_A_SECOND_MAX)
      await parts.journal.append([unreadRecord(raw, reason, verdict, door, now)]);
    throw new HttpProblem(answer);
  }

  async function json(raw: Buffer, door: Door): Promise<unknown> {
    try {
      return JSON.parse(UTF8.decode(raw)) as unknown;
    } catch {
      return refuse(
        raw,
        'body_not_json',
        'quarantined',
        door,
        problem(400, 'body_not_json', 'The body is not JSON in UTF-8.'),
      );
    }
  }

  async function taken<T>(read: Parsed<T>, raw: Buffer, door: Door): Promise<T> {
    if (read.ok) return read.value;
    const answer = problem(
      422,
      'body_shape',
      'The body has not the shape of this door. Nothing was taken.',
      read.problems,
    );
    return refuse(raw, 'body_shape', 'quarantined', door, answer);
  }

  /** The origin of a page that may speak here; anything else is refused. */
  async function originOf(asked: Asked, raw: Buffer): Promise<string> {
    const origin = asked.request.headers.origin;
    if (origin !== undefined && specs.newest.sites.origins.includes(origin)) return origin;
    return refuse(
      raw,
      'origin_foreign',
      'refused',
      'browser',
      problem(403, 'origin_foreign', 'This origin is not in the tracking spec. Add it to sites.origins.'),
    );
  }

  async function writeKey(key: unknown, raw: Buffer): Promise<void> {
    if (typeof key === 'string' && same(key, config.writeKey)) return;
    await refuse(raw, 'key_unknown', 'refused', 'browser', problem(401, 'key_unknown', 'The write key is unknown.'));
  }

  async function secretKey(asked: Asked, raw: Buffer): Promise<void> {
    const given = /^Bearer (.{1,512})$/.exec(asked.request.headers.authorization ?? '')?.[1];
    if (given !== undefined && same(given, secret)) return;
    await refuse(
      raw,
      'key_unknown',
      'refused',
      'server',
      problem(401, 'key_unknown', 'Send the secret key: Authorization: Bearer <key>.'),
    );
  }

  async function write(records: NewRecord[]): Promise<string> {
    if (records.length === 0) return '';
    return receiptOf(secret, await parts.journal.append(records), records.length);
  }

  async function receiptAnswer(
    receipt: string,
    accepted: number,
    asked: Asked,
    headers: Record<string, string>,
  ): Promise<Answered> {
    const wait = Number(/(?:^|[,; ])wait=(\d{1,3})/.exec(String(asked.request.headers['prefer'] ?? ''))?.[1] ?? 0);
    if (wait === 0 || receipt === '') return { status: 202, json: { receipt, accepted }, headers };
    return { status: 202, json: { receipt, accepted, ...(await verdictsOf(receipt, wait)) }, headers };
  }

  async function verdictsOf(receipt: string, waitS: number): Promise<object | undefined> {
    const range = readReceipt(secret, receipt);
    if (!range) return undefined;
    const last = range.first + range.count - 1;
    if (waitS > 0) await parts.committed(last, Math.min(waitS, VERDICT_WAIT_S_MAX) * 1000);
    const verdicts = await parts.reader.verdicts(range.first, last);
    const { events } = await parts.reader.load({ events: verdicts.flatMap((row) => row.event ?? []), orders: [] });
    const idOf = new Map(events.map((event) => [event.seq, event.eventId]));
    return {
      pending: range.count - verdicts.length,
      records: verdicts.map((row) => {
        const eventId = row.event === undefined ? undefined : idOf.get(row.event);
        return {
          seq: row.seq,
          verdict: row.verdict,
          reasons: row.reasons,
          ...(row.problems ? { problems: row.problems } : {}),
          ...(eventId === undefined ? {} : { event_id: eventId }),
        };
      }),
    };
  }

  const allowed = (asked: Asked): Record<string, string> => {
    const origin = asked.request.headers.origin;
    return origin !== undefined && specs.newest.sites.origins.includes(origin) ? cors(origin) : {};
  };
  const preflight = (path: string): Route => ({
    method: 'OPTIONS',
    path,
    answer: (asked) => ({ status: 204, text: '', type: 'text/plain', headers: allowed(asked) }),
  });

  return [
    {
      method: 'GET',
      path: '/a.js',
      answer: ({ request }) => {
        const gzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
        return {
          status: 200,
          text: gzip ? parts.script().gzip : parts.script().text,
          type: 'text/javascript',
          headers: {
            // A page may run an hour on an older spec; its events carry the version.
            'cache-control': 'public, max-age=300, stale-while-revalidate=3600',
            'access-control-allow-origin': '*',
            'cross-origin-resource-policy': 'cross-origin',
            vary: 'accept-encoding',
            ...(gzip ? { 'content-encoding': 'gzip' } : {}),
          },
        };
      },
    },
    { method: 'GET', path: '/healthz', answer: () => ({ status: 200, json: { ok: true } }) },
    preflight('/v1/events'),
    preflight('/v1/orders'),
    preflight('/v1/handouts/:capability'),
    {
      method: 'POST',
      path: '/v1/events',
      async answer(asked) {
        const raw = await readBody(asked.request, BROWSER_BYTES_MAX);
        const origin = await originOf(asked, raw);
        const body = await json(raw, 'browser');
        await writeKey(fieldOf(body, 'key'), raw);
        const records = await taken(
          browserRecords(body, facts(asked, config.writeKey), sitesOf(specs.newest)),
          raw,
          'browser',
        );
        return receiptAnswer(await write(records), records.length, asked, cors(origin));
      },
    },
    {
      method: 'POST',
      path: '/v1/server/events',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        await secretKey(asked, raw);
        const body = await json(raw, 'server');
        const records = await taken(serverRecords(body, facts(asked, 'server'), sitesOf(specs.newest)), raw, 'server');
        return receiptAnswer(await write(records), records.length, asked, {});
      },
    },
    {
      method: 'POST',
      path: '/v1/orders',
      async answer(asked) {
        const raw = await readBody(asked.request, ORDER_BYTES_MAX);
        const server = asked.request.headers.authorization !== undefined;
        const door = server ? 'server' : 'browser';
        const headers = server ? {} : cors(await originOf(asked, raw));
        if (server) await secretKey(asked, raw);
        const body = await json(raw, door);
        if (!server) await writeKey(fieldOf(body, 'key'), raw);
        const told = await taken(orderRecord(body, door, facts(asked, door), sitesOf(specs.newest)), raw, door);
        const receipt = await write([told.record]);
        const answer = {
          receipt,
          order_id: told.orderId,
          event_id: orderEventId(specs.newest.business.id, told.orderId),
          handout: told.capability,
        };
        return { status: 201, json: answer, headers };
      },
    },
    {
      method: 'GET',
      path: '/v1/handouts/:capability',
      async answer(asked) {
        const headers = allowed(asked);
        const wait = Math.min(HANDOUT_WAIT_S_MAX, Math.max(0, Number(asked.url.searchParams.get('wait')) || 0));
        const answer = await parts.handouts.ask(
          capabilityOf(asked.parameters['capability'] ?? ''),
          wait * 1000,
          asked.gone,
        );
        return answer
          ? { status: 200, json: answer, headers }
          : problem(404, 'not_found', 'There is nothing at this address.', [], headers);
      },
    },
    {
      method: 'POST',
      path: '/v1/hooks/:provider',
      async answer(asked) {
        const raw = await readBody(asked.request, HOOK_BYTES_MAX);
        const provider = PROVIDERS.get(asked.parameters['provider'] ?? '');
        const door: Door = `webhook:${provider?.name ?? 'unknown'}`;
        const receivedAt = parts.now();
        const headers = Object.fromEntries(
          Object.entries(asked.request.headers).map(([name, value]) => [name, [value].flat()[0]]),
        );
        const read =
          provider?.read({ headers, raw, receivedAt }, config.webhookSecrets) ??
          ({ kind: 'refused', reason: 'signature_wrong' } as const);
        if (read.kind === 'refused')
          return refuse(
            raw,
            read.reason,
            'refused',
            door,
            problem(401, 'signature_wrong', 'The signature does not hold.'),
          );
        const record: NewRecord =
          read.kind === 'payment'
            ? { kind: 'payment', door, keyId: door, receivedAt, body: bodyOf(read.payment), personal: null }
            : unreadRecord(raw, read.reason, 'quarantined', door, receivedAt);
        return { status: 202, json: { receipt: await write([record]), accepted: 1 } };
      },
    },
    {
      method: 'GET',
      path: '/v1/receipts/:id',
      async answer(asked) {
        const answer = await verdictsOf(asked.parameters['id'] ?? '', 0);
        return answer ? { status: 200, json: answer } : problem(404, 'not_found', 'There is nothing at this address.');
      },
    },
  ];
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A payment's words, without the fields that are not there. */
function bodyOf(payment: ToldPayment): JsonObject {
  return { ...payment } as unknown as JsonObject;
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name)
    ? (body as Record<string, unknown>)[name]
    : undefined;
}

/** Equal texts, compared in a time that does not depend on where they differ. */
export function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function cors(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}
