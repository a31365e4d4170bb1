import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type {
  AttributionAnswer,
  ConversionPathAnswer,
  CreditedConversionsAnswer,
  FunnelAnswer,
  MartPageAnswer,
  MartsAnswer,
  SharedIdentifiersAnswer,
  SqlAnswer,
  WindowsAnswer,
} from '../api/attribution.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { isBy, type Rules, statementBy } from '../attribution/statement.ts';
import { AssayError } from '../event/error.ts';
import { DAY, HOUR } from '../event/time.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { parseSpec } from '../spec/parse.ts';
import { creativeNumber } from '../store/creative.ts';
import { openReports } from '../store/duckdb/reports/reports.ts';
import { type ColumnWarehouse, openWarehouse } from '../store/duckdb/warehouse.ts';
import type { Statement } from '../store/warehouse.ts';
import {
  adReportFact,
  conversionFact,
  creditWrite,
  eventFact,
  factsOf,
  linkFact,
  placeAt,
  reachFrom,
  shareOf,
  statementOf,
  touchFact,
} from '../store/warehouse-samples.ts';
import { adminRoutes } from './admin.ts';
import { listen } from './http.ts';
import type { AttributionSource } from './reports/source.ts';
import { reportRoutes } from './reports.ts';
import type { Specs } from './specs.ts';

const NOW = Date.parse('2026-11-22T13:03:26Z');
const TODAY = NOW - (NOW % DAY);
const today = TODAY / DAY;
const ATTRIBUTION = '/v1/reports/attribution';

const EVIL = '=cmd|calc';
const BLUE = { campaignId: 'c1', campaign: 'Spring', adgroupId: 'g1', adgroup: 'Shoes', adId: 'a1', ad: EVIL };
const touches = [
  touchFact(1, { ...BLUE, occurredAt: TODAY - 3 * DAY, visitor: 'v1' }),
  touchFact(2, { ...BLUE, occurredAt: TODAY - 2 * DAY, visitor: 'v2' }),
  touchFact(3, { ...BLUE, occurredAt: TODAY - 2 * DAY + HOUR, visitor: 'v1', kind: 'view' }),
];
const blue = creativeNumber(touches[0] as (typeof touches)[number]);
const conversions = [
  conversionFact(11, { occurredAt: TODAY - DAY, visitor: 'v1', minor: 5990n, net: 990n }),
  conversionFact(12, { occurredAt: TODAY - DAY, visitor: 'v3', minor: 100n, net: 100n }),
  conversionFact(13, { occurredAt: TODAY - DAY, visitor: 'v3', confirmed: false }),
];
const day = { convertedDay: today - 1 };
const STANDING = statementOf(1, { asOf: NOW - 1000, specVersion: 1, precedence: ['click', 'engagedView', 'view'] });
STANDING.windows.view = DAY;

/** Sixty people who bought, with clicks 1 to 60 half days before: half of them by another campaign. */
const many = Array.from({ length: 60 }, (_, n) => n);

let server: Awaited<ReturnType<typeof serve>>;
before(async () => {
  server = await serve();
});
after(() => server.close());

test('who earned what stands on the spec’s rules where nothing else is asked', async () => {
  const told = await server.get<AttributionAnswer>(ATTRIBUTION);
  assert.deepEqual([told.asOf, told.specVersion, told.timezone], [NOW - 1000, 1, 'Europe/Berlin']);
  assert.deepEqual(told.asked, {
    ...{ from: '2026-10-26', to: '2026-11-22', by: 'campaign', model: 'last', count: 'every', basis: 'conversion' },
    ...{ click: '7d', engagedView: '1d', view: '1d', name: [], currency: 'EUR' },
  });
  assert.deepEqual(
    [told.statement.role, told.statement.windows],
    ['standing', { click: '7d', engagedView: '1d', view: '1d' }],
  );
  assert.deepEqual(told.totals, {
    earned: { conversions: 1, value: { amount: '59.90', currency: 'EUR' }, net: { amount: '9.90', currency: 'EUR' } },
    views: { conversions: 0, value: { amount: '0.00', currency: 'EUR' }, net: { amount: '0.00', currency: 'EUR' } },
    nobody: { conversions: 1, value: { amount: '1.00', currency: 'EUR' }, net: { amount: '1.00', currency: 'EUR' } },
    why: [{ why: 'no_touch', conversions: 1 }],
  });
  const [row] = told.rows;
  assert.deepEqual(
    [row?.key, row?.name, row?.of, row?.touches],
    ['c1', 'Spring', { channel: 'tiktok / paid', campaign: 'c1' }, { click: 2, engagedView: 0, view: 1 }],
  );
  assert.deepEqual([row?.adsManager?.spend, row?.adsManager?.value], [{ amount: '12.34', currency: 'EUR' }, null]);
  assert.equal(told.series[0]?.days.length, 28);
  assert.deepEqual(told.series[0]?.days.at(-2), { day: '2026-11-21', conversions: 1, value: '59.90' });
  assert.deepEqual(
    [told.names, told.currencies, told.viewThrough],
    [['Purchase'], ['EUR'], { marketing: 1, finance: 0 }],
  );
});

test('other rules are a statement of their own, and the answer says which', async () => {
  const told = await server.get<AttributionAnswer>(
    `${ATTRIBUTION}?model=first&click=28d&view=off&by=day&from=2026-11-21`,
  );
  assert.deepEqual(
    [told.statement.role, told.statement.model, told.statement.windows.click],
    ['asked', 'first', '28d'],
  );
  assert.deepEqual(
    told.rows.map(({ key }) => key),
    ['2026-11-21', '2026-11-22'],
  );
  assert.deepEqual(told.series, []);
  assert.ok(told.statements.some(({ statement }) => statement === told.statement.statement));
  const again = await server.get<AttributionAnswer>(
    `${ATTRIBUTION}?statement=${told.statement.statement}&from=2026-11-21`,
  );
  assert.deepEqual([again.statement, again.asked.model, again.asked.view], [told.statement, 'first', 'off']);
  const none = await server.ask(`${ATTRIBUTION}?statement=77`);
  assert.deepEqual([none.status, ((await none.json()) as ProblemAnswer).code], [404, 'statement_unknown']);
});

test('a file has the same rows, says what they were computed under, and holds no formula', async () => {
  const answer = await server.ask(`${ATTRIBUTION}.csv?by=ad&click=7d`);
  const [head = '', ...rows] = (await answer.text()).trimEnd().split('\r\n');
  assert.match(answer.headers.get('content-disposition') ?? '', /attribution-.*\.csv/);
  const cells = Object.fromEntries(head.split(',').map((name, n) => [name, (rows[0] ?? '').split(',')[n]]));
  assert.deepEqual([cells['key'], cells['name'], cells['value'], cells['model']], ['a1', `'${EVIL}`, '59.90', 'last']);
  assert.deepEqual([cells['click_window'], cells['as_of']], ['7d', new Date(NOW - 1000).toISOString()]);
});

test('a figure opens to its conversions, and a conversion to its touches with the sentence why', async () => {
  const figure = await server.get<CreditedConversionsAnswer>(
    `${ATTRIBUTION}/conversions?channel=tiktok%20/%20paid&campaign=c1`,
  );
  assert.deepEqual(
    figure.conversions.map(({ conversion, value, share, kind, order_id }) => [
      conversion,
      value.amount,
      share,
      kind,
      order_id,
    ]),
    [[11, '59.90', 1, 'click', 'o11']],
  );
  const path = await server.get<ConversionPathAnswer>(`${ATTRIBUTION}/conversions/11`);
  assert.equal(path.says, 'earned by one click, 1 day before');
  assert.deepEqual(
    path.touches.map(({ touch, visitor, share, value, says }) => [touch, visitor, share, value?.amount ?? null, says]),
    [
      [1, 'v1', 0, null, 'in its window, but a later click is nearer to the conversion'],
      [2, 'v2', 1, '59.90', 'earns it: the last click before it, within 7d'],
      [3, 'v1', 0, null, 'in its window, but a click in its window comes first'],
    ],
  );
  assert.equal(path.differs, false);
  assert.deepEqual(path.ties, [
    {
      ...{ kind: 'email', value: 'abcdefgh…' },
      visitors: [
        { visitor: 'v1', at: 1000, seq: 1 },
        { visitor: 'v2', at: 1000, seq: 2 },
      ],
    },
  ]);
  const waiting = await server.get<ConversionPathAnswer>(`${ATTRIBUTION}/conversions/13`);
  assert.match(waiting.says, /not counted: what confirms it/);
  for (const id of ['999', '1e3', 'x'])
    assert.equal((await server.ask(`${ATTRIBUTION}/conversions/${id}`)).status, 404);
});

test('a path whose facts have changed since says so', async () => {
  const path = await server.get<ConversionPathAnswer>(`${ATTRIBUTION}/conversions/12`);
  assert.deepEqual([path.differs, path.says], [false, 'nobody earned it: no touch of this person is known before it']);
  const old = await server.get<ConversionPathAnswer>(`${ATTRIBUTION}/conversions/12?model=linear&from=2026-11-21`);
  assert.equal(old.differs, true);
});

test('what nobody earned is a list with its reason', async () => {
  const { conversions: list } = await server.get<CreditedConversionsAnswer>(`${ATTRIBUTION}/conversions?of=nobody`);
  assert.deepEqual(
    list.map(({ conversion, touch, why }) => [conversion, touch, why]),
    [[12, null, 'no_touch']],
  );
});

test('from few conversions nothing is concluded about windows', async () => {
  const told = await server.get<WindowsAnswer>('/v1/reports/windows?from=2026-11-20');
  assert.match(
    told.says[0] ?? '',
    /^The widest windows credit 1 of 2 conversions\. From fewer than 30 nothing follows/,
  );
});

test('windows stand side by side with what they lose, and say what the evidence supports', async () => {
  const told = await server.get<WindowsAnswer>('/v1/reports/windows?from=2026-08-01&to=2026-08-30&name=Subscribe');
  // Nobody was only viewed, so windows of views are all alike and only the spec’s is shown.
  assert.deepEqual(
    told.windows.map(({ click, engagedView, view, standing, widest }) => [click, engagedView, view, standing, widest]),
    [
      ['1d', '1d', '1d', false, false],
      ['7d', '1d', '1d', true, false],
      ['14d', '1d', '1d', false, false],
      ['28d', '1d', '1d', false, true],
    ],
  );
  const [shortest] = told.windows;
  assert.deepEqual(
    [shortest?.earned.conversions, shortest?.lost.conversions, shortest?.lost.share.toFixed(3)],
    [2, 54, (54 / 56).toFixed(3)],
  );
  assert.ok((shortest?.lost.low ?? 1) < 54 / 56 && (shortest?.lost.high ?? 0) > 54 / 56);
  const [lag] = told.lag;
  assert.deepEqual(
    [lag?.kind, lag?.conversions, lag?.points[0]?.share, lag?.points.at(-1)?.share],
    ['click', 60, 0, 56 / 60],
  );
  assert.deepEqual(
    told.ranks.map(({ key, places, isClear }) => [key, places, isClear]),
    [
      ['early', [1, 2, 2, 2], false],
      ['late', [null, 1, 1, 1], false],
    ],
  );
  assert.match(told.says.join(' '), /Clicks of 1d instead of 28d lose 54 of 56 credited conversions: 96\.4 %/);
  assert.match(told.says.join(' '), /can’t be told whether that is more than chance/);
});

test('the funnel tells rates with their intervals, and how many dropped off', async () => {
  const told = await server.get<FunnelAnswer>('/v1/reports/funnel?steps=ViewContent,Purchase&by=channel');
  assert.deepEqual(told.steps, ['ViewContent', 'Purchase']);
  const [first, second] = told.total.steps;
  assert.deepEqual(
    [first?.visitors, first?.rate, second?.visitors, second?.rate, second?.dropped],
    [4, null, 1, 0.25, 3],
  );
  assert.ok((second?.low ?? 1) < 0.05 && (second?.high ?? 0) > 0.6);
  assert.deepEqual(
    told.rows.map(({ channel, steps }) => [channel, steps[0]?.visitors]),
    [
      ['', 3],
      ['tiktok / paid', 1],
    ],
  );
  const spec = await server.get<FunnelAnswer>('/v1/reports/funnel');
  assert.deepEqual(spec.steps, ['ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase']);
});

const wrong: [path: string, where: string[]][] = [
  [`${ATTRIBUTION}?from=yesterday&sort=up`, ['sort', 'from']],
  [`${ATTRIBUTION}?from=2020-01-01&to=2026-01-01`, ['from']],
  [`${ATTRIBUTION}?from=2026-01-02&to=2026-01-01`, ['to']],
  [`${ATTRIBUTION}?by=month&model=best&count=2&basis=x`, ['by', 'model', 'count', 'basis']],
  [`${ATTRIBUTION}?click=99d&engagedView=7&view=-1d`, ['click', 'engagedView', 'view']],
  [`${ATTRIBUTION}?currency=euro&statement=0`, ['statement', 'currency']],
  [`${ATTRIBUTION}.csv?by=month`, ['by']],
  [`${ATTRIBUTION}/conversions?of=all&after=1`, ['of', 'after']],
  [`${ATTRIBUTION}/conversions/11?by=month`, ['by']],
  ['/v1/reports/windows?currency=x&model=last', ['model', 'currency']],
  ['/v1/reports/funnel?steps=Purchase&by=day', ['by', 'steps']],
];
for (const [path, where] of wrong)
  test(`${path} is answered with what is wrong`, async () => {
    const answer = await server.ask(path);
    const { code, problems = [] } = (await answer.json()) as ProblemAnswer;
    assert.deepEqual([answer.status, code], [422, 'query_unreadable']);
    assert.deepEqual(
      problems.map((one) => one.where),
      where,
    );
    for (const one of problems) assert.ok(one.fix !== '');
  });

test('SQL is answered in rows, and refused with a sentence where it does more than ask', async () => {
  const told = await server.sql<SqlAnswer>({
    sql: 'SELECT conversion, value FROM mart_conversions ORDER BY 1 LIMIT 2',
  });
  assert.deepEqual(told.columns, [
    { name: 'conversion', type: 'BIGINT' },
    { name: 'value', type: 'DECIMAL(28,4)' },
  ]);
  assert.deepEqual(
    [told.rows, told.cut],
    [
      [
        [11, '59.9000'],
        [12, '1.0000'],
      ],
      false,
    ],
  );
  const cut = await server.sql<SqlAnswer>({ sql: 'SELECT * FROM range(10)', rows: 3 });
  assert.deepEqual([cut.rows, cut.cut], [[[0], [1], [2]], true]);
  for (const sql of ['DELETE FROM touch', 'SELECT 1; SELECT 2', 'SELEC 1', "COPY touch TO '/tmp/x'", 'SELECT $a']) {
    const refused = await server.sql<ProblemAnswer>({ sql });
    assert.deepEqual([refused.status, refused.code], [422, 'sql_refused'], sql);
  }
  const late = await server.sql<ProblemAnswer>({
    sql: 'SELECT count(*) FROM range(1000000) a, range(1000000) b',
    ms: 50,
  });
  assert.match(late.detail, /took longer than 50 ms/);
  for (const body of [{}, { sql: '' }, { sql: 'SELECT 1', rows: 0 }, { sql: 'SELECT 1', ms: 1e9 }])
    assert.equal((await server.sql<ProblemAnswer>(body)).code, 'query_unreadable');
});

test('marts are listed with their columns, and a day’s rows come in pages', async () => {
  const told = await server.get<MartsAnswer>('/v1/marts');
  assert.deepEqual(
    [told.timezone, told.marts.map(({ mart }) => mart)],
    ['Europe/Berlin', ['conversions', 'touches', 'marketing']],
  );
  const page = await server.get<MartPageAnswer>('/v1/marts/conversions?day=2026-11-21');
  assert.deepEqual([page.rows.length, page.next], [3, undefined]);
  assert.deepEqual(
    page.columns.map(({ name }) => name),
    told.marts[0]?.columns.map(({ name }) => name),
  );
  for (const [path, status] of [
    ['nothing?day=2026-11-21', 404],
    ['conversions', 422],
    ['conversions?day=2026-11-21&after=-1', 422],
  ] as const)
    assert.equal((await server.ask(`/v1/marts/${path}`)).status, status, path);
});

test('while nothing is computed yet, and while the warehouse is away, all of it says so', async (t) => {
  const away = await serve({ statements: [] });
  t.after(away.close);
  const gone = await serve({ error: new AssayError('warehouse_behind', 'attribution has ended') });
  t.after(gone.close);
  for (const { ask } of [away, gone])
    for (const [path, body] of [
      [ATTRIBUTION],
      [`${ATTRIBUTION}/conversions`],
      ['/v1/reports/windows'],
      ['/v1/reports/funnel'],
      ['/v1/marts'],
      ['/v1/marts/touches?day=2026-11-21'],
      // Some facts may be there already, and a count of them would be believed.
      ['/v1/sql', '{"sql": "SELECT count(*) FROM touch"}'],
    ] as const) {
      const answer = await ask(path, body === undefined ? {} : { method: 'POST', body });
      assert.deepEqual(
        [answer.status, ((await answer.json()) as ProblemAnswer).code],
        [503, 'attribution_not_ready'],
        path,
      );
    }
});

test('answers mark what became of the rules in their days', async () => {
  for (const path of [ATTRIBUTION, '/v1/reports/windows', '/v1/reports/funnel']) {
    const { markers } = await server.get<AttributionAnswer | WindowsAnswer | FunnelAnswer>(path);
    assert.deepEqual(markers, [{ day: '2026-11-21', what: 'activated', version: 1, says: ['The first spec'] }], path);
    const none = await server.get<AttributionAnswer>(`${path}?from=2026-11-22&to=2026-11-22`);
    assert.deepEqual(none.markers, [], path);
  }
});

test('identifiers that tie too many are counted and shortened', async () => {
  const { sharedBy, count, identifiers } = await server.get<SharedIdentifiersAnswer>(`${ATTRIBUTION}/shared`);
  assert.deepEqual([sharedBy, count], [10, 2]);
  assert.deepEqual(identifiers, [
    { kind: 'email', value: 'abcdefgh…', visitors: 40 },
    { kind: 'lead', value: 'lead-of-all-visitors', visitors: 11 },
  ]);
});

test('the admin listener serves them', () => {
  const served = adminRoutes({} as Parameters<typeof adminRoutes>[0]).map(({ path }) => path);
  for (const path of [
    ATTRIBUTION,
    `${ATTRIBUTION}/shared`,
    '/v1/reports/windows',
    '/v1/reports/funnel',
    '/v1/sql',
    '/v1/marts',
  ])
    assert.ok(served.includes(path), path);
});

async function serve(around: { statements?: Statement[]; error?: Error } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'assay-reports-'));
  const warehouse = await openWarehouse(folder);
  await fill(warehouse);
  const parsed = parseSpec(DEFAULT_TRACKING_YAML);
  assert.ok(parsed.ok);
  const { error } = around;
  const source: AttributionSource = {
    reports: openReports(warehouse.connect),
    statements: async () => (error ? Promise.reject(error) : (around.statements ?? (await warehouse.statements()))),
    statementOf: (rules) => statementOfRules(warehouse, rules),
  };
  const newest = { ...parsed.value, version: 1 };
  const specs: Pick<Specs, 'newest' | 'of'> = { newest, of: () => newest };
  const reader = {
    specs: async () => [{ version: 1, hash: newest.hash, activatedAt: TODAY - DAY, text: '', rates: null }],
  };
  const failures: string[] = [];
  const routes = reportRoutes({ attribution: source, specs, reader, now: () => NOW });
  const listener = await listen({ host: '127.0.0.1', port: 0 }, routes, {
    failed: (failure, where) => void failures.push(`${where}: ${failure instanceof Error ? failure.message : failure}`),
  });
  const ask = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${listener.port}${path}`, init);
  return {
    ask,
    async get<T>(path: string): Promise<T> {
      const answer = await ask(path);
      const body = await answer.text();
      assert.equal(answer.status, 200, `${body} ${failures.join('\n')}`);
      return JSON.parse(body) as T;
    },
    async sql<T>(body: object): Promise<T> {
      return (await (await ask('/v1/sql', { method: 'POST', body: JSON.stringify(body) })).json()) as T;
    },
    async close() {
      await listener.close();
      await warehouse.close();
      await rm(folder, { recursive: true });
      assert.deepEqual(failures, []);
    },
  };
}

/** The standing statement, or one of its own in which nobody earned anything but number 12, by a touch that is not there. */
async function statementOfRules(warehouse: ColumnWarehouse, rules: Rules): Promise<Statement> {
  const all = await warehouse.statements();
  const known = all.find((one) => isBy(one, rules));
  if (known) return known;
  const asked = statementBy(rules, { ...STANDING, statement: all.length + 1, role: 'asked' });
  await warehouse.commit(
    factsOf({}),
    placeAt(1),
    creditWrite(asked, [shareOf(12, 2, { creative: blue, ...day, touchedDay: today - 2 })]),
  );
  return asked;
}

async function fill(warehouse: ColumnWarehouse): Promise<void> {
  const events = [1, 2, 3, 4].map((n) =>
    eventFact(20 + n, { name: 'ViewContent', visitor: n === 1 ? 'v1' : `w${n}`, occurredAt: TODAY - DAY - HOUR }),
  );
  const bought = eventFact(11, { name: 'Purchase', visitor: 'v1', occurredAt: TODAY - DAY });
  const august = Date.parse('2026-08-20T00:00:00Z');
  const subscribed = many.map((n) =>
    conversionFact(100 + n, { name: 'Subscribe', visitor: `s${n}`, occurredAt: august, minor: 100n, net: 100n }),
  );
  const clicks = many.map((n) =>
    touchFact(200 + n, {
      ...{ campaignId: n < 2 ? 'early' : n % 2 === 0 ? 'early' : 'late', campaign: null, visitor: `s${n}` },
      occurredAt: august - (n + 1) * 12 * HOUR,
    }),
  );
  // Value decides the rank, so that the later campaign passes the earlier one.
  for (const [n, one] of subscribed.entries()) if (clicks[n]?.campaignId === 'late') one.minor = 150n;
  (clicks[1] as (typeof clicks)[number]).campaignId = 'early';
  const reach = reachFrom([
    { conversion: 11, click: 2, clickAge: DAY, view: 3, viewAge: DAY - HOUR },
    ...many.map((n) => ({ conversion: 100 + n, click: 200 + n, clickAge: (n + 1) * 12 * HOUR })),
  ]);
  await warehouse.commit(
    factsOf({
      touches: [...touches, ...clicks],
      conversions: [...conversions, ...subscribed],
      events: [...events, bought],
      links: [linkFact('v1', 'abcdefghijkl'), linkFact('v2', 'abcdefghijkl', { seq: 2 })],
      people: [{ visitor: 'v2', person: 'v1' }],
      shared: [
        { kind: 'lead', value: 'lead-of-all-visitors', visitors: 11 },
        { kind: 'email', value: 'abcdefghijklmnop', visitors: 40 },
      ],
      adReports: [adReportFact('c1', { level: 'campaign', day: '2026-11-20' })],
    }),
    placeAt(1),
    {
      ...creditWrite(STANDING, [
        shareOf(11, 2, { creative: blue, minor: 5990n, net: 990n, ...day, touchedDay: today - 2 }),
        shareOf(12, 0, { creative: 0, kind: 255, why: 0, minor: 100n, net: 100n, ...day, touchedDay: today - 1 }),
      ]),
      reach,
    },
  );
}
