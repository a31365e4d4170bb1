import type { LettersAnswer, WholeLetterAnswer } from '../api/letters.ts';
import type { Journal } from '../store/journal.ts';
import { type Letter, letterOfLeg, letterOfRecord, placeOf } from '../store/letters.ts';
import type { BookAsked, Form } from './books/asked.ts';
import { fileSender } from './books.ts';
import { type Asked, HttpProblem, problem, type Route, readBody } from './http.ts';
import { type LetterSources, wholeLetters } from './letters-answer.ts';
import { placeText, readLetterId, readLettersAsked } from './letters-asked.ts';
import { lettersCsv, lettersNdjson } from './letters-file.ts';
import { replayLetters } from './letters-replay.ts';
import type { Specs } from './specs.ts';

/** A thousand ids, and room for names. */
const BODY_BYTES_MAX = 256 * 1024;

/** What the letters of a store are read from, and replays are told to. */
export interface LetterParts {
  reader: LetterSources['reader'];
  journal: Pick<Journal, 'append' | 'read' | 'first'>;
  specs: Pick<Specs, 'newest'>;
  now(): number;
  committed(seq: number, waitMs: number): Promise<unknown>;
}

/** Dead letters: a page of the list, whole files, and the replay of some or all. */
export function letterRoutes(parts: LetterParts): Route[] {
  const sources = (): LetterSources => sourcesOf(parts);
  const asked = ({ url }: Asked, form: Form) => readable(url.searchParams, form, parts);
  const files = fileSender(() => parts.now());
  return [
    {
      method: 'GET',
      path: '/v1/reports/letters',
      answer: async (request) => ({ status: 200, json: await lettersAnswer(asked(request, 'page'), sources()) }),
    },
    {
      method: 'GET',
      path: '/v1/reports/letters.csv',
      answer: (request) => files(request, 'letters', lettersCsv(sources(), asked(request, 'file').asked)),
    },
    {
      method: 'GET',
      path: '/v1/reports/letters.ndjson',
      answer: (request) => files(request, 'letters', lettersNdjson(sources(), asked(request, 'file').asked), 'ndjson'),
    },
    {
      method: 'GET',
      path: '/v1/letters/:id',
      answer: async ({ parameters }) => ({ status: 200, json: await oneLetter(parameters['id'] ?? '', sources()) }),
    },
    {
      method: 'POST',
      path: '/v1/letters/replay',
      answer: async ({ request }) => ({
        status: 200,
        json: await replayLetters(jsonOf(await readBody(request, BODY_BYTES_MAX)), sources(), parts),
      }),
    },
  ];
}

/** The sources as they are now. */
export function sourcesOf({ reader, journal, specs, now }: LetterParts): LetterSources {
  return { reader, journal, spec: specs.newest, now: now() };
}

/** A page of the list, with how many there are. */
export async function lettersAnswer(
  { asked, limit }: BookAsked<Parameters<LetterSources['reader']['letters']>[0]>,
  sources: LetterSources,
): Promise<LettersAnswer> {
  const { reader, spec, now } = sources;
  const found = await reader.letters(asked, limit + 1);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  const letters = await wholeLetters(page, sources);
  return {
    ...{ asOf: now, specVersion: spec.version, timezone: spec.business.timezone },
    letters: letters.map(({ body: _body, ...letter }) => letter),
    counts: await reader.letterCounts(),
    ...(last ? { next: placeText(last.place) } : {}),
  };
}

/** One letter whole. Throws the answer where there is none of this id. */
export async function oneLetter(id: string, sources: LetterSources): Promise<WholeLetterAnswer> {
  const read = readLetterId(id);
  const letter = read && (await letterOf(read, sources.reader));
  const [whole] = letter ? await wholeLetters([letter], sources) : [];
  if (!whole)
    throw new HttpProblem(problem(404, 'letter_unknown', 'There is no dead letter of this id. The list names them.'));
  return whole;
}

async function letterOf(
  id: NonNullable<ReturnType<typeof readLetterId>>,
  reader: LetterSources['reader'],
): Promise<Letter | undefined> {
  if ('record' in id) {
    const [verdict] = await reader.verdicts(id.record, id.record);
    const mark = verdict && letterOfRecord(verdict);
    return mark ? { kind: 'record', place: placeOf(mark), verdict } : undefined;
  }
  const { dispatches, events } = await reader.load({ events: [id.leg.event], orders: [] });
  const dispatch = dispatches.find((leg) => leg.leg === 'api' && leg.destination === id.leg.destination);
  const event = events.find(({ seq }) => seq === id.leg.event);
  const mark = dispatch && event && letterOfLeg(dispatch, event.name);
  return mark && mark.kind !== 'record' ? { kind: mark.kind, place: placeOf(mark), dispatch, event } : undefined;
}

/** What a query asks for. Throws the answer where it can't be read. */
export function readable(
  query: URLSearchParams,
  form: Form,
  { specs }: Pick<LetterParts, 'specs'>,
): BookAsked<Parameters<LetterSources['reader']['letters']>[0]> {
  const read = readLettersAsked(query, form, specs.newest.business.timezone);
  if (read.ok) return read.value;
  const says = 'The list was not asked for in a way it can be given.';
  throw new HttpProblem(problem(422, 'query_unreadable', says, read.problems));
}

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new HttpProblem(problem(400, 'body_not_json', 'The body is not JSON in UTF-8.'));
  }
}
