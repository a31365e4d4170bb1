import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAdmission } from '../admission/run.ts';
import type { NewKeyAnswer, SettingsAnswer, SettingsKey } from '../api/answers.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { AssayError } from '../event/error.ts';
import type { KeyRole } from '../event/key.ts';
import { openActs } from '../server/acts.ts';
import { HttpProblem } from '../server/http.ts';
import { openKeys } from '../server/keys.ts';
import { type Operator, readOperator } from '../server/operator.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';

/** Where keys are made and ended. What can't be done is an `AssayError` that says why. */
export interface KeyDesk {
  /** does a server run? Without one, the keys of its environment are not known */
  served: boolean;
  timezone: string;
  list(): Promise<SettingsKey[]>;
  make(asked: { role: KeyRole; name: string; draft?: boolean }): Promise<NewKeyAnswer>;
  end(id: string, grace: string): Promise<SettingsKey>;
  close(): Promise<void>;
}

const ANSWER_MS_MAX = 15_000;

/** The running server, or without one the store itself, under its lock. Nothing where there is no store. */
export async function openKeyDesk(folder: string, now: () => number): Promise<KeyDesk | undefined> {
  if (!existsSync(join(folder, 'journal.db'))) return undefined;
  const operator = readOperator(folder);
  return (operator && (await serverDesk(operator))) ?? (await storeDesk(folder, now));
}

/** Nothing when nobody, or somebody else, answers there: a killed server leaves its file behind. */
async function serverDesk({ url, token }: Operator): Promise<KeyDesk | undefined> {
  const ask = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const first = await ask('GET', '/v1/settings').catch(() => undefined);
  if (first?.status !== 200) return undefined;
  const { keys, timezone } = (await first.json()) as SettingsAnswer;
  return {
    served: true,
    timezone,
    list: async () => keys,
    make: async (asked) => told(await ask('POST', '/v1/keys', asked)),
    end: async (id, grace) =>
      told(await ask('DELETE', `/v1/keys/${encodeURIComponent(id)}?grace=${encodeURIComponent(grace)}`)),
    close: async () => {},
  };
}

async function told<T>(answer: Response): Promise<T> {
  const body: unknown = await answer.json();
  if (answer.ok) return body as T;
  throw refused(body as ProblemAnswer);
}

/** Admission in this process: the same record, decided by the same code. */
async function storeDesk(folder: string, now: () => number): Promise<KeyDesk> {
  const journal = await openJournal(folder);
  const ledger = await openLedger(folder).catch(async (error: unknown) => {
    await journal.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    await ledger.close();
    await journal.close();
  };
  try {
    const admission = await openAdmission(journal, ledger);
    await admission.catchUp();
    const keys = openKeys({ writeKeys: [], secretKeys: [] }, now);
    keys.learn(await ledger.keys());
    const acts = openActs({
      ...{ keys, reader: ledger, journal, now },
      committed: () => admission.catchUp(),
      destinations: () => [],
    });
    return {
      served: false,
      timezone: 'UTC',
      list: async () => keys.list(),
      make: (asked) => acts.makeKey(asked).catch(rethrow),
      end: (id, grace) => acts.endKey(id, grace).catch(rethrow),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function rethrow(error: unknown): never {
  if (!(error instanceof HttpProblem) || typeof error.answer !== 'object' || !('text' in error.answer)) throw error;
  throw refused(JSON.parse(String(error.answer.text)) as ProblemAnswer);
}

function refused({ code, detail, problems = [] }: ProblemAnswer): AssayError {
  const lines = problems.map(({ where, what, fix }) => `  ${where} ${what}: ${fix}`);
  return new AssayError(code, [detail, ...lines].join('\n'));
}
