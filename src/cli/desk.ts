import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Admission, openAdmission } from '../admission/run.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { AssayError } from '../event/error.ts';
import { HttpProblem } from '../server/http.ts';
import { readOperator } from '../server/operator.ts';
import type { Journal } from '../store/journal.ts';
import type { Ledger } from '../store/ledger.ts';
import { openJournal } from '../store/sqlite/journal.ts';
import { openLedger } from '../store/sqlite/ledger.ts';

const ANSWER_MS_MAX = 60_000;

/** Asks the server that runs on a store, as its operator. A file takes as long as it takes. */
export type AskServer = (method: string, path: string, body?: object, answerMsMax?: number | null) => Promise<Response>;

/** A store under its lock, with admission at its end. */
export interface OpenStore {
  journal: Journal;
  ledger: Ledger;
  admission: Admission;
  close(): Promise<void>;
}

/** Is there a store in the folder? */
export function hasStore(folder: string): boolean {
  return existsSync(join(folder, 'journal.db'));
}

/**
 * The server that runs on the folder's store, with its answer to a first question. Nothing when nobody, or somebody
 * else, answers there: a killed server leaves its file behind.
 */
export async function serverAt(
  folder: string,
  first: string,
): Promise<{ ask: AskServer; first: Response } | undefined> {
  const operator = readOperator(folder);
  if (!operator) return undefined;
  const ask: AskServer = (method, path, body, answerMsMax = ANSWER_MS_MAX) =>
    fetch(operator.url + path, {
      method,
      headers: { authorization: `Bearer ${operator.token}`, 'content-type': 'application/json' },
      ...(answerMsMax === null ? {} : { signal: AbortSignal.timeout(answerMsMax) }),
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const answer = await ask('GET', first).catch(() => undefined);
  return answer?.status === 200 ? { ask, first: answer } : undefined;
}

/** Opens the store itself: nobody else may have it open. What the journal has is decided first. */
export async function storeAt(folder: string): Promise<OpenStore> {
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
    return { journal, ledger, admission, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The body of an answer; a refusal is an `AssayError` that says why. */
export async function told<T>(answer: Response): Promise<T> {
  const body: unknown = await answer.json();
  if (answer.ok) return body as T;
  throw refused(body as ProblemAnswer);
}

/** A refusal of the server's own code, likewise. */
export function rethrow(error: unknown): never {
  if (!(error instanceof HttpProblem) || typeof error.answer !== 'object' || !('text' in error.answer)) throw error;
  throw refused(JSON.parse(String(error.answer.text)) as ProblemAnswer);
}

function refused({ code, detail, problems = [] }: ProblemAnswer): AssayError {
  const lines = problems.map(({ where, what, fix }) => `  ${where} ${what}: ${fix}`);
  return new AssayError(code, [detail, ...lines].join('\n'));
}
