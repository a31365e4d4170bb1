import { Type } from 'typebox';
import { type ReplayOutcome, replayOutcome, tryReplay } from '../admission/replay-outcome.ts';
import type { ReplayAnswer } from '../api/letters.ts';
import { parser } from '../collection/schemas.ts';
import type { JsonObject } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';
import type { ToldReplay } from '../event/told.ts';
import type { Journal } from '../store/journal.ts';
import { HttpProblem, problem } from './http.ts';
import { type LetterSources, replayOf } from './letters-answer.ts';
import { placeText, readLetterId, readLettersAsked } from './letters-asked.ts';
import { meaning } from './says.ts';

/** Letters in one record: admission decides them together. */
const LETTERS_MAX = 1000;
/** Ids of a refusal that an answer repeats; its count tells of all. */
const IDS_MAX = 100;
const COMMIT_MS_MAX = 30_000;

const text = Type.Optional(Type.String({ maxLength: 200 }));

export const replayRequest = Type.Object({
  ids: Type.Optional(Type.Array(Type.String({ maxLength: 130 }), { maxItems: LETTERS_MAX })),
  where: Type.Optional(
    Type.Object({
      ...{ kind: text, destination: text, why: text, code: text, event: text, money: text, from: text, to: text },
    }),
  ),
  after: Type.Optional(Type.String({ maxLength: 2048 })),
  dry: Type.Optional(Type.Boolean()),
  by: Type.Optional(Type.String({ pattern: '^[\\w.-]{1,64}$' })),
});

const readReplay = parser(replayRequest);

/** Has dead letters tried again, or says what that would do. Wrong input is an `HttpProblem`. */
export async function replayLetters(
  asked: unknown,
  sources: LetterSources,
  around: {
    journal: Pick<Journal, 'append'>;
    /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
    committed(seq: number, waitMs: number): Promise<unknown>;
  },
): Promise<ReplayAnswer> {
  const parsed = readReplay(asked);
  if (!parsed.ok) throw unreadable(parsed.problems);
  const { ids, where, after, dry = false, by } = parsed.value;
  if ((ids === undefined) === (where === undefined)) throw unreadable([WHICH]);
  const page =
    ids === undefined ? await matching({ ...where, ...(after === undefined ? {} : { after }) }, sources) : named(ids);
  const told: ToldReplay = { ...page.told, ...(by === undefined ? {} : { by }) };
  const isEmpty = told.legs.length + told.records.length === 0;
  const outcome = isEmpty
    ? { legs: [], records: [] }
    : dry
      ? await tryReplay(told, sources.now, sources)
      : await take(told, sources, around);
  return { ...figures(outcome), dry, ...(page.next === undefined ? {} : { next: page.next }) };
}

async function take(
  told: ToldReplay,
  { reader, now }: LetterSources,
  { journal, committed }: Parameters<typeof replayLetters>[2],
): Promise<ReplayOutcome> {
  const body = { ...told } as unknown as JsonObject;
  const seq = await journal.append([
    { kind: 'replay', door: 'operator', keyId: '', receivedAt: now, body, personal: null },
  ]);
  await committed(seq, COMMIT_MS_MAX);
  if ((await reader.offset()) < seq)
    throw new HttpProblem(
      problem(503, 'not_decided', 'It is written down, and admission has not come to it. Look again in a minute.'),
    );
  return replayOutcome(told, seq, reader);
}

function named(ids: readonly string[]): { told: ToldReplay; next?: string } {
  const told: ToldReplay = { legs: [], records: [] };
  const problems: Problem[] = [];
  for (const [n, id] of [...new Set(ids)].entries()) {
    const read = readLetterId(id);
    if (!read) problems.push({ ...ID_WRONG, where: `ids.${n}` });
    else if ('leg' in read) told.legs.push(read.leg);
    else told.records.push(read.record);
  }
  if (problems.length > 0) throw unreadable(problems);
  return { told };
}

async function matching(
  where: Readonly<Record<string, string | undefined>>,
  { reader, spec }: LetterSources,
): Promise<{ told: ToldReplay; next?: string }> {
  const query = new URLSearchParams(
    Object.entries(where).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : [])),
  );
  const read = readLettersAsked(query, 'file', spec.business.timezone);
  if (!read.ok) throw unreadable(read.problems);
  const letters = await reader.letters(read.value.asked, LETTERS_MAX);
  const last = letters.length === LETTERS_MAX ? letters.at(-1) : undefined;
  return { told: replayOf(letters), ...(last ? { next: placeText(last.place) } : {}) };
}

/** Each refusal once, the most frequent first. */
function figures({ legs, records }: ReplayOutcome): Pick<ReplayAnswer, 'replayed' | 'refused'> {
  const all = [
    ...legs.map(({ key, why }) => ({ id: `leg:${key.event}/${key.destination}`, why })),
    ...records.map(({ seq, why }) => ({ id: `record:${seq}`, why })),
  ];
  const refused = Map.groupBy(
    all.filter(({ why }) => why !== undefined),
    ({ why }) => why ?? '',
  );
  return {
    replayed: all.filter(({ why }) => why === undefined).length,
    refused: [...refused]
      .map(([why, ones]) => {
        const ids = ones.slice(0, IDS_MAX).map(({ id }) => id);
        return { why, says: meaning(why), count: ones.length, ids };
      })
      .sort((a, b) => b.count - a.count || (a.why < b.why ? -1 : 1)),
  };
}

const WHICH: Problem = {
  ...{ code: 'letters_unnamed', where: 'ids', what: 'neither ids nor where says which letters, or both do' },
  fix: 'send ids, or where; {} is all of them',
};

const ID_WRONG = {
  ...{ code: 'letter_id', what: 'it is no id of a dead letter' },
  fix: 'use ids of the list, such as leg:4711/main or record:4711',
};

function unreadable(problems: readonly Problem[]): HttpProblem {
  const says = 'The replay was not asked for in a way it can be done. Nothing was changed.';
  return new HttpProblem(problem(422, 'body_shape', says, problems));
}
