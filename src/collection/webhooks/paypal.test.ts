import assert from 'node:assert/strict';
import { sign as rsa, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { DAY, MINUTE } from '../../event/time.ts';
import { paypalWith } from './paypal.ts';
import { certificateHost, PaypalCertificates } from './paypal-certificate.ts';
import { CERTIFICATES, SIGNING_KEY } from './paypal-keys.conformance.ts';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead, HookWorld } from './provider.ts';

const WEBHOOK = '8PT597110X687430L';
const OLD = '1JE4291016473214C';
const AT = Date.UTC(2026, 10, 22, 17, 36);
const LIVE = 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-df8cd2d5';
const SANDBOX = 'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77';

interface Body {
  event_type: string;
  resource: Record<string, unknown>;
}

function example(name: string): Body {
  return JSON.parse(readFileSync(new URL(`../../../examples/webhooks/paypal/${name}.json`, import.meta.url), 'utf8'));
}

function sign(body: Buffer, webhook: string, at: number, url = LIVE): Record<string, string> {
  const id = '103e3700-8b0c-11ee-8695-6b62a8a99ac4';
  const time = new Date(at).toISOString();
  const signature = rsa('sha256', Buffer.from(`${id}|${time}|${webhook}|${crc32(body)}`), SIGNING_KEY);
  return {
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': signature.toString('base64'),
    'paypal-cert-url': url,
    'paypal-auth-algo': 'SHA256withRSA',
  };
}

/** PayPal's hosts, and how often each address was asked. */
function hosts(
  pages: Readonly<Record<string, string | Buffer>>,
  roots: readonly string[] = [CERTIFICATES.issuer],
): HookWorld & { asked: string[] } {
  const asked: string[] = [];
  const fetch = (url: string): Promise<Buffer> => {
    asked.push(url);
    const page = pages[url];
    return page === undefined ? Promise.reject(new Error('404')) : Promise.resolve(Buffer.from(page));
  };
  return { fetch, asked, roots: () => roots };
}

const WORLD = hosts({ [LIVE]: CERTIFICATES.live, [SANDBOX]: CERTIFICATES.sandbox });

conformsAsProvider(paypalWith(new PaypalCertificates()), {
  secrets: [WEBHOOK, OLD],
  body: JSON.stringify(example('PAYMENT.CAPTURE.COMPLETED')),
  at: AT,
  sign,
  timestamped: false,
  examples: examples(),
  unknown: {
    body: JSON.stringify({ ...example('PAYMENT.CAPTURE.COMPLETED'), event_type: 'PAYMENT.AUTHORIZATION.CREATED' }),
    topic: 'PAYMENT.AUTHORIZATION.CREATED',
  },
  world: WORLD,
  runs: 60,
});

const PAYPAL = { provider: 'paypal', order_id: '10045' };
const CAPTURE = { payment: 'paypal:2GG279541U471931P' };
const SUM = { amount: '59.90', currency: 'EUR' };

test('an approved order is told with its visitor and what is in it, and waits for its capture', async () => {
  assert.deepEqual(await read(example('CHECKOUT.ORDER.APPROVED')), {
    kind: 'told',
    topic: 'CHECKOUT.ORDER.APPROVED',
    order: {
      order_id: '10045',
      value: '59.90',
      currency: 'EUR',
      contents: [
        { content_id: 'SKU-1', quantity: 1, price: '34.90' },
        { content_id: 'SKU-2', quantity: 2, price: '10.00' },
      ],
      time: '2026-11-22T17:34:50Z',
      visitor: '2f0e6d4c9b8a4e3f9d1c7b5a3e1f0d2c',
      session: '7b5a3e1f0d2c4e3f9d1c2f0e6d4c9b8a',
    },
    facts: [{ ...PAYPAL, reference: '5O190127TN364715T-approved', fact: 'pending', time: '2026-11-22T17:34:50Z' }],
  });
});

test('what becomes of the money is told by captures, refunds and disputes', async () => {
  const capture = '2GG279541U471931P';
  const dispute = 'PP-D-27803';
  for (const [name, facts] of [
    [
      'PAYMENT.CAPTURE.COMPLETED',
      [
        { ...PAYPAL, reference: capture, fact: 'payment', ...SUM, time: '2026-11-22T17:35:27Z' },
        {
          ...PAYPAL,
          reference: `${capture}-fee`,
          fact: 'fee',
          amount: '2.14',
          currency: 'EUR',
          time: '2026-11-22T17:35:27Z',
        },
      ],
    ],
    [
      'PAYMENT.CAPTURE.PENDING',
      [{ ...PAYPAL, reference: `${capture}-pending`, fact: 'pending', time: '2026-11-22T17:35:27Z' }],
    ],
    [
      'PAYMENT.CAPTURE.DENIED',
      [{ ...PAYPAL, reference: `${capture}-denied`, fact: 'pending', time: '2026-11-26T08:00:12Z' }],
    ],
    [
      'PAYMENT.CAPTURE.REFUNDED',
      [
        {
          ...PAYPAL,
          ...CAPTURE,
          reference: '1Y107995YT783435V',
          fact: 'refund',
          amount: '25.00',
          currency: 'EUR',
          time: '2026-11-27T10:12:03Z',
        },
      ],
    ],
    [
      'PAYMENT.CAPTURE.REVERSED',
      [
        {
          ...PAYPAL,
          ...CAPTURE,
          reference: '09E71677NS257044M-reversed',
          fact: 'chargeback',
          ...SUM,
          time: '2026-12-09T06:30:00Z',
        },
      ],
    ],
    [
      'CUSTOMER.DISPUTE.CREATED',
      [{ ...PAYPAL, ...CAPTURE, reference: `${dispute}-opened`, fact: 'dispute', time: '2026-12-02T09:15:40.000Z' }],
    ],
    [
      'CUSTOMER.DISPUTE.RESOLVED',
      [{ ...PAYPAL, ...CAPTURE, reference: `${dispute}-lost`, fact: 'disputeLost', time: '2026-12-14T12:00:00.000Z' }],
    ],
  ] as const)
    assert.deepEqual(await read(example(name)), { kind: 'told', topic: name, facts }, name);
});

test('an order’s number is that of the custom id, then the invoice’s, then PayPal’s own', async () => {
  const related = { related_ids: { order_id: '5O190127TN364715T' } };
  for (const [ids, orderId] of [
    [{ custom_id: '10045', invoice_id: '10045-1' }, '10045'],
    [{ custom_id: ' 10045 |v.s', invoice_id: '10045-1' }, '10045'],
    [{ custom_id: '|v.s', invoice_id: '10045-1' }, '10045-1'],
    [{ custom_id: '{"order":10045}', invoice_id: '10045-1' }, '10045-1'],
    [{ custom_id: 'ann@example.com', invoice_id: '10045-1' }, '10045-1'],
    [{ custom_id: null, invoice_id: null, supplementary_data: related }, '5O190127TN364715T'],
    [{ custom_id: null, invoice_id: null, supplementary_data: null }, '2GG279541U471931P'],
  ] as const) {
    const told = await read(changed('PAYMENT.CAPTURE.COMPLETED', ids));
    assert.equal(told.kind === 'told' && told.facts[0]?.order_id, orderId, JSON.stringify(ids));
  }
  const refund = await read(changed('PAYMENT.CAPTURE.REFUNDED', { custom_id: null, invoice_id: null }));
  assert.partialDeepStrictEqual(refund, { facts: [{ order_id: '2GG279541U471931P', ...CAPTURE, by_payment: true }] });
});

test('a basket of several parts is as many orders that wait, and none that is told', async () => {
  const [unit] = example('CHECKOUT.ORDER.APPROVED').resource['purchase_units'] as object[];
  const other = { ...unit, custom_id: '10046' };
  const told = await read(changed('CHECKOUT.ORDER.APPROVED', { purchase_units: [unit, other, other] }));
  assert.ok(told.kind === 'told' && told.order === undefined);
  assert.deepEqual(
    told.facts.map(({ order_id }) => order_id),
    ['10045', '10046'],
  );
});

test('each outcome of a dispute is won or lost, and one that decides nothing says nothing', async () => {
  for (const [outcome_code, fact] of [
    ['RESOLVED_SELLER_FAVOUR', 'disputeWon'],
    ['RESOLVED_WITH_PAYOUT', 'disputeWon'],
    ['CANCELED_BY_BUYER', 'disputeWon'],
    ['DENIED', 'disputeWon'],
    ['RESOLVED_BUYER_FAVOUR', 'disputeLost'],
    ['ACCEPTED', 'disputeLost'],
    ['NONE', undefined],
  ] as const) {
    const told = await read(changed('CUSTOMER.DISPUTE.RESOLVED', { dispute_outcome: { outcome_code } }));
    assert.equal(told.kind === 'told' ? told.facts[0]?.fact : undefined, fact, outcome_code);
  }
});

test('money that can’t be read is no fact', async () => {
  for (const amount of [
    { currency_code: 'EUR', value: '-59.90' },
    { currency_code: 'EUR', value: '59,90' },
    { currency_code: 'XAU', value: '59.90' },
    { currency_code: 'EUR' },
    null,
  ])
    assert.partialDeepStrictEqual(await read(changed('PAYMENT.CAPTURE.COMPLETED', { amount })), {
      kind: 'other',
      reason: 'body_shape',
    });
  const yen = { currency_code: 'JPY', value: '5990' };
  assert.partialDeepStrictEqual(await read(changed('PAYMENT.CAPTURE.COMPLETED', { amount: yen })), {
    facts: [{ amount: '5990', currency: 'JPY' }, {}],
  });
});

test('what the sandbox signs is a draft', async () => {
  const body = example('PAYMENT.CAPTURE.COMPLETED');
  assert.partialDeepStrictEqual(await read(body, { url: SANDBOX }), { kind: 'told', draft: true });
  assert.equal(Object.hasOwn(await read(body), 'draft'), false);
});

test('a certificate is asked for at PayPal’s own addresses alone', async () => {
  for (const url of [
    'http://api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com:8443/v1/notifications/certs/CERT-1',
    'https://api.paypal.com:443/v1/notifications/certs/CERT-1',
    'https://api.paypal.com.example.net/v1/notifications/certs/CERT-1',
    'https://paypal.com/v1/notifications/certs/CERT-1',
    'https://www.paypal.com/v1/notifications/certs/CERT-1',
    'https://API.PAYPAL.COM/v1/notifications/certs/CERT-1',
    'https://user@api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com@example.net/v1/notifications/certs/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/',
    'https://api.paypal.com/v1/notifications/certs/../../../CERT-1',
    'https://api.paypal.com/v1/notifications/certs/..%2fCERT-1',
    'https://api.paypal.com/v1/notifications/certs/CERT-1?a=1',
    'https://api.paypal.com/v1/notifications/certs/CERT-1#a',
    'https://api.paypal.com/v1/other/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/CERT 1',
    ' https://api.paypal.com/v1/notifications/certs/CERT-1',
    `https://api.paypal.com/v1/notifications/certs/${'C'.repeat(300)}`,
    '',
  ]) {
    const world = hosts({ [url]: CERTIFICATES.live });
    assert.equal(certificateHost(url), undefined, url);
    assert.equal((await read(example('PAYMENT.CAPTURE.COMPLETED'), { url, world })).kind, 'refused');
    assert.deepEqual(world.asked, []);
  }
  assert.deepEqual([certificateHost(LIVE), certificateHost(SANDBOX)], ['live', 'sandbox']);
});

test('a certificate must be PayPal’s for signing, in force, and issued by those that come along', async () => {
  const { live, issuer, namesake, stranger, over, issuing, sandbox, root } = CERTIFICATES;
  for (const [what, page, kind] of [
    ['alone', live, 'told'],
    ['with its issuer', `${live}\n${issuer}\n`, 'told'],
    ['with text around it', `subject=PayPal\n${live}\n`, 'told'],
    ['with another of its issuer’s name', `${live}\n${namesake}`, 'refused'],
    ['of another root', root, 'refused'],
    ['with itself as issuer', `${live}\n${live}`, 'refused'],
    ['of the sandbox', sandbox, 'refused'],
    ['of a stranger', stranger, 'refused'],
    ['that may issue others', issuing, 'refused'],
    ['not in force any more', over, 'refused'],
    ['of an authority', issuer, 'refused'],
    ['that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'refused'],
    ['that is a page', '<html>not found</html>', 'refused'],
    ['empty', '', 'refused'],
  ] as const) {
    const world = hosts({ [LIVE]: page });
    assert.equal((await read(example('PAYMENT.CAPTURE.COMPLETED'), { world })).kind, kind, what);
  }
  // It had been in force.
  const world = hosts({ [LIVE]: over });
  const then = await read(example('PAYMENT.CAPTURE.COMPLETED'), { world, at: Date.UTC(2020, 5, 1) });
  assert.equal(then.kind, 'told');
});

test('a certificate leads up to a root, by an issuer that comes along or is fetched where PayPal’s authority keeps it', async () => {
  const { root, intermediate, bare, bareElsewhere, live, namesake, issuer } = CERTIFICATES;
  const address = 'https://cacerts.digicert.com/TestIntermediate.crt';
  const der = new X509Certificate(intermediate).raw;
  for (const [what, pages, roots, kind] of [
    ['with its issuer', { [LIVE]: `${bare}\n${intermediate}` }, [root], 'told'],
    ['with all of its issuers', { [LIVE]: `${bare}\n${intermediate}\n${root}` }, [issuer, root], 'told'],
    ['alone', { [LIVE]: bare, [address]: der }, [root], 'told'],
    ['alone, its issuer as text', { [LIVE]: bare, [address]: intermediate }, [root], 'told'],
    ['by an issuer who is trusted itself', { [LIVE]: bare }, [intermediate], 'told'],
    ['by a root that is not trusted', { [LIVE]: `${bare}\n${intermediate}\n${root}` }, [issuer], 'refused'],
    ['by none that is trusted', { [LIVE]: `${bare}\n${intermediate}` }, [], 'refused'],
    ['whose issuer is not to be had', { [LIVE]: bare }, [root], 'refused'],
    ['whose issuer is another', { [LIVE]: bare, [address]: new X509Certificate(root).raw }, [root], 'refused'],
    ['whose issuer stands at a stranger’s', { [LIVE]: bareElsewhere, [address]: der }, [root], 'refused'],
    ['by a root’s namesake', { [LIVE]: live }, [namesake], 'refused'],
  ] as const) {
    const world = hosts(pages as Record<string, string | Buffer>, roots);
    assert.equal((await read(example('PAYMENT.CAPTURE.COMPLETED'), { world })).kind, kind, what);
    assert.ok(
      world.asked.every((url) => url === LIVE || url === address),
      what,
    );
  }
});

test('a certificate is fetched once a day, and one that can’t be had once a minute', async () => {
  const certificates = new PaypalCertificates();
  const world = hosts({ [LIVE]: CERTIFICATES.live });
  const hold = (url: string, at: number): Promise<unknown> => certificates.keyAt(url, at, world);
  await Promise.all([hold(LIVE, AT), hold(LIVE, AT), hold(LIVE, AT)]);
  await hold(LIVE, AT + DAY - 1);
  assert.deepEqual(world.asked, [LIVE]);
  await hold(LIVE, AT + DAY + 1);
  assert.deepEqual(world.asked, [LIVE, LIVE]);
  await Promise.all([hold(SANDBOX, AT), hold(SANDBOX, AT)]);
  await hold(SANDBOX, AT + MINUTE - 1);
  assert.deepEqual(world.asked, [LIVE, LIVE, SANDBOX]);
  assert.equal(await hold(SANDBOX, AT + MINUTE + 1), undefined);
  assert.deepEqual(world.asked, [LIVE, LIVE, SANDBOX, SANDBOX]);
});

test('addresses that anybody makes up are forgotten, and push out none of PayPal’s', async () => {
  const certificates = new PaypalCertificates();
  const world = hosts({ [LIVE]: CERTIFICATES.live });
  await certificates.keyAt(LIVE, AT, world);
  const ask = (n: number): Promise<unknown> => certificates.keyAt(`${LIVE}${n}`, AT, world);
  for (let n = 0; n < 100; n++) await ask(n);
  await ask(0);
  assert.equal(world.asked.length, 102);
  await ask(99);
  assert.ok(await certificates.keyAt(LIVE, AT, world));
  assert.equal(world.asked.length, 102);
});

test('nothing is fetched for a message that is not shaped like PayPal’s', async () => {
  for (const headers of [
    { 'paypal-auth-algo': 'SHA1withRSA' },
    { 'paypal-transmission-sig': 'not base64!' },
    { 'paypal-transmission-time': 'yesterday' },
    { 'paypal-transmission-id': 'a b' },
  ]) {
    const world = hosts({ [LIVE]: CERTIFICATES.live });
    assert.equal((await read(example('PAYMENT.CAPTURE.COMPLETED'), { world, headers })).kind, 'refused');
    assert.deepEqual(world.asked, []);
  }
});

/** The example with these fields of its resource. */
function changed(name: string, change: object): Body {
  const body = example(name);
  return { ...body, resource: { ...body.resource, ...change } };
}

interface Circumstances {
  url?: string;
  world?: HookWorld;
  at?: number;
  headers?: Record<string, string>;
}

async function read(
  body: object,
  { url = LIVE, world = WORLD, at = AT, headers }: Circumstances = {},
): Promise<HookRead> {
  const raw = Buffer.from(JSON.stringify(body));
  const all = { ...sign(raw, WEBHOOK, at, url), ...headers };
  const provider = paypalWith(new PaypalCertificates());
  return provider.read({ method: 'POST', url: '', headers: all, raw, receivedAt: at }, [WEBHOOK], world);
}

test('a fee that comes back with a refund is told, and none where nothing does', async () => {
  const paypal_fee = { currency_code: 'EUR', value: '0.71' };
  const told = await read(changed('PAYMENT.CAPTURE.REFUNDED', { seller_payable_breakdown: { paypal_fee } }));
  assert.partialDeepStrictEqual(told, {
    facts: [{}, { reference: '1Y107995YT783435V-fee-returned', fact: 'feeReturned', amount: '0.71', ...CAPTURE }],
  });
  const plain = await read(example('PAYMENT.CAPTURE.REFUNDED'));
  assert.equal(plain.kind === 'told' && plain.facts.length, 1);
});

test('the payments of a subscription are the system’s own, and what is given back of them stands with them', async () => {
  const sale = '80021663DE681814L';
  assert.deepEqual(await read(example('PAYMENT.SALE.COMPLETED')), {
    kind: 'told',
    topic: 'PAYMENT.SALE.COMPLETED',
    facts: [
      { ...{ fact: 'payment', amount: '19.00' }, reference: sale },
      { ...{ fact: 'fee', amount: '0.91' }, reference: `${sale}-fee` },
    ].map((fact) => ({
      ...{ provider: 'paypal', order_id: sale, currency: 'EUR', time: '2026-12-22T17:31:07Z', origin: 'system' },
      ...fact,
    })),
  });
  const { billing_agreement_id: _agreement, ...once } = example('PAYMENT.SALE.COMPLETED').resource;
  const single = { ...example('PAYMENT.SALE.COMPLETED'), resource: { ...once, custom: '10045' } };
  assert.partialDeepStrictEqual(await read(single), { facts: [{ order_id: '10045', reference: sale }, {}] });
  assert.partialDeepStrictEqual(await read(example('PAYMENT.SALE.REFUNDED')), {
    facts: [
      { order_id: sale, payment: `paypal:${sale}`, by_payment: true, fact: 'refund', amount: '19.00' },
      { fact: 'feeReturned', amount: '0.42' },
    ],
  });
});

/** The examples, and what their topics tell in other cases. */
function examples(): { body: object }[] {
  const folder = new URL('../../../examples/webhooks/paypal/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const paypal_fee = { currency_code: 'EUR', value: '0.71' };
  const breakdown = { seller_payable_breakdown: { paypal_fee } };
  const { refund_from_transaction_fee: _fee, ...reversed } = example('PAYMENT.SALE.REFUNDED').resource;
  return [
    ...files.map((file) => example(file.replace('.json', ''))),
    changed('PAYMENT.CAPTURE.REFUNDED', breakdown),
    changed('PAYMENT.CAPTURE.REVERSED', breakdown),
    { ...example('PAYMENT.SALE.COMPLETED'), event_type: 'PAYMENT.SALE.PENDING' },
    { ...example('PAYMENT.SALE.COMPLETED'), event_type: 'PAYMENT.SALE.DENIED' },
    { event_type: 'PAYMENT.SALE.REVERSED', resource: { ...reversed, amount: { total: '-19.00', currency: 'EUR' } } },
    changed('CUSTOMER.DISPUTE.RESOLVED', { dispute_outcome: { outcome_code: 'RESOLVED_SELLER_FAVOUR' } }),
  ].map((body) => ({ body }));
}
