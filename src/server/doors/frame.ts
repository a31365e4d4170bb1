import type { BlockList } from 'node:net';
import type { Facts } from '../../collection/browser.ts';
import { sitesOf } from '../../collection/tell.ts';
import type { HookWorld } from '../../collection/webhooks/provider.ts';
import type { Journal } from '../../store/journal.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import type { Handouts } from '../../transport/handout.ts';
import { addressOf } from '../address.ts';
import type { Script } from '../assets.ts';
import { type Checks, openChecks } from '../checks.ts';
import type { Config } from '../config.ts';
import { type Answered, type Asked, problem } from '../http.ts';
import type { FoundKey, Keys } from '../keys.ts';
import type { Limits } from '../limits.ts';
import { openReceipts, type Receipts } from '../receipts.ts';
import type { Specs } from '../specs.ts';

/** What the server gives its doors. */
export interface DoorParts {
  config: Config;
  keys: Keys;
  limits: Limits;
  specs: Specs;
  journal: Pick<Journal, 'append'>;
  reader: LedgerReader;
  handouts: Handouts;
  trusted: BlockList;
  /** the SDK's script, ready to serve */
  script(): Script;
  /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
  committed(seq: number, waitMs: number): Promise<void>;
  now(): number;
  /** the world of webhooks' providers; the real one unless told */
  hooks?: HookWorld;
}

/** What every door stands in. */
export interface DoorFrame extends DoorParts {
  check: Checks;
  receipts: Receipts;
  /** pages of these may ask */
  origins(): readonly string[];
  /** the part of the spec that records need */
  sites(): ReturnType<typeof sitesOf>;
  /** what is known of a request beside its body */
  facts(asked: Asked, key: FoundKey): Facts;
}

export function doorFrame(parts: DoorParts): DoorFrame {
  const { specs, trusted, now } = parts;
  return {
    ...parts,
    check: openChecks(parts),
    receipts: openReceipts({ ...parts, secret: parts.config.secretKeys[0] ?? '' }),
    origins: () => specs.newest.sites.origins,
    sites: () => sitesOf(specs.newest),
    facts: (asked, key) => ({
      receivedAt: now(),
      keyId: key.id,
      draft: key.draft,
      ip: addressOf(asked.request, trusted),
      userAgent: userAgentOf(asked),
      ...localeOf(asked),
    }),
  };
}

export const NO_BODY = Buffer.alloc(0);

export function userAgentOf({ request }: Asked): string {
  return (request.headers['user-agent'] ?? '').slice(0, 1024);
}

/** The first language of the browser's list, which is the one that it calls its own. */
function localeOf({ request }: Asked): { locale?: string } {
  const [locale] = /^[a-z]{2,3}(-[\da-z]{1,8}){0,3}(?![^,; ])/i.exec(request.headers['accept-language'] ?? '') ?? [];
  return locale === undefined ? {} : { locale };
}

/** One answer for all that is unknown: a guess learns nothing. */
export function nothingHere(): Answered {
  return problem(404, 'not_found', 'There is nothing at this address.');
}
