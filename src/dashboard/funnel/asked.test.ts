import assert from 'node:assert/strict';
import { test } from 'node:test';
import { creditsOf, funnelAddress, funnelOf, funnelQuestion } from './asked.ts';

test('an address is read and written alike, and the server hears only of its question', () => {
  const address = '?by=ad&from=2026-11-01&to=2026-11-22&measure=rate&sort=-step2';
  assert.equal(funnelAddress(funnelOf(address)), address);
  assert.equal(funnelQuestion(funnelOf(address)), '?by=ad&from=2026-11-01&to=2026-11-22');
  assert.equal(funnelAddress(funnelOf('?measure=visitors&x=1')), '');
  assert.equal(funnelOf('?measure=luck').measure, 'visitors');
});

test('a creative leads to its credits in the same time, one level finer where there is one', () => {
  const stand = { from: '2026-11-01', to: '2026-11-22' };
  const of = { channel: 'tiktok / paid', campaign: '17' };
  assert.equal(
    creditsOf({ key: '17', of }, { ...stand, by: 'campaign' }),
    '/attribution?by=adgroup&from=2026-11-01&to=2026-11-22&channel=tiktok+%2F+paid&campaign=17',
  );
  assert.equal(
    creditsOf({ key: '3', of: { ad: '3' } }, { ...stand, by: 'ad' }),
    '/attribution?by=ad&from=2026-11-01&to=2026-11-22&ad=3',
  );
  assert.equal(creditsOf({ key: '', of: {} }, { ...stand, by: 'campaign' }), undefined);
});
