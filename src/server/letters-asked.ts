import type { Parsed } from '../event/problem.ts';
import type { DispatchKey } from '../event/told.ts';
import type { LetterKind, LetterPlace, LettersAsked } from '../store/letters.ts';
import type { BookAsked, Form } from './books/asked.ts';
import { dayStart } from './books/days.ts';
import { openQuery } from './query.ts';

const LIMIT = 50;
const LIMIT_MAX = 200;
const TEXT_CHARS_MAX = 200;
const CURSOR_CHARS_MAX = 2048;

const KINDS: Readonly<Record<LetterKind, true>> = { record: true, dead: true, unknown: true };
const NAMES = ['kind', 'destination', 'why', 'code', 'event', 'money', 'from', 'to'] as const;

/**
 * Reads what a list of dead letters is narrowed to. `from` and `to` are days of the time zone, both included, or
 * moments such as 2026-11-22T09:00:00Z, of which `to` is not.
 */
export function readLettersAsked(query: URLSearchParams, form: Form, zone: string): Parsed<BookAsked<LettersAsked>> {
  const known: readonly string[] = [...NAMES, 'after', ...(form === 'page' ? ['limit'] : [])];
  const { problems, text } = openQuery(query, known, TEXT_CHARS_MAX);
  const read = <T>(
    name: string,
    value: string | undefined,
    to: (one: string) => T | undefined,
    fix: string,
  ): T | undefined => {
    if (value === undefined) return undefined;
    const one = to(value);
    if (one === undefined)
      problems.push({ code: `query_${name}`, where: name, what: `${JSON.stringify(value.slice(0, 40))} is none`, fix });
    return one;
  };
  const time = (name: 'from' | 'to', later: number): number | undefined =>
    read(
      name,
      text(name),
      (one) => dayStart(one, zone, later) ?? momentOf(one),
      `write a day in ${zone}, such as 2026-11-22, or a moment, such as 2026-11-22T09:00:00Z`,
    );
  const asked = given({
    kind: read('kind', text('kind'), kindOf, `use one of ${Object.keys(KINDS).join(', ')}`),
    destination: text('destination'),
    why: text('why'),
    code: read('code', text('code'), codeOf, 'use a return code of TikTok’s, such as 40001'),
    event: text('event'),
    money: read('money', text('money'), yesOrNo, 'use true or false'),
    from: time('from', 0),
    to: time('to', 1),
    after: read('after', text('after', CURSOR_CHARS_MAX), readPlace, 'use next of an answer as it is, or leave it out'),
  });
  const limit =
    form === 'page' ? read('limit', text('limit') ?? String(LIMIT), limitOf, `use 1 to ${LIMIT_MAX}`) : LIMIT;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { asked, limit: limit ?? LIMIT } };
}

/** The last letter of a page, as the next page's question names it. */
export function placeText({ at, seq, destination }: LetterPlace): string {
  return Buffer.from(JSON.stringify([at, seq, destination])).toString('base64url');
}

/** `leg:<event>/<destination>` or `record:<sequence>`. */
export function readLetterId(id: string): { leg: DispatchKey } | { record: number } | undefined {
  const [, record, event, destination] = /^(?:record:(\d{1,15})|leg:(\d{1,15})\/(.{1,100}))$/u.exec(id) ?? [];
  if (record !== undefined) return { record: Number(record) };
  if (event === undefined || destination === undefined) return undefined;
  return { leg: { event: Number(event), destination, leg: 'api' } };
}

function readPlace(text: string): LetterPlace | undefined {
  let cells: unknown;
  try {
    cells = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(cells) || cells.length !== 3) return undefined;
  const [at, seq, destination] = cells as unknown[];
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(seq) || typeof destination !== 'string') return undefined;
  return { at: at as number, seq: seq as number, destination };
}

function kindOf(text: string): LetterKind | undefined {
  return Object.hasOwn(KINDS, text) ? (text as LetterKind) : undefined;
}

function codeOf(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}

function yesOrNo(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function momentOf(text: string): number | undefined {
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function limitOf(text: string): number | undefined {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= LIMIT_MAX ? limit : undefined;
}

/** What is there of optional fields. */
function given(asked: { [Name in keyof LettersAsked]: LettersAsked[Name] | undefined }): LettersAsked {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}
