import { type Fields, fieldsOf, idOf, present, timeOf } from './fields.ts';
import type { HookRead, HookStep, Provider } from './provider.ts';
import { isSigned, readGenuine } from './signed.ts';

const KEEPS = [
  ...['meta.version', 'meta.action', 'meta.entity', 'meta.entity_id', 'meta.timestamp'],
  ...['data.origin_id', 'data.status', 'data.stage_id', 'data.label_ids.*'],
  ...['previous.status', 'previous.stage_id', 'previous.label_ids.*'],
];

/** Pipedrive's webhooks of version 2. It signs nothing: a user and a password go along. */
export const pipedrive: Provider = {
  name: 'pipedrive',
  title: 'Pipedrive',
  secret: {
    variable: 'ASSAY_PIPEDRIVE_SECRET',
    means:
      'User and password that Pipedrive’s webhook sends along, `user:password`; two, separated by a comma, during a rotation.',
    check: (secret) =>
      /^[\x21-\x2b\x2d-\x39\x3b-\x7e]{1,64}:[\x21-\x2b\x2d-\x7e]{16,128}$/.test(secret)
        ? undefined
        : 'write user:password as it stands in Pipedrive, with a password of 16 characters or more, no spaces, no comma',
  },
  topics: [
    { topic: 'create.deal', means: 'step of a lead: the deal’s stage', tells: ['step'] },
    { topic: 'change.deal', means: 'steps of a lead: a new stage, status or label', tells: ['step'] },
    { topic: 'create.lead', means: 'steps of a lead: its labels', tells: ['step'] },
    { topic: 'change.lead', means: 'steps of a lead: new labels', tells: ['step'] },
  ],
  holes: {},
  lacks: [
    'It signs nothing: whoever learns the password can tell anything, so take a long one and https.',
    'It tells nothing of the person: create the deal with `origin_id: assay:<your lead id>`, or tell the lead as `pipedrive-deal-<id>`.',
    'Stages and labels are told by their numbers: `leads.crm.pipedrive` says what they mean.',
    'A lead that becomes a deal gets another id: create both with the same `origin_id`.',
  ],
  proof: {
    signature: 'none: a user and a password, by HTTP Basic',
    time: 'none is proven',
    replay: 'its steps are known and change nothing',
    test: 'none: a trial account gets an installation of its own',
  },
  keeps: KEEPS,
  read({ headers, raw }, secrets) {
    const isGenuine = isSigned(
      headers['authorization'],
      secrets,
      (secret) => `Basic ${Buffer.from(secret).toString('base64')}`,
    );
    return readGenuine(isGenuine, { raw }, KEEPS, (body) => told(fieldsOf(body)));
  },
};

function told(body: Fields): HookRead {
  const meta = fieldsOf(body['meta']);
  const { action, entity } = meta;
  const words = [action, entity].map((word) => (typeof word === 'string' && /^[a-z]{1,30}$/i.test(word) ? word : '?'));
  const name = words.join('.');
  const topic = pipedrive.topics.find((known) => known.topic === name)?.topic;
  if (topic === undefined)
    return { kind: 'other', reason: 'topic_unknown', ...(words.includes('?') ? {} : { topic: name }) };
  const id = idOf(meta['entity_id']);
  // Version 1 has other names for all of it.
  if (!id || !/^2(?:\.|$)/.test(String(meta['version']))) return { kind: 'other', reason: 'body_shape', topic };
  const data = fieldsOf(body['data']);
  const statuses = statusesOf(data, fieldsOf(body['previous']), topic);
  if (statuses.length > STATUSES_MAX) return { kind: 'other', reason: 'body_shape', topic };
  if (statuses.length === 0) return { kind: 'other', reason: 'topic_unused', topic };
  const time = timeOf(meta['timestamp']);
  const lead_id = ourIdOf(data['origin_id']) ?? `pipedrive-${String(entity)}-${id}`;
  const step = (status: string): HookStep => present<HookStep>({ lead_id, status, provider: 'pipedrive', time });
  return { kind: 'told', topic, facts: [], steps: statuses.map(step) };
}

const STATUSES_MAX = 100;

/** What is new, by words that the spec can name: `won`, `stage:7`, `label:12`. */
function statusesOf(data: Fields, previous: Fields, topic: string): string[] {
  const isNew = (name: string): boolean => topic.startsWith('create.') || Object.hasOwn(previous, name);
  const statuses: string[] = [];
  const { status } = data;
  // A deal that is created is open, which says nothing.
  if (Object.hasOwn(previous, 'status') && typeof status === 'string' && /^[a-z_]{1,30}$/.test(status))
    statuses.push(status);
  const stage = numberOf(data['stage_id']);
  if (stage !== undefined && isNew('stage_id')) statuses.push(`stage:${stage}`);
  if (isNew('label_ids')) {
    const before = new Set(labelsOf(previous));
    for (const label of new Set(labelsOf(data))) if (!before.has(label)) statuses.push(`label:${label}`);
  }
  return statuses;
}

/** Deals have numbers for labels, leads have UUIDs. */
function labelsOf(fields: Fields): string[] {
  const labels: unknown = fields['label_ids'];
  const told: readonly unknown[] = Array.isArray(labels) ? labels : [];
  return told.flatMap((label) => numberOf(label) ?? (typeof label === 'string' && UUID.test(label) ? label : []));
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

function numberOf(value: unknown): string | undefined {
  const text = String(value);
  return (typeof value === 'number' || typeof value === 'string') && /^\d{1,15}$/.test(text) ? text : undefined;
}

/** Other apps write ids of their own there, and one for all of their deals: only what says that it is ours is a lead's. */
function ourIdOf(origin: unknown): string | undefined {
  return typeof origin === 'string' && origin.startsWith('assay:') ? idOf(origin.slice('assay:'.length)) : undefined;
}
