import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLikeEmail } from '../contacts/scrub.ts';
import type { JsonObject } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { ToldEvent } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { browserRecords } from './browser.ts';
import { capabilityOf } from './capability.ts';
import { leadRecord, leadStepRecord } from './leads.ts';
import { orderRecord } from './orders.ts';
import { serverRecords } from './server.ts';
import { unreadRecord } from './unread.ts';

const UA = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
const FACTS = { keyId: 'k', receivedAt: 1_785_585_600_000, ip: '203.0.113.7', userAgent: UA };
const SITES = { urlParameters: ['utm_*', 'ttclid'], country: 'DE' };
const PAGE = { url: 'https://shop.example/' };
const BATCH = { key: 'k', spec: 1, sent_at: 1, visitor: 'v', session: 's', consent: 'granted' };
const ORDER = { order_id: '77', value: '59.90', currency: 'EUR', page: PAGE };

const browser = (body: unknown): Parsed<NewRecord[]> => {
  const parsed = browserRecords(body, FACTS, SITES);
  return parsed.ok ? { ok: true, value: parsed.value.records } : parsed;
};
const server = (body: unknown): Parsed<NewRecord[]> => serverRecords(body, FACTS, SITES);
const order = (body: unknown, door: 'browser' | 'server' = 'browser'): Parsed<NewRecord[]> => {
  const parsed = orderRecord(body, door, FACTS, SITES);
  return parsed.ok ? { ok: true, value: [parsed.value.record] } : parsed;
};

const lead = (body: unknown, door: 'browser' | 'server' = 'browser'): Parsed<NewRecord[]> => {
  const parsed = leadRecord(body, door, FACTS, SITES);
  return parsed.ok ? { ok: true, value: [parsed.value.record] } : parsed;
};

test('a body of the wrong shape is refused with every place that is wrong', () => {
  for (const [read, body, ...places] of [
    [browser, null, 'body'],
    [browser, [], 'body'],
    [browser, 'x', 'body'],
    [browser, {}, 'key', 'spec', 'sent_at', 'visitor', 'session', 'consent'],
    [browser, { ...BATCH, consent: 'yes', spec: 1.5, visitor: '' }, 'consent', 'spec', 'visitor'],
    [browser, { ...BATCH, events: [{ event: 'A', pixel: 'maybe' }] }, 'events.0.pixel'],
    [browser, { ...BATCH, events: [{ event: 7 }, { event: 'A' }, {}] }, 'events.0.event', 'events.2.event'],
    [browser, { ...BATCH, events: Array.from({ length: 501 }, () => ({ event: 'A' })) }, 'events'],
    [browser, { ...BATCH, events: {} }, 'events'],
    [browser, { ...BATCH, events: [['weather'], { event: 7 }, null, 'x'] }, 'events.1.event', 'events.2', 'events.3'],
    [browser, { ...BATCH, events: Array.from({ length: 33 }, () => ['pixel', 'loaded']) }, 'events'],
    [browser, { ...BATCH, ad: [7] }, 'ad'],
    [server, { events: [] }, 'events'],
    [order, { ...ORDER, order_id: 2 ** 60 }, 'order_id'],
    [server, { event: 'A', event_id: 2 ** 60 }, 'event_id'],
    [server, [], 'events'],
    [server, { event: 'A', source: 'tv' }, 'source'],
    [server, { event: 'A', properties: [], user: 'me', page: 'x' }, 'properties', 'user', 'page'],
    [server, { event: 'A', pixel: { hidden: 1 } }, 'pixel'],
    [server, { event: 'x'.repeat(201) }, 'event'],
    [server, { event: 'A', limited_data_use: 'yes', time: {} }, 'limited_data_use', 'time'],
    [server, Array.from({ length: 12 }, () => ({ event: 7 })), 'events.0.event', 'events.11.event'],
    [order, {}, 'value', 'currency'],
    [order, { ...ORDER, order_id: '  ' }, 'order_id'],
    [order, { ...ORDER, order_id: 'jane@mail.example' }, 'order_id'],
    [order, { ...ORDER, order_id: ' +49 30 901820' }, 'order_id'],
    [order, { ...ORDER, page: { url: 7 } }, 'page.url'],
    [order, { ...ORDER, contents: {}, value: null }, 'contents', 'value'],
  ] as const) {
    const parsed = read(body);
    assert.ok(!parsed.ok, JSON.stringify(body).slice(0, 99));
    const where = parsed.problems.map((problem) => problem.where);
    for (const place of places)
      assert.ok(
        where.some((one) => one.startsWith(place)),
        `${place} in ${where}`,
      );
    assert.ok(parsed.problems.every(({ code, what, fix }) => code === 'body_shape' && what !== '' && fix !== ''));
  }
});

test('an order carries the limits of its visitor, and its landing as a page tells it', () => {
  for (const door of ['browser', 'server'] as const) {
    const [record] = ok(order({ ...ORDER, limited_data_use: true, ad: ['?ttclid=E.C.P.x', '&utm_id=17'] }, door));
    assert.equal(record?.body['limited_data_use'], true);
    assert.deepEqual(record?.body['ad'], { utm_id: '17' });
    assert.equal(record?.personal?.user?.ttclid, 'E.C.P.x');
  }
});

test('fields that a door does not know are dropped, whatever they hold', () => {
  for (const odd of [null, 'jane@doe.example', 7, { a: 1 }, [1]]) {
    const parsed = order({
      ...ORDER,
      app: odd,
      lead: odd,
      pixel: odd,
      event_id: odd,
      notes: odd,
      event: odd,
      source: odd,
    });
    const { time: _time, ...body } = ok(parsed)[0]?.body ?? {};
    assert.deepEqual(Object.keys(body), ['event', 'source', 'consent', 'properties', 'capability']);
    assert.equal(body['event'], 'Purchase');
    const claims = { app: odd, pixel: odd, event_id: odd, notes: odd, event: odd, origin: odd, sent_at: odd, bot: odd };
    assert.deepEqual(Object.keys(ok(lead({ lead_id: 'L-1', ...claims }))[0]?.body ?? {}), LEAD_FIELDS);
    const step = leadStepRecord('L-1', { status: 'new', ...claims, lead_id: odd }, FACTS, SITES);
    assert.deepEqual(step.ok && Object.keys(step.value.record.body), LEAD_FIELDS.slice(1));
    const told = ok(server({ event: 'A', notes: odd, spec: odd, extra: odd }))[0]?.body;
    assert.deepEqual(told, { event: 'A', source: 'web', consent: 'unknown' });
  }
});

test('a contact in any string reaches no record', () => {
  const mail = 'jane.doe@mail.example';
  const strange = `see ${mail}`;
  const bag = {
    a: mail,
    [mail]: 'x',
    deep: { deeper: [strange, { x: mail }] },
    phone: '+49 30 901820',
    order_id: mail,
    content_ids: [mail, 'ok'],
  };
  const user = Object.fromEntries(
    [
      'email',
      'phone',
      'external_id',
      'ttclid',
      'ttp',
      'ip',
      'user_agent',
      'locale',
      'idfa',
      'idfv',
      'gaid',
      'att_status',
      'first_name',
      'last_name',
      'zip_code',
      'city',
      'state',
      'country',
      'unknown',
      mail,
    ].map((name) => [name, mail]),
  );
  const page = {
    url: `https://shop.example/${mail}/x?utm_source=${mail}&email=${mail}&ttclid=${mail}#${mail}`,
    referrer: `https://shop.example/?utm_term=${mail}`,
  };
  const event = {
    event: mail,
    event_id: mail,
    time: mail,
    user,
    page,
    properties: bag,
    app: bag,
    ad: bag,
    lead: bag,
    visitor: mail,
    session: mail,
  };
  const reports = [
    ['fired', mail, mail, 1, mail],
    ['pixel', 'loaded'],
    ['foreign', mail, mail],
    ['consent', 'granted'],
  ];
  const step = { ...event, key: mail, lead_id: 'L-1', status: 'new', source: 'web' };
  const bodies = [
    lead(step),
    lead(step, 'server'),
    browser({
      ...BATCH,
      key: mail,
      visitor: mail,
      session: mail,
      user,
      page,
      ad: bag,
      events: [event, ...reports],
    }),
    server({ events: [event] }),
    order({ ...ORDER, ...event, key: mail, currency: 'EUR', contents: [bag] }),
    order({ ...ORDER, ...event }, 'server'),
  ];
  for (const parsed of bodies)
    for (const { keyId: _key, ...record } of ok(parsed)) {
      const text = JSON.stringify(record);
      assert.doesNotMatch(text, /jane|doe@|mail\.example|30 901820/i, text);
      assert.equal(looksLikeEmail(text), false, text);
    }
  const unread = unreadRecord(
    Buffer.from(JSON.stringify({ [mail]: mail, event: { [mail]: 1, ok: mail } })),
    'body_shape',
    'quarantined',
    'server',
    1,
  );
  assert.doesNotMatch(JSON.stringify(unread), /jane|mail\.example/);
});

test('what was removed is noted', () => {
  const [record] = ok(
    server({
      event: 'A',
      page: PAGE,
      user: { email: 'no address', phone: '12', locale: 'a@b.example', att_status: 'odd' },
      properties: { note: 'call +49 30 901820' },
    }),
  );
  assert.deepEqual((record?.body as Partial<ToldEvent> | undefined)?.notes?.sort(), [
    'contact_removed',
    'email_invalid',
    'match_key_left_out',
    'phone_invalid',
  ]);
});

test('numbers of orders and products that look like telephone numbers stay', () => {
  const properties = {
    order_id: '000012345',
    shop_id: '0049-1234-5678',
    content_ids: ['0012345678905'],
    contents: [{ content_id: '012345678905', content_name: 'Shirt' }],
  };
  assert.deepEqual(ok(server({ event: 'A', properties }))[0]?.body['properties'], properties);
  const [told] = ok(order({ ...ORDER, order_id: '0123456789', contents: [{ content_id: '012345678905' }] }));
  assert.equal((told?.body['properties'] as JsonObject | undefined)?.['order_id'], '0123456789');
});

test('deep nesting and forbidden names do no harm', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as unknown;
  const properties = JSON.parse(
    '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "prototype": 1, "kept": "x"}',
  ) as JsonObject;
  const records = ok(server({ event: 'A', properties: { ...properties, deep } }));
  const told = records[0]?.body['properties'] as JsonObject;
  assert.equal((records[0]?.body as Partial<ToldEvent> | undefined)?.notes?.includes('nested_too_deep'), true);
  assert.deepEqual(Object.keys(told), ['kept', 'deep']);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.ok(JSON.stringify(told).length < 200);
});

test('a page’s address and user agent are the request’s own; a server tells the visitor’s', () => {
  const lie = { ip: '198.51.100.1', user_agent: 'Lie' };
  const own = { ip: FACTS.ip, user_agent: FACTS.userAgent };
  const [told] = ok(browser({ ...BATCH, user: lie, page: PAGE, events: [{ event: 'A', user: lie, source: 'crm' }] }));
  assert.deepEqual(told?.personal?.user, own);
  assert.equal(told?.body['source'], 'web');
  assert.deepEqual(ok(order({ ...ORDER, user: lie }))[0]?.personal?.user, own);
  assert.deepEqual(ok(order({ ...ORDER, user: lie }, 'server'))[0]?.personal?.user, lie);
  assert.deepEqual(ok(server({ event: 'A', user: lie }))[0]?.personal?.user, lie);
});

test('what the events of a page share stands in each, and an event’s own word wins where it may', () => {
  const [first, second] = ok(
    browser({
      ...BATCH,
      consent: 'denied',
      page: PAGE,
      ad: { campaign_id: '1' },
      events: [
        { event: 'A' },
        { event: 'B', page: { url: 'https://shop.example/b' }, consent: 'granted', visitor: 'w' },
      ],
    }),
  );
  assert.deepEqual([first?.personal?.page, first?.body['ad'], first?.body['spec']], [PAGE, { campaign_id: '1' }, 1]);
  assert.deepEqual(
    [second?.personal?.page?.url, second?.body['consent'], second?.body['visitor']],
    ['https://shop.example/b', 'denied', 'v'],
  );
});

test('the click id is taken from the address of a web event, and kept whole', () => {
  const ttclid = `E.C.P.${'x'.repeat(900)}`;
  const page = { url: `https://shop.example/?ttclid=${ttclid}` };
  assert.equal(ok(server({ event: 'A', page }))[0]?.personal?.user?.ttclid, ttclid);
  assert.equal(ok(server({ event: 'A', page, user: { ttclid: 'own' } }))[0]?.personal?.user?.ttclid, 'own');
  assert.equal(ok(server({ event: 'A', page, source: 'crm' }))[0]?.personal?.user, undefined);
});

test('an order is answered with a capability of its own, of which only the hash is written down', () => {
  const told = Array.from({ length: 3 }, () => {
    const parsed = orderRecord(ORDER, 'browser', FACTS, SITES);
    assert.ok(parsed.ok);
    return parsed.value;
  });
  assert.equal(new Set(told.map(({ capability }) => capability)).size, 3);
  for (const { capability, record, orderId } of told) {
    assert.match(capability, /^[\w-]{22}$/);
    assert.equal(record.body['capability'], capabilityOf(capability));
    assert.ok(!JSON.stringify(record).includes(capability));
    assert.deepEqual([orderId, record.kind], ['77', 'order']);
  }
});

const ORDER_OF_SERVER = { order_id: '77', value: '59.90', currency: 'EUR' };

test('an order without an id gets one that nobody can guess, and one with a blank id is refused', () => {
  const { order_id: _own, ...unnamed } = ORDER_OF_SERVER;
  const told = [unnamed, unnamed].map((body) => {
    const parsed = orderRecord(body, 'server', FACTS, SITES);
    assert.ok(parsed.ok);
    assert.deepEqual((parsed.value.record.body as { properties: object }).properties, {
      order_id: parsed.value.orderId,
      value: '59.90',
      currency: 'EUR',
    });
    return parsed.value.orderId;
  });
  for (const orderId of told) assert.match(orderId, /^[\da-f]{32}$/);
  assert.notEqual(told[0], told[1]);
  const blank = orderRecord({ ...unnamed, order_id: ' ' }, 'server', FACTS, SITES);
  assert.deepEqual(!blank.ok && blank.problems.map(({ where }) => where), ['order_id']);
});

test('a report of the page names its handout by hash', () => {
  const [pixel, fired] = ok(
    browser({
      ...BATCH,
      events: [
        ['pixel', 'loadFailed'],
        ['fired', 'secret', 'demo-77', 2],
      ],
      page: { url: 'https://shop.example/thanks/10045?a=1' },
    }),
  );
  assert.deepEqual([pixel?.kind, pixel?.body], ['pixel', { state: 'loadFailed', visitor: 'v', session: 's' }]);
  assert.deepEqual(
    [fired?.kind, fired?.body],
    ['fired', { capability: capabilityOf('secret'), event_id: 'demo-77', time: 2, visitor: 'v', session: 's' }],
  );
  // Which host it was is all that an order's return is compared by.
  assert.deepEqual(fired?.personal, { page: { url: 'https://shop.example' } });
});

test('the script’s own bodies are the same bodies without the names of their fields', () => {
  const head = ['granted', 7, { visitor: 'v', session: 's', key: 'other' }, PAGE, ['?utm_id=17'], null, 'ttp-1'];
  const { key, sent_at } = BATCH;
  const long = {
    ...{ key, sent_at, consent: 'granted', spec: 7, visitor: 'v', session: 's', page: PAGE, ad: ['?utm_id=17'] },
    user: { ttp: 'ttp-1' },
  };
  const event = { event: 'A', event_id: 'a-1', pixel: 'loaded', time: 5, properties: { value: 1 } };
  const short = [{ value: 1 }, 'A', 'a-1', 'loaded', 5, null];
  const report = ['pixel', 'loaded'];
  assert.deepEqual(
    ok(browser({ key, time: sent_at, head, events: [short, report] })),
    ok(browser({ ...long, events: [event, report] })),
  );
  const { body, personal } = ok(order({ ...ORDER, head, time: 5, limited_data_use: true }))[0] ?? {};
  assert.deepEqual([body?.['visitor'], body?.['session'], body?.['time'], body?.['spec']], ['v', 's', 5, 7]);
  assert.deepEqual([personal?.user?.ttp, personal?.page?.url], ['ttp-1', PAGE.url]);
  for (const [body, ...places] of [
    [{ key, time: sent_at, head: [], events: [] }, 'spec', 'visitor', 'session', 'consent'],
    [{ key, time: sent_at, head: [{}, null, 7, 'x', 'y', 'z', {}], events: [[{}], [[], 7]] }, 'consent', 'spec'],
  ] as const) {
    const parsed = browser(body);
    assert.ok(!parsed.ok);
    for (const place of places)
      assert.ok(
        parsed.problems.some(({ where }) => where === place),
        place,
      );
  }
});

test('with the word that the pixel’s script failed to load, nothing of that page counts as fired', () => {
  const events = [
    { event: 'ViewContent', pixel: 'unknown' },
    { event: 'Purchase', pixel: false },
  ];
  const told = (state: string) =>
    ok(browser({ ...BATCH, events: [...events, ['pixel', state]] })).map((record) => record.body['pixel']);
  assert.deepEqual(told('loadFailed').slice(0, 2), ['failed', 'none']);
  assert.deepEqual(told('unknown').slice(0, 2), ['fired', 'none']);
});

test('what could not be read leaves its size, digest and two levels of plain names, and no value', () => {
  const body = {
    event: 'secret',
    user: { email: 'secret', deep: { deeper: 'secret' } },
    list: [{ hidden: 1 }],
    'odd name': 1,
    ['x'.repeat(41)]: 1,
    'a@b.example': 1,
    _4930901820: 1,
    card_4111111111111111: { pin: 1 },
    '+49 30 901820': 1,
    'Jane Roe': 1,
    '2026-08-01': 1,
  };
  const raw = Buffer.from(JSON.stringify(body));
  const { body: unread, personal } = unreadRecord(raw, 'body_shape', 'quarantined', 'server', 5);
  assert.deepEqual(unread['skeleton'], ['event', 'user', 'user.email', 'user.deep', 'list']);
  assert.equal(unread['bytes'], raw.length);
  assert.match(String(unread['digest']), /^[0-9a-f]{64}$/);
  assert.equal(personal, null);
  assert.ok(!JSON.stringify(unread).includes('secret'));
  assert.deepEqual(
    unreadRecord(Buffer.from('not json: secret'), 'body_not_json', 'quarantined', 'server', 5).body['skeleton'],
    [],
  );
  const many = Object.fromEntries(Array.from({ length: 99 }, (_, n) => [`n${n}`, 1]));
  assert.equal(
    (unreadRecord(Buffer.from(JSON.stringify(many)), 'x', 'refused', 'server', 5).body['skeleton'] as string[]).length,
    50,
  );
});

const LEAD_FIELDS = ['source', 'consent', 'lead_id', 'status'];

function ok(parsed: Parsed<NewRecord[]>): NewRecord[] {
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.problems));
  return parsed.value;
}
