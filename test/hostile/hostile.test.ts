import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SHOP } from '../server.ts';
import { ADMIN } from './admin.ts';
import { aftermath } from './aftermath.ts';
import { BODIES } from './bodies.ts';
import { claims } from './claims.ts';
import { CLICKS } from './clicks.ts';
import { HOOKS } from './hooks.ts';
import { KEYS } from './keys.ts';
import { play } from './outcome.ts';
import { rebinding } from './rebinding.ts';
import { openStage, type Stage } from './stage.ts';
import { VALUES } from './values.ts';
import { WIRE } from './wire.ts';

let stage: Stage;
before(async () => {
  stage = await openStage({ publicUrl: 'https://collect.shop.example' });
});
after(() => stage?.stop());

for (const row of [...BODIES, ...VALUES, ...KEYS, ...HOOKS, ...CLICKS, ...ADMIN])
  test(`${row[1]}: ${row[0]} ends as ${row[3]}`, async () => {
    await play(stage, row);
  });

for (const path of ['/v1/events', '/v1/orders', '/v1/leads', '/v1/carry', '/v1/handouts/guess'])
  for (const origin of [SHOP, 'https://evil.example', 'null'])
    test(`a browser that asks for ${path} on behalf of ${origin} is ${origin === SHOP ? 'let through' : 'told nothing'}`, async () => {
      const { status, headers } = await stage.ask(`nobody OPTIONS ${path}`, undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      });
      assert.equal(status, 204);
      assert.equal(headers.get('access-control-allow-origin'), origin === SHOP ? SHOP : null);
      assert.doesNotMatch(headers.get('access-control-allow-headers') ?? '', /authorization|\*/);
    });

for (const [name, bytes, answer] of WIRE)
  test(`over the line: ${name}`, async () => {
    // What waits for more would wait for longer.
    const got = await stage.raw(bytes, 'public', answer.test('') ? 300 : 5000);
    assert.match(got, answer);
    assert.doesNotMatch(got, /^HTTP\/1\.1 5/m);
  });

claims(() => stage);
rebinding(() => stage);
// Whose contacts stand in the rows.
aftermath(() => stage, [{ email: 'max@contact.example', phone: '0151 23456789' }]);
