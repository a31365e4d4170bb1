import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hubspot } from './hubspot.ts';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead } from './provider.ts';

const SECRET = '5f0e2c9a-41d7-4b1c-9d5e-7a3b8c1d2e4f';
const OLD = 'c1d2e4f0-41d7-4b1c-9d5e-5f0e2c9a7a3b';
const AT = 1_795_369_180_000;
const URL_HERE = 'https://collect.shop.example/v1/hooks/hubspot';

type Change = Record<string, unknown>;

function example(name: string): Change[] {
  return JSON.parse(readFileSync(new URL(`../../../examples/webhooks/hubspot/${name}.json`, import.meta.url), 'utf8'));
}

function sign(body: Buffer, secret: string, at: number, url = URL_HERE, method = 'POST'): Record<string, string> {
  const signed = Buffer.concat([Buffer.from(method + url), body, Buffer.from(String(at))]);
  return {
    'x-hubspot-signature-v3': createHmac('sha256', secret).update(signed).digest('base64'),
    'x-hubspot-request-timestamp': String(at),
  };
}

conformsAsProvider(hubspot, {
  secrets: [SECRET, OLD],
  body: JSON.stringify(example('contact.propertyChange')),
  at: AT,
  sign,
  timestamped: true,
  examples: [
    { body: example('contact.propertyChange') },
    { body: example('object.propertyChange') },
    { body: example('contact.propertyChange').map((one) => ({ ...one, subscriptionType: 'deal.propertyChange' })) },
  ],
  unknown: { body: JSON.stringify([{ subscriptionType: 'company.creation', objectId: 5 }]), topic: 'company.creation' },
});

test('changes of a status are steps, and other properties of the same message leave nothing', async () => {
  assert.deepEqual(await read(example('contact.propertyChange')), {
    kind: 'told',
    topic: 'contact.propertyChange',
    facts: [],
    steps: [
      {
        lead_id: 'hubspot-contact-151',
        status: 'salesqualifiedlead',
        provider: 'hubspot',
        property: 'lifecyclestage',
        time: '2025-11-22T17:39:33.080Z',
      },
      {
        lead_id: 'hubspot-contact-152',
        status: 'UNQUALIFIED',
        provider: 'hubspot',
        property: 'hs_lead_status',
        time: '2025-11-22T17:39:34.080Z',
      },
    ],
  });
});

test('the newer topics name the object by its type, and contacts, deals and leads are told apart', async () => {
  const told = await read(example('object.propertyChange'));
  assert.deepEqual(told.kind === 'told' && told.steps?.map(({ lead_id, status }) => [lead_id, status]), [
    ['hubspot-deal-9001', 'closedwon'],
    ['hubspot-lead-7001', 'qualified-stage-id'],
  ]);
});

test('what is no status of a record that we know says nothing here', async () => {
  const [change = {}] = example('contact.propertyChange');
  for (const [name, odd] of Object.entries({
    'a name': { propertyName: 'firstname', propertyValue: 'Ann' },
    'an address': { propertyName: 'email', propertyValue: 'ann@example.com' },
    'an address as a status': { propertyValue: 'ann@example.com' },
    'a phone number as a status': { propertyValue: '+49 30 901820' },
    'a value that was taken back': { propertyValue: '' },
    'a long text': { propertyValue: 'x'.repeat(65) },
    'no record': { objectId: undefined },
    'an odd name': { propertyName: 'Status!' },
    'no name': { propertyName: null },
  }))
    assert.deepEqual(
      await read([{ ...change, ...odd }]),
      { kind: 'other', reason: 'topic_unused', topic: 'contact.propertyChange' },
      name,
    );
  for (const property of ['lead_quality', 'onboarding_status', 'sales_stage', 'assay_step'])
    assert.equal((await read([{ ...change, propertyName: property }])).kind, 'told', property);
  const company = { ...change, subscriptionType: 'object.propertyChange', objectTypeId: '0-2' };
  assert.partialDeepStrictEqual(await read([company]), { reason: 'topic_unused', topic: 'object.propertyChange' });
  assert.partialDeepStrictEqual(await read([]), { kind: 'other', reason: 'body_shape' });
  assert.partialDeepStrictEqual(await read({ ...change }), { kind: 'other', reason: 'body_shape' });
});

test('another address, method or path is not what was signed', async () => {
  const raw = Buffer.from(JSON.stringify(example('contact.propertyChange')));
  const headers = sign(raw, SECRET, AT);
  for (const [method, url, kind] of [
    ['POST', URL_HERE, 'told'],
    ['PUT', URL_HERE, 'refused'],
    ['POST', `${URL_HERE}?a=1`, 'refused'],
    ['POST', URL_HERE.replace('https', 'http'), 'refused'],
    ['POST', URL_HERE.replace('collect', 'other'), 'refused'],
  ] as const)
    assert.equal((await hubspot.read({ method, url, headers, raw, receivedAt: AT }, [SECRET], WORLD)).kind, kind, url);
});

const WORLD = { fetch: () => Promise.reject(new Error('no network in tests')), roots: () => [] };

async function read(body: object): Promise<HookRead> {
  const raw = Buffer.from(JSON.stringify(body));
  const headers = sign(raw, SECRET, AT);
  return hubspot.read({ method: 'POST', url: URL_HERE, headers, raw, receivedAt: AT }, [SECRET], WORLD);
}
