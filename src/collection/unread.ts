import { createHash } from 'node:crypto';
import type { Door, JsonObject } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import type { Unread } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';

const NAMES_MAX = 50;
const NAME_CHARS_MAX = 40;

/** A body that could not be read, or was not ours: its size, digest and field names stay, its text does not. */
export function unreadRecord(
  raw: Buffer,
  reason: string,
  verdict: Unread['verdict'],
  door: Door,
  receivedAt: number,
  topic?: string,
): NewRecord {
  const body: Unread = {
    bytes: raw.length,
    digest: createHash('sha256').update(raw).digest('hex'),
    verdict,
    reason,
    skeleton: skeletonOf(raw),
    ...(topic === undefined ? {} : { topic }),
  };
  return { kind: 'unread', door, keyId: '', receivedAt, body: body as unknown as JsonObject, personal: null };
}

/** A name, and no contact: five digits in a row are a part of a number that somebody has. */
const PLAIN_NAME = /^(?!.*\d{5})[A-Za-z_][\w-]*$/;

/** Names of the top two levels, where the text is JSON. Only plain names: one may itself be a contact. */
function skeletonOf(raw: Buffer): string[] {
  const names: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || path.includes('.')) return;
    for (const [name, inner] of Object.entries(value)) {
      if (names.length >= NAMES_MAX) return;
      if (name.length > NAME_CHARS_MAX || !PLAIN_NAME.test(name)) continue;
      names.push(path === '' ? name : `${path}.${name}`);
      walk(inner, path === '' ? name : `${path}.${name}`);
    }
  };
  try {
    walk(JSON.parse(raw.toString('utf8')), '');
  } catch {
    return [];
  }
  return names;
}

export const UNREAD_REASONS: Reason[] = [
  {
    code: 'body_not_json',
    with: 'quarantined',
    means: 'The body is not JSON.',
    fix: 'Send one JSON document in UTF-8.',
  },
  {
    code: 'body_shape',
    with: 'quarantined',
    means: 'The body has not the shape of the door.',
    fix: 'The answer named each field; see the reference.',
  },
  {
    code: 'report_shape',
    with: 'quarantined',
    means: 'What a page told beside events has not the shape of a report. The rest of its batch was taken.',
    fix: 'If the page runs the served script, tell us; else see the reference.',
  },
  {
    code: 'key_unknown',
    with: 'refused',
    means: 'The key is none of ours.',
    fix: 'Use the write key in pages and the secret key on servers.',
  },
  {
    code: 'origin_foreign',
    with: 'refused',
    means: 'The page’s origin is not in the spec.',
    fix: 'Add it to sites.origins, if it is yours.',
  },
  {
    code: 'bot',
    with: 'refused',
    means: 'A known bot opened a page, or followed an ad’s link.',
    fix: 'Nothing: it was answered like anybody, and nothing of it counts.',
  },
  {
    code: 'target_foreign',
    with: 'refused',
    means: 'A click was to be sent on to an address that is not one of the spec’s hosts.',
    fix: 'Add the host to sites.domains, if it is yours.',
  },
  {
    code: 'signature_wrong',
    with: 'refused',
    means: 'The webhook’s signature, time or headers do not hold.',
    fix: 'Compare the signing secret on both sides, and the clocks.',
  },
  {
    code: 'topic_unknown',
    with: 'quarantined',
    means: 'A webhook told something that has no meaning here yet.',
    fix: 'Nothing, unless it should mean something: then see the guide.',
  },
  {
    code: 'topic_unused',
    with: 'quarantined',
    means: 'A webhook is of a known topic and tells nothing that counts, such as a payment that failed.',
    fix: 'Nothing.',
  },
];
