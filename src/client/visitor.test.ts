import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type VisitorFacts, type VisitorOptions, type VisitorRequest, visitorOf } from './visitor.ts';

const COOKIES = 'a=1; _assay=2f0e6d4c.9d1c7b5a; _ttp=2abcDEF_; ttclid=E.C.P.cookie';

test('a request of node:http says who the visitor is and where they are', async (t) => {
  const seen: VisitorFacts[] = [];
  const server = createServer((asked, answer) => {
    seen.push(visitorOf(asked));
    answer.end();
  });
  t.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = request({
    ...{ port, host: '127.0.0.1', path: '/cart?ttclid=E.C.P.url', method: 'GET', agent: false },
    headers: { host: 'shop.example', cookie: COOKIES, 'user-agent': 'Mozilla/5.0', referer: 'https://other.example/' },
  });
  const [answer] = (await once(asked.end(), 'response')) as [IncomingMessage];
  answer.resume();
  assert.deepEqual(seen[0], {
    visitor: '2f0e6d4c',
    session: '9d1c7b5a',
    user: { ip: '127.0.0.1', user_agent: 'Mozilla/5.0', ttclid: 'E.C.P.url', ttp: '2abcDEF_' },
    page: { url: 'http://shop.example/cart?ttclid=E.C.P.url', referrer: 'https://other.example/' },
  });
});

test('a Request of the web says the same, but for the address', () => {
  const asked = new Request('https://shop.example/cart', { headers: { cookie: COOKIES, 'user-agent': 'Mozilla/5.0' } });
  assert.deepEqual(visitorOf(asked, { ip: '203.0.113.7' }), {
    visitor: '2f0e6d4c',
    session: '9d1c7b5a',
    user: { ip: '203.0.113.7', user_agent: 'Mozilla/5.0', ttclid: 'E.C.P.cookie', ttp: '2abcDEF_' },
    page: { url: 'https://shop.example/cart' },
  });
});

test('a form’s page is the one that it was sent from', () => {
  const headers = { host: 'shop.example', referer: 'https://shop.example/checkout?ttclid=E.C.P.form' };
  const facts = visitorOf({ method: 'POST', url: '/api/pay', headers }, { origin: 'https://shop.example' });
  assert.deepEqual(facts, {
    user: { ttclid: 'E.C.P.form' },
    page: { url: 'https://shop.example/checkout?ttclid=E.C.P.form' },
  });
  const bare = visitorOf({ method: 'POST', url: '/pay', headers: {} }, { origin: 'https://shop.example' });
  assert.deepEqual(bare.page, { url: 'https://shop.example/pay' });
});

test('another site’s click id is not the visitor’s', () => {
  const headers = { host: 'shop.example', referer: 'http://evil.example/?ttclid=E.C.P.theirs' };
  assert.deepEqual(visitorOf({ url: '/', headers }).user, {});
});

const addresses: [name: string, chain: string | undefined, options: VisitorOptions, ip: string | undefined][] = [
  ['nobody’s word is taken unless told', '198.51.100.9', {}, '10.0.0.1'],
  ['one proxy', '198.51.100.9, 203.0.113.7', { proxies: 1 }, '203.0.113.7'],
  ['two proxies', '198.51.100.9, 203.0.113.7, 10.0.0.2', { proxies: 2 }, '203.0.113.7'],
  ['fewer addresses than proxies', '203.0.113.7', { proxies: 3 }, '203.0.113.7'],
  ['a proxy that told nothing', undefined, { proxies: 1 }, '10.0.0.1'],
  ['an address that is none', 'unknown', { proxies: 1 }, undefined],
  ['an address that the framework knows', '198.51.100.9', { ip: '2001:db8::1' }, '2001:db8::1'],
  ['an IPv4 address inside IPv6', undefined, { ip: '::ffff:203.0.113.7' }, '203.0.113.7'],
];
for (const [name, chain, options, ip] of addresses)
  test(`the visitor’s address: ${name}`, () => {
    const headers = { host: 'shop.example', 'x-forwarded-for': chain };
    assert.equal(visitorOf({ url: '/', headers, socket: { remoteAddress: '10.0.0.1' } }, options).user.ip, ip);
  });

const hostile: [name: string, request: VisitorRequest, options: VisitorOptions][] = [
  ['a cookie that is not ours', { headers: { cookie: '_assay=<script>; _ttp=' } }, {}],
  ['half a cookie', { headers: { cookie: '_assay=abc' } }, {}],
  ['a cookie without an end', { headers: { cookie: `_assay=${'a'.repeat(5000)}.b; _ttp=${'b'.repeat(5000)}` } }, {}],
  ['a host that is none', { url: '/', headers: { host: 'a b' } }, {}],
  ['an address without an end', { url: `/${'a'.repeat(9000)}`, headers: { host: 'shop.example' } }, {}],
];
for (const [name, asked, options] of hostile)
  test(`${name} says nothing`, () => {
    const facts = visitorOf(asked, options);
    assert.deepEqual(
      { ...facts.user, visitor: facts.visitor, url: facts.page.url },
      { visitor: undefined, url: undefined },
    );
  });

test('a path can’t name another host', () => {
  const facts = visitorOf({ url: '//evil.example/x', headers: { host: 'shop.example' } });
  assert.equal(facts.page.url, 'http://shop.example//evil.example/x');
});
