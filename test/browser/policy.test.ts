import assert from 'node:assert/strict';
import { assertCountedOnce, assertRequests, fired, ROAD, ttpOf } from './road/proof.ts';
import { run } from './road/runs.ts';
import { confirm, goToBank, payAndReturn, until } from './road/visit.ts';

const VIOLATION = 'violation of require-trusted-types-for';

run(
  'the whole road works under a policy with nonce, strict-dynamic and Trusted Types, without one violation',
  async (road, visitor) => {
    const visit = await visitor('policy');
    const policies = new Map<string, string>();
    visit.context.on('response', (response) => {
      const url = new URL(response.url());
      if (url.origin === road.shopUrl && response.request().isNavigationRequest() && response.status() === 200)
        policies.set(url.pathname, response.headers()['content-security-policy'] ?? '');
    });
    const order = await goToBank(road, visit);
    await payAndReturn(road, visit);
    await confirm(road, order);
    await fired(road, visit, order);
    await assertCountedOnce(road, visit, order, { pixel: 1, ttp: await ttpOf(visit) });
    await assertRequests(road, visit, ROAD);
    assert.deepEqual([...policies.keys()], ['/', '/product/ember-cup', '/cart', '/checkout', '/pay', '/thanks']);
    for (const policy of policies.values()) {
      assert.match(policy, /script-src 'nonce-[\w-]+' 'strict-dynamic'(;|$)/);
      assert.match(policy, /require-trusted-types-for 'script'/);
    }
    assert.equal(new Set([...policies.values()]).size, policies.size, 'a nonce is used once');
  },
);

run(
  'the same pages stop a script address and markup that no policy made',
  async (road, visitor) => {
    const visit = await visitor('intruder');
    await visit.open(road.shopUrl);
    await visit.page.evaluate(`{
      try { document.createElement('script').src = '/shop.js'; } catch {}
      try { document.body.innerHTML = '<p>'; } catch {}
    }`);
    await until('two violations', () => visit.troubles.filter((text) => text.startsWith(VIOLATION)).length === 2);
  },
  /TrustedScriptURL|TrustedHTML|^violation of require-trusted-types-for/,
);
