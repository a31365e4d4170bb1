import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceAnswer } from '../../src/api/answers.ts';
import { batch } from '../door.ts';
import { SHOP, WRITE_KEY } from '../server.ts';
import { told } from './bodies.ts';
import type { Answer, Stage } from './stage.ts';

const CONTENTS = [{ content_id: 'SKU-1', quantity: 1, price: 59.9 }];

function order(id: string, more: object = {}): object {
  return {
    ...{ order_id: id, value: '59.90', currency: 'EUR', contents: CONTENTS, consent: 'granted' },
    page: { url: `${SHOP}/checkout` },
    ...more,
  };
}

/** What people claim that is not theirs: orders, capabilities, receipts, ids, and to be somebody else. */
export function claims(stage: () => Stage): void {
  async function settled(answer: Answer): Promise<Answer> {
    await stage().verdicts(String(answer.json['receipt']));
    return answer;
  }
  const create = async (to: string, body: object): Promise<string> =>
    String((await settled(await stage().ask(to, body))).json['handout']);
  const trace = async (id: string): Promise<TraceAnswer> =>
    (await stage().ask(`operator GET /v1/trace/${id}`)).json as unknown as TraceAnswer;
  const page = (visitor: string | undefined, more: object = {}): object => ({
    key: WRITE_KEY,
    ...(visitor === undefined ? {} : { visitor, session: `s-of-${visitor}` }),
    ...more,
  });

  const THIEVES: [name: string, visitor: string | undefined][] = [
    ['another visitor', 'v-thief'],
    ['a page that names no visitor', undefined],
  ];
  for (const [teller, to] of [
    ['a page', 'page POST /v1/orders'],
    ['the server', 'server POST /v1/orders'],
  ] as const)
    for (const [name, thief] of THIEVES)
      test(`an order that ${teller} told can’t be taken by ${name}`, async () => {
        const id = `H-${teller.length}-${name.length}`;
        const owner = page('v-owner', { consent: 'denied' });
        const own = await create(to, order(id, owner));
        const before = await trace(id);
        const capability = await create(
          'page POST /v1/orders',
          order(id, {
            ...page(thief),
            value: '0.01',
            contents: [{ content_id: 'EVIL' }],
            page: { url: `${SHOP}/evil` },
          }),
        );
        const answer = await stage().ask(`page GET /v1/handouts/${capability}`);
        assert.equal(answer.status, 404, answer.text);
        assert.equal((await stage().ask(`page GET /v1/handouts/${own}`)).status, 200);
        const after = await trace(id);
        const kept = ({ order, events }: TraceAnswer): unknown => [
          order,
          events.map(({ value, visitor, consent, matchKeys, normalised, requests, dispatches }) => [
            ...[value, visitor, consent, matchKeys, normalised, requests, dispatches],
          ]),
        ];
        assert.equal(after.events.length, 1);
        assert.equal(after.order?.total, '59.90 EUR');
        assert.deepEqual(kept(after), kept(before));
      });

  for (const id of ['H-\ud800', 'H-a\u0000b', 'H-a\u200bb', '__proto__', 'constructor', 'H-\u202e', 'H-ß', 'H-\ufb03'])
    test(`the order ${JSON.stringify(id)} told twice is one order, under the name that the answer gives it`, async () => {
      const first = await settled(await stage().ask('server POST /v1/orders', order(id)));
      const [again] = await stage().verdicts(
        String((await stage().ask('server POST /v1/orders', order(id))).json['receipt']),
      );
      assert.ok(again && ['duplicate', 'paired'].includes(again.verdict), JSON.stringify(again));
      const { order_id, event_id } = first.json;
      const { events } = await trace(encodeURIComponent(String(order_id).toWellFormed()));
      assert.equal(events.length, 1);
      // Half a surrogate pair can’t be asked for: no address holds it.
      assert.equal(events[0]?.eventId.toWellFormed(), String(event_id).toWellFormed());
    });

  test('a Purchase that a stranger’s page tells for an order changes nothing of it', async () => {
    await create('server POST /v1/orders', order('H-purchase', { visitor: 'v-owner' }));
    const before = await trace('H-purchase');
    const event = {
      event: 'Purchase',
      event_id: 'thief',
      properties: { order_id: 'H-purchase', value: 0.01, currency: 'EUR', contents: CONTENTS },
    };
    await settled(await stage().ask('page POST /v1/events', batch({ visitor: 'v-thief', events: [event] })));
    const after = await trace('H-purchase');
    assert.equal(after.events.length, 1);
    assert.deepEqual(after.order, before.order);
    assert.equal(after.events[0]?.value, '59.90 EUR');
  });

  const GUESSES = [
    'x',
    'A'.repeat(22),
    'A'.repeat(5000),
    '__proto__',
    '%00',
    '%F0%9F%92%A5',
    "'%20OR%201=1",
    '..',
    'null',
    '0',
  ];
  for (const path of ['/v1/handouts/', '/v1/receipts/', '/v1/carry/'])
    test(`every guess at ${path} gets one answer`, async () => {
      const answers = new Set<string>();
      for (const guess of GUESSES) {
        const { status, text } = await stage().ask(`page GET ${path}${guess.replace(/^\.\.$/, '%252E.')}?wait=9e99`);
        answers.add(`${status} ${text}`);
      }
      assert.deepEqual(
        [...answers].map((answer) => answer.slice(0, 3)),
        ['404'],
      );
    });

  test('a receipt opens its own records alone, whichever part of it is changed', async () => {
    const { json } = await settled(await stage().ask('server POST /v1/server/events', told({ event_id: 'receipt' })));
    const receipt = String(json['receipt']);
    const [first = '', count = '', mac = ''] = receipt.slice(2).split(/-(.*?)-(.*)/s);
    const wider = [
      `r_1-${count}-${mac}`,
      `r_${first}-zz-${mac}`,
      `r_${first}-${count}-${mac.slice(0, -1)}`,
      receipt.toUpperCase(),
      `${receipt}=`,
      ` ${receipt}`,
    ];
    for (const changed of wider)
      assert.equal((await stage().ask(`nobody GET /v1/receipts/${encodeURIComponent(changed)}`)).status, 404, changed);
    assert.equal((await stage().ask(`nobody GET /v1/receipts/${receipt}`)).status, 200);
  });

  test('a carry token works once, for pages of ours, and a look at its head does not spend it', async () => {
    const { json } = await stage().ask('page POST /v1/carry', {
      key: WRITE_KEY,
      visitor: 'v-carry',
      session: 's-carry',
    });
    const path = `/v1/carry/${json['token']}`;
    assert.equal((await stage().ask(`page GET ${path}`, undefined, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await stage().ask(`page HEAD ${path}`)).status, 404);
    assert.deepEqual((await stage().ask(`page GET ${path}`)).json, { visitor: 'v-carry', session: 's-carry' });
    assert.equal((await stage().ask(`page GET ${path}`)).status, 404);
  });

  test('a page that says it fired what it was never given changes nothing', async () => {
    await create('server POST /v1/orders', order('H-fired'));
    const before = await trace('H-fired');
    const report = ['fired', 'A'.repeat(22), 'demo-H-fired', 1_785_585_600];
    const records = await stage().verdicts(
      String((await stage().ask('page POST /v1/events', batch({ events: [report] }))).json['receipt']),
    );
    assert.ok(
      records.every(({ verdict }) => verdict === 'refused' || verdict === 'quarantined'),
      JSON.stringify(records),
    );
    assert.deepEqual((await trace('H-fired')).events[0]?.dispatches, before.events[0]?.dispatches);
  });

  for (const source of ['app', 'offline', 'crm'])
    test(`a page that says it is ${source}, a system and somewhere else is a visitor’s page from where it asks`, async () => {
      const pretence = {
        source,
        origin: 'system',
        user: { ip: '203.0.113.9', user_agent: 'Pretence/1' },
        draft: false,
        bot: true,
        spec: 99,
      };
      await stage().written();
      const events = [{ event: 'Probe', event_id: `pretend-${source}`, ...pretence }];
      await settled(
        await stage().ask('page POST /v1/events', batch({ ...pretence, spec: 1, events }), {
          'x-forwarded-for': '203.0.113.9',
          forwarded: 'for=203.0.113.9',
        }),
      );
      await settled(
        await stage().ask('page POST /v1/orders', order(`H-pretend-${source}`, { ...pretence, ...page('v-1') })),
      );
      await settled(
        await stage().ask('page POST /v1/leads', {
          ...page('v-1'),
          lead_id: `L-pretend-${source}`,
          ...pretence,
          source: source === 'crm' ? 'crm' : 'web',
        }),
      );
      const records = await stage().written();
      assert.deepEqual(
        records.map(({ kind }) => kind),
        ['event', 'order', 'lead'],
      );
      for (const { door, body, personal } of records) {
        assert.equal(door, 'browser');
        assert.equal(body['source'], 'web');
        for (const name of ['origin', 'bot', 'draft']) assert.equal(body[name], undefined, name);
        assert.equal(personal?.user?.ip, '127.0.0.1');
        assert.match(personal?.user?.user_agent ?? '', /^Mozilla/);
      }
    });

  test('ids that would break out of a header set no cookie, and others set it for the site alone', async () => {
    const cookieOf = async (visitor: string): Promise<string | null> =>
      (await stage().ask('page POST /v1/events', batch({ visitor, events: [] }))).headers.get('set-cookie');
    for (const visitor of [
      'v\r\nSet-Cookie: a=b',
      'v; Domain=evil.example',
      'v.w',
      'ü',
      'v\u0000',
      '"',
      'v'.repeat(129),
    ])
      assert.equal(await cookieOf(visitor), null, visitor);
    assert.match(
      (await cookieOf('v-1')) ?? '',
      /^_assay=v-1\.s-1; Domain=shop\.example; Path=\/; SameSite=Lax; Secure; Max-Age=\d+$/,
    );
  });

  test('a click keeps what would break out of a header inside its address', async () => {
    const target = `${SHOP}/?a=%0d%0aSet-Cookie:%20x=y`;
    const { status, headers } = await stage().ask(
      `page GET /v1/click?to=${encodeURIComponent(target)}&utm_source=%0d%0aX-Evil:%201&ttclid=%E2%80%AE%00`,
    );
    assert.equal(status, 302);
    assert.equal(headers.get('x-evil') ?? headers.get('set-cookie'), null);
    assert.equal(new URL(headers.get('location') ?? '').origin, SHOP);
  });
}
