import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readTarget } from './target.ts';

const SITES = {
  origins: ['https://shop.example', 'http://shop.localhost:3000'],
  domains: ['shop.example', 'pay.example'],
};

const read = (to: string): string | undefined => {
  const target = readTarget(new URLSearchParams({ to }), SITES);
  return target.ok ? target.value.href : undefined;
};

const good = `
  https://shop.example                      https://shop.example/
  http://shop.example/p?x=1#top             http://shop.example/p?x=1#top
  https://www.shop.example/a%20b            https://www.shop.example/a%20b
  HTTPS://SHOP.EXAMPLE/P                    https://shop.example/P
  https://pay.example:443/                  https://pay.example/
  http://shop.localhost:3000/cart           http://shop.localhost:3000/cart
  https://shop.example/?to=//evil.example   https://shop.example/?to=//evil.example
  https://shop.example/@evil.example        https://shop.example/@evil.example
`;
for (const row of good.trim().split('\n')) {
  const [to = '', target] = row.trim().split(/\s+/);
  test(`a click may go to ${to}`, () => assert.equal(read(to), target));
}

const bad = [
  ...['', '/p', '//shop.example', 'shop.example', 'https:shop.example', 'https:/shop.example', 'https:///shop.example'],
  ...['https://evil.example', 'https://shop.example.evil.example', 'https://evilshop.example', 'https://shop.example.'],
  ...['https://shop.example@evil.example', 'https://u:p@shop.example', 'https://evil.example#@shop.example'],
  ...['https://evil.example?.shop.example', 'https://evil.example/.shop.example', 'https://shop.example:8443/'],
  ...[
    'https://shop.example:80@evil.example',
    'https://shop.example%40evil.example',
    'https://shop.example%2eevil.example',
  ],
  ...[
    'https://evil.example\\.shop.example',
    'https:\\\\shop.example',
    'https://shop.example\\@evil.example',
    '\\\\shop.example',
  ],
  ...['https://shop.example/\\evil.example', 'https://shop.example/\r\nset-cookie: x=1', 'https://shop.example/\0'],
  ...[' https://shop.example', 'https://shop.example ', 'ht\ttps://shop.example', 'https://shop.example/\u2028'],
  ...[
    'https://evil.example／.shop.example',
    'https://evil.example。shop.example.evil',
    'https://[::1]/',
    'https://127.0.0.1/',
  ],
  ...[
    'javascript:alert(1)',
    'javascript://shop.example/%0aalert(1)',
    'data:text/html,x',
    'ftp://shop.example/',
    'blob:https://shop.example/1',
  ],
  ...[
    'http://shop.localhost/',
    'https://shop.localhost:3000/',
    'http://shop.localhost:3001/',
    `https://shop.example/${'x'.repeat(2048)}`,
  ],
];
for (const to of bad)
  test(`a click may not go to ${JSON.stringify(to.slice(0, 60))}`, () => {
    const target = readTarget(new URLSearchParams({ to }), SITES);
    assert.ok(!target.ok);
    const [problem, ...more] = target.problems;
    assert.deepEqual([problem?.where, problem?.code, more], ['to', 'target_foreign', []]);
    assert.ok(problem?.what && problem.fix);
  });

test('two targets are none', () => {
  assert.ok(!readTarget(new URLSearchParams('to=https://shop.example&to=https://shop.example'), SITES).ok);
});

test('whatever is written, a click stays on the spec’s hosts', () => {
  const piece = fc.oneof(
    fc.constantFrom('https:', 'http:', '//', '/', '\\', '@', ':', '.', '#', '?', '%2f', '%40', '\t', '443'),
    fc.constantFrom('shop.example', 'evil.example', 'pay.example', 'www.', '[::1]', '\u3002', 'ß'),
    fc.string({ maxLength: 4, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, whole) => {
      const target = read((whole ? 'https://' : '') + pieces.join(''));
      if (target === undefined) return;
      const url = new URL(target);
      assert.match(url.hostname, /^(?:[^/@]+\.)?(?:shop|pay)\.example$/, target);
      assert.deepEqual([url.username, url.password, url.port], ['', '', '']);
      assert.match(target, /^https?:\/\/[\x21-\x7e]+$/);
    }),
    { numRuns: 2000 },
  );
});
