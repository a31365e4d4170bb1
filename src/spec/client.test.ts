import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSpec } from '../event/client-spec.ts';
import { clientSpec } from './client.ts';
import { defaultSpec } from './default.ts';
import { DEFAULT_TRACKING_YAML } from './default-text.ts';
import { parseSpec } from './parse.ts';

/** The client part of the default with one line in another's place. */
function compiled(line: string, other: string): ClientSpec {
  assert.ok(DEFAULT_TRACKING_YAML.includes(line), line);
  const parsed = parseSpec(DEFAULT_TRACKING_YAML.replace(line, other));
  assert.ok(parsed.ok, other);
  return clientSpec(parsed.value, 1);
}

test('the page learns legs, guards and ids, and of every guarded event', () => {
  const { events, ...rest } = clientSpec(defaultSpec(), 7);
  assert.deepEqual(rest, {
    version: 7,
    shop: 'demo',
    pixels: ['CD9079RC77U0N3GBV16Y'],
    consent: 'required',
    domains: ['shop.example', 'pay.example'],
    freeKeys: { source: 'web', origin: 'visitor' },
  });
  assert.deepEqual(events['ViewContent'], { oncePer: ['session', 'content_id'], within: 1_800_000 });
  assert.deepEqual(events['Subscribe'], { guarded: true });
  assert.ok(!('AddToCart' in events), 'an event that needs no rule takes no bytes');
  const serverOnly = compiled('AddToCart:\n    legs: hybrid', 'AddToCart:\n    legs: api');
  assert.deepEqual(serverOnly.events['AddToCart'], { pixel: false });
});

test('an event under its old name has the rule of today’s name', () => {
  const { events } = clientSpec(defaultSpec(), 1);
  assert.deepEqual(events['CompletePayment'], events['Purchase']);
  assert.deepEqual(events['SubmitForm'], { guarded: true });
});

test('each pixel gets the name that the api leg of its destination uses', () => {
  const free = 'events:\n  Lead: { guarded: false }\n';
  const { events } = compiled('events:\n', free);
  assert.deepEqual(
    [events['Lead'], events['SubmitForm']],
    [undefined, { names: { CD9079RC77U0N3GBV16Y: 'Lead' } }],
    'one destination with the current names',
  );
  const two = parseSpec(
    DEFAULT_TRACKING_YAML.replace('events:\n', free).replace(
      'destinations:\n',
      'destinations:\n  - { id: old, pixel: CD9079RC77U0N3GBV16Z, token: env:TIKTOK_TOKEN, eventNames: legacy }\n',
    ),
  );
  assert.ok(two.ok);
  const both = clientSpec(two.value, 1);
  assert.deepEqual(both.pixels, ['CD9079RC77U0N3GBV16Z', 'CD9079RC77U0N3GBV16Y']);
  assert.deepEqual(both.events['Lead'], { names: { CD9079RC77U0N3GBV16Z: 'SubmitForm' } });
  assert.deepEqual(both.events['SubmitForm'], { names: { CD9079RC77U0N3GBV16Y: 'Lead' } });
  assert.deepEqual(both.events['Purchase'], { guarded: true }, 'the name of a guarded event comes with its handout');
});

test('the page map becomes patterns of whole paths, and an empty one takes no bytes', () => {
  const { pages = [] } = compiled(
    'pages: []',
    'pages: [{ match: "/product/*", event: ViewContent }, { match: "/a.b(c)", event: Search }]',
  );
  const cases = `
    /product/cup      ViewContent
    /product/         ViewContent
    /product/a/b      ViewContent
    /products         -
    /en/product/cup   -
    /a.b(c)           Search
    /aXb(c)           -
  `;
  for (const line of cases.trim().split('\n')) {
    const [path = '', event] = line.trim().split(/\s+/);
    assert.equal(pages.find(({ match }) => RegExp(match).test(path))?.event ?? '-', event, path);
  }
});

test('the event of a new lead is compiled where it is not the usual one, and free keys where they are wanted', () => {
  assert.equal(compiled('new: SubmitApplication', 'new: Contact').lead, 'Contact');
  assert.ok(!('lead' in clientSpec(defaultSpec(), 1)));
  assert.ok(!('freeKeys' in compiled('freeKeys: true', 'freeKeys: false')));
});
