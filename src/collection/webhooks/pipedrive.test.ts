import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pipedrive } from './pipedrive.ts';
import { conformsAsProvider } from './provider.conformance.ts';
import type { HookRead } from './provider.ts';

const SECRET = 'assay:8cV2mQe7Zr1TnY4bK9wX';
const OLD = 'assay:tN3xL6pB0sD5gH8jR2vC';
const AT = 1_795_369_180_000;

interface Body {
  data: Record<string, unknown>;
  previous: Record<string, unknown> | null;
  meta: Record<string, unknown>;
}

function example(name: string): Body {
  return JSON.parse(
    readFileSync(new URL(`../../../examples/webhooks/pipedrive/${name}.json`, import.meta.url), 'utf8'),
  );
}

function sign(_body: Buffer, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(secret).toString('base64')}` };
}

const stage = example('change.deal-stage');

conformsAsProvider(pipedrive, {
  secrets: [SECRET, OLD],
  body: JSON.stringify(stage),
  at: AT,
  sign,
  timestamped: false,
  examples: ['change.deal-stage', 'change.deal-won', 'change.lead-label'].flatMap((name) => {
    const body = example(name);
    return [{ body }, { body: { ...body, meta: { ...body.meta, action: 'create' } } }];
  }),
  unsigned: true,
  unknown: { body: JSON.stringify({ ...stage, meta: { ...stage.meta, entity: 'person' } }), topic: 'change.person' },
});

test('a new stage, a deal that is won, and a new label are steps', async () => {
  for (const [name, topic, leadId, time, statuses] of [
    ['change.deal-stage', 'change.deal', 'kitchen-77', '2025-11-22T17:35:27.754Z', ['stage:3']],
    ['change.deal-won', 'change.deal', 'kitchen-77', '2025-12-01T10:00:00.120Z', ['won', 'stage:5']],
    [
      'change.lead-label',
      'change.lead',
      'pipedrive-lead-d5f1a2c0-7b1e-4c53-9f0a-3c2f8be1d4a7',
      '2025-11-22T08:00:00.340Z',
      ['label:f08b69b0-4e75-11ea-9643-03698ef1cfd6'],
    ],
  ] as const)
    assert.deepEqual(
      await read(example(name)),
      {
        kind: 'told',
        topic,
        facts: [],
        steps: statuses.map((status) => ({ lead_id: leadId, status, provider: 'pipedrive', time })),
      },
      name,
    );
});

test('a deal is the lead that it says it is, where that is ours to say', async () => {
  for (const [origin_id, leadId] of [
    ['assay:kitchen-77', 'kitchen-77'],
    ['5d80274eae050b58', 'pipedrive-deal-412'],
    [null, 'pipedrive-deal-412'],
    ['assay:', 'pipedrive-deal-412'],
    ['assay:ann@example.com', 'pipedrive-deal-412'],
  ] as const) {
    const told = await read({ ...stage, data: { ...stage.data, origin_id } });
    assert.equal(told.kind === 'told' && told.steps?.[0]?.lead_id, leadId);
  }
});

test('a new deal has its stage, and what changed nothing of it says nothing', async () => {
  const created = { ...stage, previous: null, meta: { ...stage.meta, action: 'create' } };
  assert.partialDeepStrictEqual(await read(created), { topic: 'create.deal', steps: [{ status: 'stage:3' }] });
  for (const previous of [{ title: 'Kitchen' }, {}, null])
    assert.deepEqual(await read({ ...stage, previous }), {
      kind: 'other',
      reason: 'topic_unused',
      topic: 'change.deal',
    });
  const taken = { ...stage, data: { ...stage.data, label_ids: [1] }, previous: { label_ids: [1, 2] } };
  assert.partialDeepStrictEqual(await read(taken), { reason: 'topic_unused' });
});

test('what is not of version 2, or names no record, is not read', async () => {
  for (const meta of [
    { ...stage.meta, version: '1.0' },
    { ...stage.meta, version: undefined },
    { ...stage.meta, entity_id: 'ann@example.com' },
  ])
    assert.deepEqual(await read({ ...stage, meta }), { kind: 'other', reason: 'body_shape', topic: 'change.deal' });
  assert.deepEqual(await read({}), { kind: 'other', reason: 'topic_unknown' });
});

test('a password must be long, and both parts must be writable in a header and in the variable', () => {
  for (const [secret, isRight] of [
    ['assay:8cV2mQe7Zr1TnY4bK9wX', true],
    ['assay:with:a:colon:in:it', true],
    ['assay:short', false],
    ['assay', false],
    [':8cV2mQe7Zr1TnY4bK9wX', false],
    ['as say:8cV2mQe7Zr1TnY4bK9wX', false],
    ['assay:8cV2mQe7 Zr1TnY4bK9wX', false],
    ['assay:ünïcödé-pässwörd-1', false],
  ] as const)
    assert.equal(pipedrive.secret.check(secret) === undefined, isRight, secret);
});

const WORLD = { fetch: () => Promise.reject(new Error('no network in tests')), roots: () => [] };

async function read(body: object): Promise<HookRead> {
  const raw = Buffer.from(JSON.stringify(body));
  const hook = { method: 'POST', url: '', headers: sign(raw, SECRET), raw, receivedAt: AT };
  return pipedrive.read(hook, [SECRET], WORLD);
}
