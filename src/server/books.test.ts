import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { LeadsAnswer, OrdersAnswer } from '../api/books.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import type { Effects } from '../store/effects.ts';
import type { Ledger } from '../store/ledger.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { dispatchRow, effectsOf, entryRow, eventRow, leadRow, orderRow, specRow } from '../store/sample-rows.ts';
import { adminRoutes } from './admin.ts';
import { bookRoutes } from './books.ts';
import { listen } from './http.ts';
import { Specs } from './specs.ts';

const NOW = Date.parse('2026-11-22T22:48:18.500Z');
const at = (text: string): number => Date.parse(text);

const step = { status: 'new', at: at('2026-11-20T10:00:00Z'), receivedAt: at('2026-11-20T10:00:01Z'), by: 'server' };
const books = {
  events: [eventRow(1, { orderId: '10045' })],
  dispatches: [
    dispatchRow(1, { state: 'delivered', why: 'accepted' }),
    dispatchRow(1, { leg: 'pixel', state: 'unknown', why: 'fired_by_page' }),
  ],
  orders: [
    orderRow('10045', {
      ...{ event: 1, status: 'paid', createdBy: 'server', createdAt: at('2026-11-21T22:59:59.999Z') },
      ...{ confirmedAt: at('2026-11-21T23:01:00Z'), net: '59.90 EUR', visitor: 'v1' },
      lostSession: {
        from: 'shop.example',
        to: 'pay.example',
        how: 'otherVisitor',
        seq: 1,
        at: at('2026-11-21T23:02:00Z'),
      },
    }),
    orderRow('10046', {
      ...{ status: 'lost', createdBy: 'webhook', createdAt: at('2026-11-21T23:00:00Z'), origin: 'system' },
      ...{ total: '500 JPY', net: '-500 JPY', otherNets: ['1.250 KWD'] },
    }),
    { ...orderRow('=phone', { status: 'orphan' }), net: '10.00 EUR' },
  ],
  entries: [
    entryRow('10045', 'pay-1', { provider: 'stripe', occurredAt: at('2026-11-21T23:01:00Z'), seq: 2 }),
    entryRow('10046', 'd,1', { kind: 'disputeLost', occurredAt: at('2026-11-22T08:00:00Z'), seq: 4 }),
    entryRow('=phone', 'pay-9', { amount: '10.00 EUR', occurredAt: at('2026-11-20T08:00:00Z'), seq: 3 }),
  ],
  leads: [
    leadRow('L-1', {
      ...{ status: 'qualified', value: '40.00 EUR', visitor: 'v1', properties: { form: '=contact' } },
      ...{ createdAt: step.at, changedAt: at('2026-11-21T10:00:00Z') },
      steps: [
        { ...step, seq: 5, event: 5 },
        {
          ...step,
          status: 'qualified',
          at: at('2026-11-21T10:00:00Z'),
          by: 'webhook:hubspot',
          seq: 6,
          unsent: 'known',
          reversal: true,
        },
      ],
    }),
    leadRow('L-2', { source: 'crm', createdAt: at('2026-11-22T00:00:00Z'), steps: [{ ...step, seq: 7 }] }),
  ],
} satisfies Partial<Effects>;
// Without a total: nobody told the order.
delete books.orders[2]?.total;

let shared: Serving;
before(async () => {
  shared = await serve(books);
});
after(() => shared.close());

test('orders come newest first, with their facts, their legs and what all of them come to', async () => {
  const { get } = shared;
  const answer = await get<OrdersAnswer>('/v1/reports/orders');
  assert.deepEqual(answer, {
    ...{ asOf: NOW, specVersion: 1, timezone: 'Europe/Berlin' },
    totals: [
      { status: 'lost', count: 1, total: jpy('500'), net: jpy('-500') },
      {
        status: 'lost',
        count: 0,
        total: { amount: '0.000', currency: 'KWD' },
        net: { amount: '1.250', currency: 'KWD' },
      },
      { status: 'orphan', count: 1, total: eur('0.00'), net: eur('10.00') },
      { status: 'paid', count: 1, total: eur('59.90'), net: eur('59.90') },
    ],
    marks: [
      { kind: 'currency', name: 'EUR', orders: 2 },
      { kind: 'currency', name: 'JPY', orders: 1 },
      { kind: 'currency', name: 'KWD', orders: 1 },
      { kind: 'provider', name: 'stripe', orders: 1 },
      { kind: 'session', name: 'lost', orders: 1 },
      { kind: 'shop', name: 'demo', orders: 3 },
    ],
    orders: [
      {
        ...{
          order_id: '10046',
          shop: 'demo',
          status: 'lost',
          createdAt: at('2026-11-21T23:00:00Z'),
          createdBy: 'webhook',
        },
        ...{ confirmedAt: null, origin: 'system', total: jpy('500'), net: jpy('-500') },
        ...{ otherNets: [{ amount: '1.250', currency: 'KWD' }], visitor: null, legs: [] },
        lostSession: null,
        entries: [
          {
            ...{ reference: 'd,1', fact: 'disputeLost', amount: eur('59.90'), provider: null },
            ...{ occurredAt: at('2026-11-22T08:00:00Z'), seq: 4 },
          },
        ],
      },
      {
        ...{
          order_id: '10045',
          shop: 'demo',
          status: 'paid',
          createdAt: at('2026-11-21T22:59:59.999Z'),
          createdBy: 'server',
        },
        ...{ confirmedAt: at('2026-11-21T23:01:00Z'), origin: 'visitor', total: eur('59.90'), net: eur('59.90') },
        ...{ otherNets: [], visitor: 'v1' },
        lostSession: {
          says: 'the session was lost between shop.example and pay.example, which named another visitor',
          ...{ from: 'shop.example', to: 'pay.example', how: 'otherVisitor', seq: 1, at: at('2026-11-21T23:02:00Z') },
        },
        legs: [
          { destination: 'main', leg: 'api', state: 'delivered', why: 'accepted' },
          { destination: 'main', leg: 'pixel', state: 'unknown', why: 'fired_by_page' },
        ],
        entries: [
          {
            ...{ reference: 'pay-1', fact: 'payment', amount: eur('59.90'), provider: 'stripe' },
            ...{ occurredAt: at('2026-11-21T23:01:00Z'), seq: 2 },
          },
        ],
      },
      {
        ...{ order_id: '=phone', shop: 'demo', status: 'orphan', createdAt: null, createdBy: null, confirmedAt: null },
        ...{ origin: 'visitor', total: null, net: eur('10.00'), otherNets: [], visitor: null, legs: [] },
        lostSession: null,
        entries: [
          {
            ...{ reference: 'pay-9', fact: 'payment', amount: eur('10.00'), provider: null },
            ...{ occurredAt: at('2026-11-20T08:00:00Z'), seq: 3 },
          },
        ],
      },
    ],
  });
});

test('leads come newest first, with their steps, the ladder and what all of them come to', async () => {
  const { get } = shared;
  const { leads, ...answer } = await get<LeadsAnswer>('/v1/reports/leads');
  assert.deepEqual(answer, {
    ...{ asOf: NOW, specVersion: 1, timezone: 'Europe/Berlin' },
    ladder: [
      { status: 'new', value: null, event: 'SubmitApplication' },
      { status: 'qualified', value: eur('40.00'), event: 'Lead' },
      { status: 'approved', value: eur('120.00'), event: 'ApplicationApproval' },
      { status: 'rejected', value: null, event: null },
    ],
    totals: [
      { status: 'new', count: 1, value: null },
      { status: 'qualified', count: 1, value: eur('40.00') },
    ],
    ageingDays: [1, 3, 7, 30],
    ageing: [
      { status: 'new', leads: [0, 0, 0, 0, 1] },
      { status: 'qualified', leads: [0, 1, 0, 0, 0] },
    ],
    ...{ freeze: null, attempt: null, breaks: [] },
  });
  assert.deepEqual(
    leads.map(({ lead_id }) => lead_id),
    ['L-2', 'L-1'],
  );
  assert.deepEqual(leads[1], {
    ...{ lead_id: 'L-1', status: 'qualified', value: eur('40.00'), createdAt: step.at, source: 'web', visitor: 'v1' },
    ...{ changedAt: at('2026-11-21T10:00:00Z'), properties: { form: '=contact' }, steps: books.leads[0]?.steps },
  });
});

const narrowed = `
  orders?status=paid                           10045
  orders?status=refunded                       -
  orders?order_id=1004                         10046 10045
  orders?order_id=%3D                          =phone
  orders?from=2026-11-22                       10046
  orders?to=2026-11-21                         10045 =phone
  orders?from=2026-11-20&to=2026-11-20         =phone
  orders?status=lost&from=2026-11-22&to=2026-11-22&order_id=10046  10046
  orders?currency=KWD                          10046
  orders?currency=EUR                          10045 =phone
  orders?provider=stripe&shop=demo             10045
  orders?provider=paypal                       -
  orders?session=lost                          10045
  orders?currency=EUR&status=orphan            =phone
  leads?status=qualified                       L-1
  leads?lead_id=L-2                            L-2
  leads?from=2026-11-21                        L-2
  leads?to=2026-11-20                          L-1
  leads?age=0-1                                -
  leads?age=1-3                                L-1
  leads?age=0-                                 L-2 L-1
  leads?age=30-&status=new                     L-2
`;

for (const line of narrowed.split('\n')) {
  const [path = '', ...ids] = line.trim().split(/\s+/);
  if (path === '') continue;
  test(`${path} gives ${ids.join(' ')}, as a page and as a file`, async () => {
    const { get, text } = shared;
    const expected = ids.filter((id) => id !== '-');
    const found = idsOf(await get(`/v1/reports/${path}`));
    assert.deepEqual(found, expected);
    const file = await text(`/v1/reports/${path.replace('?', '.csv?')}`);
    const inFile = file
      .split('\r\n')
      .slice(1, -1)
      .map((row) => row.split(',')[0]?.replace(/^'/, ''));
    assert.deepEqual([...new Set(inFile)], expected);
  });
}

test('pages follow each other to the end, none twice', async (t) => {
  const { get } = await serving(t, many(7));
  for (const list of ['orders', 'leads']) {
    const pages: string[][] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: Page = await get(`/v1/reports/${list}?limit=3&after=${next}`);
      pages.push(idsOf(page));
      next = page.next;
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 1],
    );
    assert.equal(new Set(pages.flat()).size, 7);
  }
  assert.equal((await get<OrdersAnswer>('/v1/reports/orders?limit=7')).next, undefined);
});

test('a file of orders has one row an order', async () => {
  const { ask } = shared;
  const answer = await ask('/v1/reports/orders.csv');
  assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8; header=present');
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="orders-20261122T224818Z.csv"');
  assert.deepEqual((await answer.text()).split('\r\n'), [
    'order_id,status,created_at,created_by,confirmed_at,origin,total,total_currency,net,net_currency,other_nets,visitor,legs,shop,lost_session',
    '10046,lost,2026-11-21T23:00:00.000Z,webhook,,system,500,JPY,-500,JPY,1.250 KWD,,,demo,',
    '10045,paid,2026-11-21T22:59:59.999Z,server,2026-11-21T23:01:00.000Z,visitor,59.90,EUR,59.90,EUR,,v1,"main api delivered; main pixel unknown",demo,"the session was lost between shop.example and pay.example, which named another visitor"',
    "'=phone,orphan,,,,visitor,,,10.00,EUR,,,,demo,",
    '',
  ]);
});

test('a file of entries has one row an entry', async () => {
  const { text } = shared;
  assert.deepEqual((await text('/v1/reports/orders-entries.csv')).split('\r\n'), [
    'order_id,order_status,reference,fact,amount,currency,provider,occurred_at,seq',
    '10046,lost,"d,1",disputeLost,59.90,EUR,,2026-11-22T08:00:00.000Z,4',
    '10045,paid,pay-1,payment,59.90,EUR,stripe,2026-11-21T23:01:00.000Z,2',
    "'=phone,orphan,pay-9,payment,10.00,EUR,,2026-11-20T08:00:00.000Z,3",
    '',
  ]);
});

test('a file of leads has one row a lead, with its properties as one cell', async () => {
  const { text } = shared;
  assert.deepEqual((await text('/v1/reports/leads.csv')).split('\r\n'), [
    'lead_id,status,value,currency,created_at,changed_at,source,visitor,steps,properties',
    'L-2,new,,,2026-11-22T00:00:00.000Z,1970-01-01T00:00:01.000Z,crm,,1,{}',
    'L-1,qualified,40.00,EUR,2026-11-20T10:00:00.000Z,2026-11-21T10:00:00.000Z,web,v1,2,"{""form"":""=contact""}"',
    '',
  ]);
});

test('a file of steps has one row a step', async () => {
  const { text } = shared;
  assert.deepEqual((await text('/v1/reports/leads-steps.csv')).split('\r\n'), [
    'lead_id,lead_status,step,at,received_at,by,seq,event,unsent,reversal',
    'L-2,new,new,2026-11-20T10:00:00.000Z,2026-11-20T10:00:01.000Z,server,7,,,',
    'L-1,qualified,new,2026-11-20T10:00:00.000Z,2026-11-20T10:00:01.000Z,server,5,5,,',
    'L-1,qualified,qualified,2026-11-21T10:00:00.000Z,2026-11-20T10:00:01.000Z,webhook:hubspot,6,,known,yes',
    '',
  ]);
});

test('a file is longer than any page of it, and has every row once', async (t) => {
  const { text } = await serving(t, many(1001));
  for (const file of ['orders', 'orders-entries', 'leads', 'leads-steps']) {
    const rows = (await text(`/v1/reports/${file}.csv`)).split('\r\n').slice(1, -1);
    assert.deepEqual([rows.length, new Set(rows).size], [1001, 1001], file);
  }
});

test('two files are written at once and no more; one that nobody takes any longer ends', async (t) => {
  const { url, ask, failures, ledger } = await serving(t, many(600));
  const { orders } = ledger;
  const gate = Promise.withResolvers<void>();
  ledger.orders = async (asked, limit) => {
    if (asked.after) await gate.promise;
    return orders(asked, limit);
  };
  const slow = ['orders', 'orders-entries'].map((file) => request(`${url}/v1/reports/${file}.csv`));
  for (const asked of slow) {
    asked.on('error', () => {});
    await new Promise((resolve) => asked.on('response', resolve).end());
  }
  const refused = await ask('/v1/reports/leads.csv');
  assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '10']);
  assert.equal(((await refused.json()) as ProblemAnswer).code, 'too_many_files');
  for (const asked of slow) asked.destroy();
  gate.resolve();
  for (let tries = 0; (await ask('/v1/reports/leads.csv', { method: 'HEAD' })).status !== 200; tries++) {
    assert.ok(tries < 100, 'the files go on');
    await wait(20);
  }
  assert.deepEqual(failures, []);
});

test('a file that fails on the way breaks off and is not taken for a whole one', async (t) => {
  const { ask, failures, ledger } = await serving(t, many(600));
  const { orders } = ledger;
  ledger.orders = async (asked, limit) => {
    if (asked.after) throw new Error('the disk is gone');
    return orders(asked, limit);
  };
  const answer = await ask('/v1/reports/orders.csv');
  await assert.rejects(answer.text());
  assert.deepEqual(failures, ['GET /v1/reports/orders.csv: the disk is gone']);
});

test('a wrong question is answered with what is wrong, at every address', async () => {
  const { ask } = shared;
  for (const path of ['orders', 'orders.csv', 'orders-entries.csv', 'leads', 'leads.csv', 'leads-steps.csv']) {
    const answer = await ask(`/v1/reports/${path}?from=yesterday&sort=up`);
    const { code, problems = [] } = (await answer.json()) as ProblemAnswer;
    assert.deepEqual([answer.status, code], [422, 'query_unreadable']);
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['sort', 'from'],
    );
  }
});

test('the admin listener serves them', () => {
  const served = adminRoutes({} as Parameters<typeof adminRoutes>[0]).map(({ path }) => path);
  for (const path of ['orders', 'orders.csv', 'orders-entries.csv', 'leads', 'leads.csv', 'leads-steps.csv'])
    assert.ok(served.includes(`/v1/reports/${path}`), path);
});

type Serving = Awaited<ReturnType<typeof serve>>;

/** The routes over a ledger with these rows, until the test ends. */
async function serving(t: TestContext, effects: Partial<Effects>): Promise<Serving> {
  const server = await serve(effects);
  t.after(server.close);
  return server;
}

async function serve(effects: Partial<Effects>) {
  const ledger: Ledger = memoryLedger();
  await ledger.commit(effectsOf({ ...effects, specs: [specRow(1, { text: DEFAULT_TRACKING_YAML })] }), 1);
  const specs = new Specs();
  specs.learn(await ledger.specs());
  const failures: string[] = [];
  const routes = bookRoutes({ reader: ledger, specs, now: () => NOW });
  const listener = await listen({ host: '127.0.0.1', port: 0 }, routes, {
    failed: (error, where) => failures.push(`${where}: ${error instanceof Error ? error.message : error}`),
  });
  const url = `http://127.0.0.1:${listener.port}`;
  const ask = (path: string, how: RequestInit = {}): Promise<Response> => fetch(url + path, how);
  return {
    ...{ url, ask, failures, ledger, close: listener.close },
    async get<T>(path: string): Promise<T> {
      const answer = await ask(path);
      assert.equal(answer.status, 200, path);
      return (await answer.json()) as T;
    },
    async text(path: string): Promise<string> {
      const answer = await ask(path);
      assert.equal(answer.status, 200, path);
      return answer.text();
    },
  };
}

/** So many orders, each with a fact, and leads. */
function many(count: number): Partial<Effects> {
  const ids = Array.from({ length: count }, (_, n) => `order-${n}`);
  return {
    orders: ids.map((id, n) => orderRow(id, { createdAt: Math.floor(n / 3) })),
    entries: ids.map((id, n) => entryRow(id, `pay-${n}`)),
    leads: ids.map((id, n) => leadRow(id, { createdAt: Math.floor(n / 3) })),
  };
}

type Page = Partial<OrdersAnswer & LeadsAnswer>;

function idsOf({ orders = [], leads = [] }: Page): string[] {
  return [...orders.map(({ order_id }) => order_id), ...leads.map(({ lead_id }) => lead_id)];
}

function eur(amount: string): { amount: string; currency: string } {
  return { amount, currency: 'EUR' };
}

function jpy(amount: string): { amount: string; currency: string } {
  return { amount, currency: 'JPY' };
}
