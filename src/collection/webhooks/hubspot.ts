import { createHmac } from 'node:crypto';
import { looksLikeContact } from '../../contacts/scrub.ts';
import { MINUTE } from '../../event/time.ts';
import { cleanId } from '../../tiktok/text.ts';
import { EVENTS_MAX } from '../schemas.ts';
import { type Fields, idOf, listOf, present } from './fields.ts';
import { plainTopic } from './keep.ts';
import type { Hook, HookRead, HookStep, Provider } from './provider.ts';
import { isSigned, readGenuine } from './signed.ts';

/** HubSpot's own limit for messages that may be replays. */
const TOLERANCE_MS = 5 * MINUTE;

/** Whose change it is, by the older topics and by the ids of object types that the newer ones tell. */
const OBJECTS = new Map<unknown, 'contact' | 'deal' | 'lead'>([
  ['contact.propertyChange', 'contact'],
  ['deal.propertyChange', 'deal'],
  ['0-1', 'contact'],
  ['0-3', 'deal'],
  ['0-136', 'lead'],
]);

/**
 * Properties that say where a lead stands. Whatever else an app is subscribed to, such as names, must not reach the disk
 * as a status; so a property of one's own needs a name that says what it is.
 */
const STATUS_PROPERTY = /^(?:[a-z0-9_]*(?:stage|status|quality)|assay_[a-z0-9_]+)$/;

const KEEPS = [...['subscriptionType', 'objectTypeId', 'objectId', 'propertyName', 'propertyValue', 'occurredAt']].map(
  (name) => `*.${name}`,
);

/** HubSpot. An app's webhook tells many changes at once: those of a status are steps, the others say nothing here. */
export const hubspot: Provider = {
  name: 'hubspot',
  title: 'HubSpot',
  secret: {
    variable: 'ASSAY_HUBSPOT_SECRET',
    means: 'Client secret of the HubSpot app that sends the webhooks; two, separated by a comma, during a rotation.',
    check: (secret) =>
      /^[\w-]{16,100}$/.test(secret)
        ? undefined
        : 'copy the app’s client secret from its Auth tab; it is not the access token, which begins with pat-',
  },
  topics: [
    { topic: 'contact.propertyChange', means: 'step of a lead', tells: ['step'] },
    { topic: 'deal.propertyChange', means: 'step of a lead', tells: ['step'] },
    { topic: 'object.propertyChange', means: 'step of a lead, of contacts, deals and leads', tells: ['step'] },
  ],
  holes: {},
  lacks: [
    'It names the record and nothing of the person: tell the lead under the id `hubspot-contact-<record id>` when you create it.',
    'It names the record’s own number, not your lead id: HubSpot sends no second property along.',
    'A merge of two records is not told as such: the steps of each stay with its own lead.',
  ],
  proof: {
    signature: 'HMAC-SHA256 of method, address, body and time, in base64',
    time: 'signed: five minutes',
    replay: 'refused after five minutes; before, its steps are known and change nothing',
    test: 'none: its developer sandbox signs as live accounts do, and gets an installation of its own',
  },
  keeps: KEEPS,
  read: (hook, secrets) => readGenuine(isGenuine(hook, secrets), hook, KEEPS, told),
};

/** `X-HubSpot-Signature-v3`: HMAC-SHA256 of method, address, body and time, in base64. */
function isGenuine({ method, url, headers, raw, receivedAt }: Hook, secrets: readonly string[]): boolean {
  const { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': stamp = '' } = headers;
  if (!/^\d{10,16}$/.test(stamp) || Math.abs(receivedAt - Number(stamp)) > TOLERANCE_MS) return false;
  return isSigned(signature, secrets, (secret) =>
    createHmac('sha256', secret).update(method).update(url).update(raw).update(stamp).digest('base64'),
  );
}

function told(body: unknown): HookRead {
  const changes = listOf(body);
  const [first] = changes;
  const type = plainTopic(first?.['subscriptionType']);
  const named = type === undefined ? {} : { topic: type };
  // HubSpot puts 100 into one message at most.
  if (!first || changes.length > EVENTS_MAX) return { kind: 'other', reason: 'body_shape', ...named };
  const steps = changes.flatMap(stepOf);
  const topic = hubspot.topics.find((known) => changes.some((change) => change['subscriptionType'] === known.topic));
  if (!topic) return { kind: 'other', reason: 'topic_unknown', ...named };
  if (steps.length === 0) return { kind: 'other', reason: 'topic_unused', topic: topic.topic };
  return { kind: 'told', topic: topic.topic, facts: [], steps };
}

function stepOf(change: Fields): HookStep[] {
  const { subscriptionType: type, propertyName: property } = change;
  const object = OBJECTS.get(type === 'object.propertyChange' ? change['objectTypeId'] : type);
  const id = idOf(change['objectId']);
  const status = wordOf(change['propertyValue']);
  if (!object || !id || !status || typeof property !== 'string') return [];
  if (property.length > 100 || !STATUS_PROPERTY.test(property)) return [];
  return [
    present<HookStep>({
      lead_id: `hubspot-${object}-${id}`,
      status,
      provider: 'hubspot',
      property,
      time: isoOf(change['occurredAt']),
    }),
  ];
}

/** The value of a choice: a short text. An empty one was taken back, which is no step. */
function wordOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? cleanId(value) : Number.isSafeInteger(value) ? String(value) : '';
  return text === '' || text.length > 64 || looksLikeContact(text) ? undefined : text;
}

const EARLIEST_MS = Date.UTC(2000, 0, 1);
const LATEST_MS = Date.UTC(2200, 0, 1);

/** UTC milliseconds as ISO 8601. */
function isoOf(ms: unknown): string | undefined {
  const isTime = Number.isSafeInteger(ms) && (ms as number) >= EARLIEST_MS && (ms as number) < LATEST_MS;
  return isTime ? new Date(ms as number).toISOString() : undefined;
}
