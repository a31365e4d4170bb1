import { randomBytes } from 'node:crypto';
import { Type } from 'typebox';
import type { NewKeyAnswer, SettingsKey } from '../api/answers.ts';
import { parser } from '../collection/schemas.ts';
import type { JsonObject } from '../event/event.ts';
import { type KeyRole, TEST_MS_MAX, type TestRow } from '../event/key.ts';
import type { Parsed } from '../event/problem.ts';
import { DAY, HOUR, parseDuration } from '../event/time.ts';
import type { ToldKey, ToldTest } from '../event/told.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { HttpProblem, problem } from './http.ts';
import { hashOf, type Keys } from './keys.ts';

const KEYS_MAX = 200;
const GRACE_MS_MAX = 30 * DAY;
const TEST_HOURS_MAX = TEST_MS_MAX / HOUR;
const COMMIT_MS_MAX = 10_000;

export const newKey = Type.Object({
  role: Type.Union([Type.Literal('browser'), Type.Literal('server'), Type.Literal('import')]),
  // Neither an e-mail address nor a phone number can be a name: it has no @, and seven digits at most.
  name: Type.String({ pattern: '^(?!(?:.*\\d){8})\\p{L}[\\p{L}\\d ._-]{0,59}$' }),
  draft: Type.Optional(Type.Boolean()),
});

export const newTest = Type.Object({
  destination: Type.String({ minLength: 1, maxLength: 100 }),
  code: Type.String({ pattern: '^[\\w-]{1,64}$' }),
  hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: TEST_HOURS_MAX })),
});

const readNewKey = parser(newKey);
const readNewTest = parser(newTest);

/**
 * What an operator does, as told from outside: wrong input, and what can't be done, is an `HttpProblem`. Each act is a
 * record; it is done once admission has committed it.
 */
export interface Acts {
  /** Makes a key as `newKey` describes it. Its text is in this answer and nowhere else. */
  makeKey(asked: unknown): Promise<NewKeyAnswer>;
  /** The key opens nothing any more, at once or after a grace such as `24h`. */
  endKey(id: string, grace: string): Promise<SettingsKey>;
  /** As `newTest` describes it: drafts go to Test Events until the hours are over; one hour unless told. */
  openTest(asked: unknown): Promise<TestRow>;
  closeTest(destination: string): Promise<TestRow>;
}

export function openActs(around: {
  keys: Keys;
  reader: Pick<LedgerReader, 'keys' | 'tests' | 'offset'>;
  journal: Pick<Journal, 'append'>;
  /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
  committed(seq: number, waitMs: number): Promise<unknown>;
  /** ids of the spec's destinations */
  destinations(): string[];
  now(): number;
}): Acts {
  const { keys, reader, now } = around;

  async function tell(kind: 'key' | 'test', body: ToldKey | ToldTest): Promise<void> {
    const record: NewRecord = {
      ...{ kind, door: 'operator', keyId: '', receivedAt: now() },
      ...{ body: { ...body } as JsonObject, personal: null },
    };
    const seq = await around.journal.append([record]);
    await around.committed(seq, COMMIT_MS_MAX);
    if ((await reader.offset()) < seq)
      throw new HttpProblem(
        problem(503, 'not_decided', 'It is written down, and admission has not come to it. Look again in a minute.'),
      );
  }

  /** The key as it now is. */
  async function tellKey(told: ToldKey): Promise<SettingsKey> {
    await tell('key', told);
    keys.learn(await reader.keys());
    const key = keys.list().find(({ id }) => id === told.id);
    if (!key) throw new Error(`key ${told.id} was committed and is not in the ledger`);
    return key;
  }

  async function tellTest(told: ToldTest): Promise<TestRow> {
    await tell('test', told);
    const row = (await reader.tests()).find(({ destination }) => destination === told.destination);
    if (!row) throw new Error(`the test session of ${told.destination} was committed and is not in the ledger`);
    return row;
  }

  return {
    async makeKey(asked) {
      const { role, name, draft } = whole(readNewKey(asked));
      const living = (await reader.keys()).filter(({ endsAt = Number.POSITIVE_INFINITY }) => endsAt > now());
      if (living.length >= KEYS_MAX)
        throw new HttpProblem(problem(409, 'too_many_keys', `There are ${KEYS_MAX} keys. End one that nobody uses.`));
      const text = newText(role);
      const made: ToldKey = {
        ...{ id: `key-${randomBytes(6).toString('hex')}`, role, name, hash: hashOf(text), createdAt: now() },
        ...(draft ? { draft: true } : {}),
      };
      return { ...(await tellKey(made)), key: text };
    },
    async endKey(id, grace) {
      const graceMs = readGrace(grace);
      if (graceMs === undefined)
        throw new HttpProblem(problem(422, 'grace_unreadable', 'Write the grace as 90m, 24h or 7d; at most 30d.'));
      const row = (await reader.keys()).find((one) => one.id === id);
      if (!row) {
        const fixed = keys.list().find((key) => key.id === id);
        throw new HttpProblem(
          fixed
            ? problem(409, 'key_of_environment', `This key ends when it is taken out of ${fixed.name}, at a restart.`)
            : problem(404, 'key_not_found', 'No key has this id. The list of keys names them.'),
        );
      }
      const endsAt = now() + graceMs;
      if (row.endsAt !== undefined && row.endsAt <= endsAt)
        throw new HttpProblem(problem(409, 'key_ended', 'This key has ended, or ends before that. Make a new one.'));
      const { draft, ...rest } = row;
      return tellKey({ ...rest, ...(draft ? { draft: true } : {}), endsAt });
    },
    async openTest(asked) {
      const { destination, code, hours = 1 } = whole(readNewTest(asked));
      if (!around.destinations().includes(destination))
        throw new HttpProblem(
          problem(
            404,
            'destination_unknown',
            'No destination of the tracking spec has this id. The settings list them.',
          ),
        );
      return tellTest({ destination, code, until: now() + hours * HOUR });
    },
    async closeTest(destination) {
      const open = (await reader.tests()).find((row) => row.destination === destination);
      if (!open || open.until <= now())
        throw new HttpProblem(problem(404, 'test_not_open', 'This destination has no test session.'));
      return tellTest({ destination, code: open.code, until: now() });
    },
  };
}

/** Milliseconds of `24h`; undefined for what is no grace, or too long for one. */
export function readGrace(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined || ms > GRACE_MS_MAX ? undefined : ms;
}

function whole<T>(parsed: Parsed<T>): T {
  if (parsed.ok) return parsed.value;
  const says = 'The body has not the shape of this address. Nothing was changed.';
  throw new HttpProblem(problem(422, 'body_shape', says, parsed.problems));
}

/** Everybody sees a write key, and nobody else's may be like it; the others are secrets of 256 bits. */
function newText(role: KeyRole): string {
  switch (role) {
    case 'browser':
      return `wk_${randomBytes(12).toString('base64url')}`;
    case 'server':
      return `sk_${randomBytes(32).toString('base64url')}`;
    case 'import':
      return `ik_${randomBytes(32).toString('base64url')}`;
  }
}
