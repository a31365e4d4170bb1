import type { Reading } from '../../tiktok/answer.ts';
import { type CodeClass, classOf, meaningOf } from '../../tiktok/codes.ts';
import { type AuditedEvent, printable, SLIPS, type Slip, type SlipCode } from './request.ts';

/** What TikTok did with an event that its sender calls delivered: `mayHave` where its answer does not tell. */
export type Fate = 'taken' | 'refused' | 'mayHave';

/** Events of one code and fate among those answered with HTTP 2xx. Times are UTC ms. */
export interface CodeFinding {
  /** TikTok's code; null where the answer was not TikTok's */
  code: number | null;
  fate: 'refused' | 'mayHave';
  meaning: string;
  fix: string;
  count: number;
  byEvent: { event: string; count: number }[];
  firstAt: number | null;
  lastAt: number | null;
  /** one of TikTok's own messages */
  message: string;
  examples: { event: string; id: string; place: string }[];
}

export interface SlipFinding {
  code: SlipCode;
  what: string;
  fix: string;
  count: number;
  /** the first places: file, line or entry, and field */
  places: string[];
}

const EXAMPLES_MAX = 5;
/** Names of events and codes are the sender's: more than this are counted together. */
const NAMES_MAX = 100;
const CODES_MAX = 200;
const OTHERS = '(others)';

type Gathered = Omit<CodeFinding, 'byEvent'> & { names: Map<string, number> };

/** Gathers what was found, in memory that does not grow with the log. */
export class Findings {
  readonly #codes = new Map<string, Gathered>();
  readonly #slips = new Map<SlipCode, { count: number; places: string[] }>();

  add(event: AuditedEvent, reading: Reading, fate: 'refused' | 'mayHave', at: number | undefined, place: string): void {
    const found = this.#finding(reading.code ?? null, fate, reading);
    found.count++;
    const name = found.names.has(event.name) || found.names.size < NAMES_MAX ? event.name : OTHERS;
    found.names.set(name, (found.names.get(name) ?? 0) + 1);
    if (found.examples.length < EXAMPLES_MAX) found.examples.push({ event: event.name, id: event.id, place });
    const when = at ?? event.at;
    if (when === undefined) return;
    found.firstAt = Math.min(found.firstAt ?? when, when);
    found.lastAt = Math.max(found.lastAt ?? when, when);
  }

  slip({ code, where }: Slip, place: string): void {
    const found = this.#slips.get(code) ?? { count: 0, places: [] };
    found.count++;
    if (found.places.length < EXAMPLES_MAX) found.places.push(`${place}: ${where}`);
    this.#slips.set(code, found);
  }

  /** Most events first. */
  codes(): CodeFinding[] {
    return [...this.#codes.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ names, ...found }) => ({
        ...found,
        byEvent: [...names].map(([event, count]) => ({ event, count })).sort((a, b) => b.count - a.count),
      }));
  }

  slips(): SlipFinding[] {
    return [...this.#slips]
      .map(([code, found]) => ({ code, ...SLIPS[code], ...found }))
      .sort((a, b) => b.count - a.count);
  }

  #finding(code: number | null, fate: 'refused' | 'mayHave', { message }: Reading): Gathered {
    const known = this.#codes.get(`${fate} ${code}`);
    const key = known || this.#codes.size < CODES_MAX ? `${fate} ${code}` : `${fate} ${OTHERS}`;
    const found: Gathered = this.#codes.get(key) ?? {
      ...{ code, fate, meaning: code === null ? 'The answer was not TikTok’s' : meaningOf(code), fix: fixFor(code) },
      ...{ count: 0, names: new Map(), firstAt: null, lastAt: null },
      // A message may quote what was sent, a token too.
      message: printable((message ?? '').replace(/[\w-]{32,}/g, '…'), 200),
      examples: [],
    };
    this.#codes.set(key, found);
    return found;
  }
}

/** What TikTok may hold after an answer. A batch that was refused for one event in it is refused as a whole. */
export function fateOf({ outcome, copy }: Reading): Fate {
  if (outcome === 'accepted') return 'taken';
  return copy ? 'mayHave' : 'refused';
}

const FIXES: Record<CodeClass, string> = {
  accept: '',
  fixRequest:
    'Mend the sender: TikTok’s message names the field. These bytes never pass, and one bad event refuses its batch.',
  fixToken:
    'Mend token, permission or pixel code in Events Manager, then send again what is younger than 28 days, under the same ids.',
  throttle: 'Send more events in fewer requests, and again after a pause, under the same ids.',
  retry: 'Send it again under the same event id within 48 hours: TikTok drops what it already has.',
  partial: 'Read the list of failed events in the answer, and mend those.',
  unknown:
    'The answer does not tell. Compare with Events Manager; within 48 hours it may be sent again under the same id.',
};

function fixFor(code: number | null): string {
  return code === null
    ? 'Look at what answers between the sender and TikTok: a proxy, or another address.'
    : FIXES[classOf(code)];
}
