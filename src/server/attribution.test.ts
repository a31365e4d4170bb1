import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { KEY, tellServer } from '../../test/door.ts';
import { HOOK_SECRET, startTestServer, type TestServer } from '../../test/server.ts';
import type { AttributionAnswer } from '../api/attribution.ts';
import { forgetWarehouse } from '../attribution/open.ts';
import type { AttributionState } from '../attribution/worker.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { temporaryFolder } from '../store/test-folder.ts';
import { readOperator } from './operator.ts';

const TIKTOK = 'http://127.0.0.1:9';

test('an order through the doors is credited to the click that brought its visitor, and a refund is taken off', async (t) => {
  const server = await start(t);
  await visit(server, 'v-1', 'E.C.P.1');
  await order(server, '10045', 'v-1');
  await until(server, ({ nobody, earned }) => earned.conversions + nobody.conversions === 0, 'nothing is confirmed');
  await hook(server, 'payment.succeeded', { payment_id: 'p-1', order_id: '10045', amount: '59.90', currency: 'EUR' });
  const { rows, totals, statement } = await until(server, ({ earned }) => earned.conversions === 1, 'it is paid');
  assert.equal(totals.earned.value.amount, '59.90');
  assert.deepEqual([statement.role, statement.model, statement.windows.click], ['standing', 'last', '7d']);
  assert.deepEqual(
    rows.map(({ channel, campaign, earned }) => [channel, campaign, earned.conversions]),
    [['tiktok / paid', 'Spring', 1]],
  );
  await hook(server, 'payment.refunded', {
    ...{ refund_id: 'r-1', payment_id: 'p-1', order_id: '10045', amount: '9.90', currency: 'EUR' },
  });
  await until(server, ({ earned }) => earned.net.amount === '50.00', 'it is refunded in part');
});

test('another model is asked for and computed, beside the figures that stand', async (t) => {
  const server = await start(t);
  await visit(server, 'v-1', 'E.C.P.1');
  await visit(server, 'v-1', 'E.C.P.2');
  await tellServer(server.publicUrl, '/v1/server/events', {
    events: [{ event: 'CompleteRegistration', event_id: 'r-1', time: now(), ...by('v-1') }],
  });
  await until(server, ({ earned }) => earned.conversions === 1, 'it is credited');
  const linear = await report(server, '&model=linear');
  assert.deepEqual([linear.statement.role, linear.statement.model], ['asked', 'linear']);
  assert.equal(linear.totals.earned.conversions, 1);
});

test('a server that starts again has its figures, and one whose warehouse is gone makes them anew', async (t) => {
  const server = await start(t);
  await visit(server, 'v-1', 'E.C.P.1');
  await order(server, '10045', 'v-1');
  await hook(server, 'payment.succeeded', { payment_id: 'p-1', order_id: '10045', amount: '59.90', currency: 'EUR' });
  await until(server, ({ earned }) => earned.conversions === 1, 'it is paid');
  const second = await server.again();
  await until(second, ({ earned }) => earned.conversions === 1, 'it started again');
  const third = await second.again(forgetWarehouse);
  await until(third, ({ earned }) => earned.conversions === 1, 'it was made anew');
  await state(third, (so) => so.state === 'follows');
});

test('a warehouse that cannot be opened is said and tried again, and stops nothing else', async (t) => {
  const server = await start(t);
  const blocked = await server.again((folder) => {
    forgetWarehouse(folder);
    writeFileSync(join(folder, 'warehouse'), 'in the way');
  });
  await state(blocked, ({ state, why }) => state === 'waits' && why !== undefined);
  assert.equal((await fetch(`${blocked.adminUrl}/readyz`)).status, 200);
  assert.ok(
    blocked.log.some((line) => line.startsWith('attribution waits: ')),
    blocked.log.join('\n'),
  );
  await visit(blocked, 'v-1', 'E.C.P.1');
  const answer = await ask(blocked);
  assert.deepEqual([answer.status, ((await answer.json()) as { code: string }).code], [503, 'attribution_not_ready']);
  rmSync(join(blocked.data, 'warehouse'));
  await state(blocked, ({ state }) => state === 'follows');
  assert.ok(
    blocked.log.some((line) => line.includes('attribution goes on')),
    blocked.log.join('\n'),
  );
});

interface Started extends TestServer {
  /** its store, which stays until the test ends */
  data: string;
  /** Stops it, and starts another one on the same store; `between` runs while none does. */
  again(between?: (folder: string) => void): Promise<Started>;
}

async function start(t: TestContext, folder?: string): Promise<Started> {
  const data = folder ?? (await temporaryFolder(t));
  const specFile = join(data, 'tracking.yaml');
  if (!folder) writeFileSync(specFile, DEFAULT_TRACKING_YAML);
  const server = await startTestServer(TIKTOK, { dataFolder: data, specFile });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.stop());
  t.after(stop);
  return {
    ...server,
    ...{ data, stop },
    async again(between = () => undefined) {
      await stop();
      between(data);
      return start(t, data);
    },
  };
}

const PAGE = { url: 'https://shop.example/' };
const now = (): number => Math.floor(Date.now() / 1000);
const by = (visitor: string): object => ({
  ...{ visitor, session: 's-1', consent: 'granted' },
  ...{ page: PAGE, user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0' } },
});

async function visit(server: Started, visitor: string, ttclid: string): Promise<void> {
  const page = { url: `https://shop.example/?ttclid=${ttclid}&utm_source=tiktok&utm_campaign=Spring` };
  const ad = { utm_source: 'tiktok', utm_campaign: 'Spring' };
  await tellServer(server.publicUrl, '/v1/server/events', {
    events: [{ event: 'Contact', event_id: ttclid, time: now(), ...by(visitor), page, ad }],
  });
}

async function order(server: Started, orderId: string, visitor: string): Promise<void> {
  const body = {
    order_id: orderId,
    value: '59.90',
    currency: 'EUR',
    contents: [{ content_id: 'a', quantity: 1 }],
    ...by(visitor),
  };
  const answer = await fetch(`${server.publicUrl}/v1/orders`, {
    method: 'POST',
    headers: KEY,
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.text());
}

async function hook(server: Started, type: string, data: Record<string, string>): Promise<void> {
  const at = new Date();
  const id = `${type}-${data['order_id']}`;
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(HOOK_SECRET).sign(id, at, body),
  };
  const answer = await fetch(`${server.publicUrl}/v1/hooks/standard`, { method: 'POST', headers, body });
  assert.ok(answer.ok, await answer.text());
}

function ask({ adminUrl, data }: Started, more = ''): Promise<Response> {
  const headers = { authorization: `Bearer ${readOperator(data)?.token}` };
  return fetch(`${adminUrl}/v1/reports/attribution?by=campaign${more}`, { headers });
}

async function report(server: Started, more = ''): Promise<AttributionAnswer> {
  const answer = await ask(server, more);
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as AttributionAnswer;
}

/** The report once its totals are as they have to become. */
async function until(
  server: Started,
  isSo: (totals: AttributionAnswer['totals']) => boolean,
  what: string,
): Promise<AttributionAnswer> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask(server);
    const told = (await answer.json()) as AttributionAnswer;
    if (answer.status === 200 && isSo(told.totals)) return told;
    await sleep(50);
  }
  assert.fail(`${what}, and no report says so: ${JSON.stringify(await report(server))}`);
}

async function state(server: Started, isSo: (state: AttributionState) => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { warehouse } = (await (await fetch(`${server.adminUrl}/readyz`)).json()) as { warehouse: AttributionState };
    if (isSo(warehouse)) return;
    await sleep(50);
  }
  assert.fail(await (await fetch(`${server.adminUrl}/readyz`)).text());
}
