import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PROVIDERS } from '../collection/webhooks/providers.ts';
import { readConfig, SETTINGS } from './config.ts';

const SECRET = 'a-secret-of-enough-characters';
const SIGNING = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0';

test('one secret is enough; the rest has defaults', () => {
  const read = readConfig({ ASSAY_SECRET_KEY: SECRET });
  assert.ok(read.ok);
  const { dataFolder, publicHost, publicPort, adminHost, adminPort, hookSecrets, trustedProxies } = read.value;
  assert.deepEqual(
    [dataFolder, publicHost, publicPort, adminHost, adminPort],
    ['./.assay', '127.0.0.1', 8787, '127.0.0.1', 8788],
  );
  assert.deepEqual([hookSecrets, trustedProxies, read.value.publicUrl], [{ standard: [] }, [], '']);
  const { writeKeys, secretKeys, providers, views, rateAddress, rateKey } = read.value;
  assert.deepEqual([writeKeys, secretKeys, providers, views], [['wk_assay'], [SECRET], ['standard'], false]);
  assert.deepEqual([rateAddress, rateKey], [{ aSecond: 50, burst: 200 }, null]);
});

test('every setting is read, trimmed, and lists are split at commas', () => {
  const read = readConfig({
    ASSAY_DATA: ' /var/assay ',
    ASSAY_SPEC: 'shop.yaml',
    ASSAY_HOST: '0.0.0.0',
    ASSAY_PORT: '0',
    ASSAY_ADMIN_HOST: '::1',
    ASSAY_ADMIN_PORT: '65535',
    ASSAY_PUBLIC_URL: 'https://collect.shop.example/',
    ASSAY_WRITE_KEY: 'wk_shop, wk_before',
    ASSAY_SECRET_KEY: `${SECRET} ,${SECRET}-before`,
    ASSAY_PROVIDERS: 'standard',
    ASSAY_VIEWS: 'on',
    ASSAY_RATE_ADDRESS: 'off',
    ASSAY_RATE_KEY: '100/1000',
    ASSAY_WEBHOOK_SECRET: `${SIGNING}, ${SIGNING}AA==`,
    ASSAY_TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::1',
    ASSAY_TIKTOK_API: 'http://127.0.0.1:9',
    ASSAY_TIKTOK_PIXEL: 'http://127.0.0.1:9/events.js',
  });
  assert.deepEqual(read, {
    ok: true,
    value: {
      dataFolder: '/var/assay',
      specFile: 'shop.yaml',
      publicHost: '0.0.0.0',
      publicPort: 0,
      adminHost: '::1',
      adminPort: 65_535,
      publicUrl: 'https://collect.shop.example',
      writeKeys: ['wk_shop', 'wk_before'],
      secretKeys: [SECRET, `${SECRET}-before`],
      hookSecrets: { standard: [SIGNING, `${SIGNING}AA==`] },
      providers: ['standard'],
      views: true,
      rateAddress: null,
      rateKey: { aSecond: 100, burst: 1000 },
      trustedProxies: ['10.0.0.0/8', '2001:db8::1'],
      tiktokApi: 'http://127.0.0.1:9',
      tiktokPixel: 'http://127.0.0.1:9/events.js',
    },
  });
});

test('all problems come at once, and no secret is repeated', () => {
  const env = {
    ASSAY_PORT: '70000',
    ASSAY_ADMIN_PORT: 'eighty',
    ASSAY_PUBLIC_URL: 'collect.shop.example',
    ASSAY_SECRET_KEY: 'too-short-secret'.slice(0, 15),
    ASSAY_WRITE_KEY: 'a,b,c',
    ASSAY_PROVIDERS: 'standard,paypigeon',
    ASSAY_VIEWS: 'yes',
    ASSAY_RATE_ADDRESS: '50',
    ASSAY_RATE_KEY: '50/20',
    ASSAY_WEBHOOK_SECRET: `${SIGNING},not base64!`,
    ASSAY_TRUSTED_PROXIES: 'proxy.example',
    ASSAY_TIKTOK_API: 'ftp://business-api.example',
  };
  const read = readConfig(env);
  assert.ok(!read.ok);
  assert.deepEqual(new Set(read.problems.map(({ where }) => where)), new Set(Object.keys(env)));
  assert.equal(read.problems.length, Object.keys(env).length);
  const words = JSON.stringify(read.problems);
  for (const secret of [env.ASSAY_SECRET_KEY, SIGNING, 'not base64!']) assert.ok(!words.includes(secret), secret);
  for (const { what, fix } of read.problems) assert.ok(what !== '' && fix !== '');
});

test('single values are judged as an operator expects', () => {
  for (const [name, value, good] of [
    ['ASSAY_PORT', '8787', true],
    ['ASSAY_PORT', '65536', false],
    ['ASSAY_PORT', '-1', false],
    ['ASSAY_PORT', '1e3', false],
    ['ASSAY_SECRET_KEY', '', false],
    ['ASSAY_SECRET_KEY', '   ', false],
    ['ASSAY_SECRET_KEY', 'x'.repeat(16), true],
    ['ASSAY_SECRET_KEY', `${'x'.repeat(16)},${'y'.repeat(16)}`, true],
    ['ASSAY_SECRET_KEY', `${'x'.repeat(16)},${'y'.repeat(15)}`, false],
    ['ASSAY_SECRET_KEY', `${'x'.repeat(16)},${'x'.repeat(16)}`, false],
    ['ASSAY_SECRET_KEY', `${'x'.repeat(16)},${'y'.repeat(16)},${'z'.repeat(16)}`, false],
    ['ASSAY_WRITE_KEY', 'wk_new,wk_old', true],
    ['ASSAY_WRITE_KEY', ',', false],
    ['ASSAY_WRITE_KEY', SECRET, false],
    ['ASSAY_WRITE_KEY', `wk_shop,${SECRET}`, false],
    ['ASSAY_RATE_ADDRESS', '1/1', true],
    ['ASSAY_RATE_ADDRESS', '1000000/1000000', true],
    ['ASSAY_RATE_ADDRESS', '0/10', false],
    ['ASSAY_RATE_ADDRESS', '10/9', false],
    ['ASSAY_RATE_ADDRESS', '10/1000001', false],
    ['ASSAY_RATE_ADDRESS', '1.5/10', false],
    ['ASSAY_RATE_KEY', 'OFF', false],
    ['ASSAY_PROVIDERS', 'standard, standard', true],
    ['ASSAY_PROVIDERS', 'Standard', false],
    ['ASSAY_PROVIDERS', 'none', true],
    ['ASSAY_PROVIDERS', 'none,standard', false],
    ['ASSAY_PROVIDERS', 'constructor', false],
    ['ASSAY_WEBHOOK_SECRET', SIGNING, true],
    ['ASSAY_WEBHOOK_SECRET', SIGNING.slice(6), true],
    ['ASSAY_WEBHOOK_SECRET', 'hello', false],
    ['ASSAY_WEBHOOK_SECRET', 'whsec_', false],
    ['ASSAY_WEBHOOK_SECRET', `${SIGNING}A=`, false],
    ['ASSAY_WEBHOOK_SECRET', `${SIGNING},${SIGNING}`, false],
    ['ASSAY_WEBHOOK_SECRET', `${SIGNING},${SIGNING}AA==,${SIGNING}AAAA`, false],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/8', true],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/33', false],
    ['ASSAY_TRUSTED_PROXIES', '2001:db8::/128', true],
    ['ASSAY_TRUSTED_PROXIES', '2001:db8::/129', false],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/', false],
    ['ASSAY_TRUSTED_PROXIES', '10.0.0.0/8/8', false],
    ['ASSAY_PUBLIC_URL', 'http://localhost:8787', true],
    ['ASSAY_PUBLIC_URL', 'javascript:alert(1)', false],
  ] as const)
    assert.equal(readConfig({ ASSAY_SECRET_KEY: SECRET, [name]: value }).ok, good, `${name}=${value}`);
});

test('a provider that is taken has its own secret; standard alone may wait for one', () => {
  for (const { name, title, secret } of PROVIDERS.values()) {
    const read = readConfig({ ASSAY_SECRET_KEY: SECRET, ASSAY_PROVIDERS: name });
    assert.equal(read.ok, name === 'standard', name);
    if (read.ok) continue;
    const [problem, ...more] = read.problems;
    assert.deepEqual([problem?.where, problem?.what, more], [secret.variable, 'is not set', []]);
    assert.match(problem?.fix ?? '', new RegExp(`${title}.*take ${name} out of ASSAY_PROVIDERS`));
  }
});

test('secrets are kept by the names of the providers that are taken', () => {
  const read = (named: string): unknown => {
    const config = readConfig({ ASSAY_SECRET_KEY: SECRET, ASSAY_PROVIDERS: named, ASSAY_WEBHOOK_SECRET: SIGNING });
    return config.ok && [config.value.providers, config.value.hookSecrets];
  };
  assert.deepEqual(read('standard, standard'), [['standard'], { standard: [SIGNING] }]);
  assert.deepEqual(read('none'), [[], {}]);
});

test('each setting has a meaning, and each secret is marked', () => {
  for (const { name, means } of SETTINGS) assert.match(`${name} ${means}`, /^ASSAY_[A-Z_]+ [A-Z].*\.$/);
  const signing = [...PROVIDERS.values()].map(({ secret }) => secret.variable);
  assert.deepEqual(
    SETTINGS.filter(({ secret }) => secret).map(({ name }) => name),
    ['ASSAY_SECRET_KEY', ...signing],
  );
  assert.equal(new Set(SETTINGS.map(({ name }) => name)).size, SETTINGS.length);
});
