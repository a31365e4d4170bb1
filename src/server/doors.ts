import type { BlockList } from 'node:net';
import { orderEventId } from '../admission/normalise.ts';
import type { OrderReceipt } from '../api/wire.ts';
import { browserRecords, type Facts } from '../collection/browser.ts';
import { capabilityOf } from '../collection/capability.ts';
import { orderRecord } from '../collection/orders.ts';
import { serverRecords } from '../collection/server.ts';
import { sitesOf } from '../collection/tell.ts';
import { unreadRecord } from '../collection/unread.ts';
import { PROVIDERS } from '../collection/webhooks/providers.ts';
import type { Door } from '../event/event.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Handouts } from '../transport/handout.ts';
import { addressOf } from './address.ts';
import type { Script } from './assets.ts';
import { openChecks } from './checks.ts';
import type { Config } from './config.ts';
import { forPages, preflight } from './cors.ts';
import { type Answered, type Asked, problem, type Route, readBody } from './http.ts';
import { openReceipts } from './receipts.ts';
import type { Specs } from './specs.ts';

export const BROWSER_BYTES_MAX = 256 * 1024;
export const SERVER_BYTES_MAX = 2 * 1024 * 1024;
export const ORDER_BYTES_MAX = 128 * 1024;
export const HOOK_BYTES_MAX = 512 * 1024;
const HANDOUT_WAIT_S_MAX = 25;

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
  const { config, specs, handouts } = parts;
  const origins = (): readonly string[] => specs.newest.sites.origins;
  const check = openChecks(parts);
  const receipts = openReceipts({ ...parts, secret: config.secretKey });

  const facts = (asked: Asked, keyId: string): Facts => ({
    receivedAt: parts.now(),
    keyId,
    ip: addressOf(asked.request, parts.trusted),
    userAgent: (asked.request.headers['user-agent'] ?? '').slice(0, 1024),
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
    preflight(origins, '/v1/events'),
    preflight(origins, '/v1/orders'),
    preflight(origins, '/v1/handouts/:capability'),
    forPages(origins, {
      method: 'POST',
      path: '/v1/events',
      async answer(asked) {
        const raw = await readBody(asked.request, BROWSER_BYTES_MAX);
        await check.origin(asked, raw);
        const body = await check.json(raw, 'browser');
        await check.writeKey(body, raw);
        const read = browserRecords(body, facts(asked, config.writeKey), sitesOf(specs.newest));
        const records = await check.shape(read, raw, 'browser');
        return receipts.answer(await receipts.write(records), records.length, asked);
      },
    }),
    {
      method: 'POST',
      path: '/v1/server/events',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const read = serverRecords(body, facts(asked, 'server'), sitesOf(specs.newest));
        const records = await check.shape(read, raw, 'server');
        return receipts.answer(await receipts.write(records), records.length, asked);
      },
    },
    forPages(origins, {
      method: 'POST',
      path: '/v1/orders',
      async answer(asked) {
        const raw = await readBody(asked.request, ORDER_BYTES_MAX);
        const door = asked.request.headers.authorization === undefined ? 'browser' : 'server';
        await (door === 'server' ? check.secretKey(asked, raw) : check.origin(asked, raw));
        const body = await check.json(raw, door);
        if (door === 'browser') await check.writeKey(body, raw);
        const read = orderRecord(body, door, facts(asked, door), sitesOf(specs.newest));
        const { record, orderId, capability } = await check.shape(read, raw, door);
        const answer: OrderReceipt = {
          receipt: await receipts.write([record]),
          order_id: orderId,
          event_id: orderEventId(specs.newest.business.id, orderId),
          handout: capability,
        };
        return { status: 201, json: answer };
      },
    }),
    forPages(origins, {
      method: 'GET',
      path: '/v1/handouts/:capability',
      async answer({ parameters, url, gone }) {
        const wait = Math.min(HANDOUT_WAIT_S_MAX, Math.max(0, Number(url.searchParams.get('wait')) || 0));
        const answer = await handouts.ask(capabilityOf(parameters['capability'] ?? ''), wait * 1000, gone);
        return answer ? { status: 200, json: answer } : nothingHere();
      },
    }),
    {
      method: 'POST',
      path: '/v1/hooks/:provider',
      async answer({ request, parameters }) {
        const raw = await readBody(request, HOOK_BYTES_MAX);
        const provider = PROVIDERS.get(parameters['provider'] ?? '');
        const door: Door = `webhook:${provider?.name ?? 'unknown'}`;
        const receivedAt = parts.now();
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name, [value].flat()[0]]),
        );
        const read = provider?.read({ headers, raw, receivedAt }, config.webhookSecrets);
        if (!read || read.kind === 'refused') {
          const answer = problem(401, 'signature_wrong', 'The signature does not hold.');
          return check.refuse(raw, read?.reason ?? 'signature_wrong', door, answer);
        }
        const record: NewRecord =
          read.kind === 'payment'
            ? { kind: 'payment', door, keyId: door, receivedAt, body: { ...read.payment }, personal: null }
            : unreadRecord(raw, read.reason, 'quarantined', door, receivedAt);
        return { status: 202, json: { receipt: await receipts.write([record]), accepted: 1 } };
      },
    },
    {
      method: 'GET',
      path: '/v1/receipts/:id',
      async answer({ parameters }) {
        const answer = await receipts.verdicts(parameters['id'] ?? '', 0);
        return answer ? { status: 200, json: answer } : nothingHere();
      },
    },
  ];
}

/** One answer for all that is unknown: a guess learns nothing. */
function nothingHere(): Answered {
  return problem(404, 'not_found', 'There is nothing at this address.');
}
