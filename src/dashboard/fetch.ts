import type { ProblemAnswer } from '../api/wire.ts';
import type { Problem } from '../event/problem.ts';

/** Why there is no answer, in the words the page shows. */
export interface Failure {
  kind: 'signedOut' | 'notFound' | 'refused' | 'unreachable';
  /** the server's word for it; empty where there is none */
  code: string;
  what: string;
  fix: string;
  /** what is wrong with what was sent, field by field */
  problems: Problem[];
}

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Asks the server for JSON; a failure is a value with what went wrong and how to mend it. */
export async function ask<T>(path: string, fetcher: typeof fetch, signal?: AbortSignal): Promise<Answer<T>> {
  return answerTo<T>(fetcher, path, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
}

/** Changes something at the server. A change is told as JSON even when it says nothing more: the server asks for that. */
export async function send<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body: object | undefined,
  fetcher: typeof fetch,
): Promise<Answer<T>> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return answerTo<T>(fetcher, path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** What is wrong with one field, with how to mend it; problems name it by the end of their path. */
export function wrongWith(failure: Failure | undefined, field: string): string | undefined {
  const problem = failure?.problems.find(({ where }) => where.split(/[./]/).at(-1) === field);
  return problem && `${sentence(capital(problem.what))} ${sentence(capital(problem.fix))}`;
}

async function answerTo<T>(fetcher: typeof fetch, path: string, asked: RequestInit): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetcher(path, asked);
  } catch {
    return { ok: false, failure: unreachable() };
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return { ok: true, value: body as T };
  return { ok: false, failure: failureOf(response.status, body) };
}

function failureOf(status: number, body: unknown): Failure {
  const problem = problemOf(body);
  const first = problem?.problems?.[0];
  const kind = status === 401 ? 'signedOut' : status === 404 ? 'notFound' : 'refused';
  return {
    kind,
    code: problem?.code ?? '',
    what: problem ? sentence(first?.what ?? problem.detail ?? problem.title) : `The server answered ${status}.`,
    fix:
      first?.fix ??
      (status >= 500 ? 'Look into the log of assay serve, then try again.' : 'Change what was asked for.'),
    problems: problem?.problems ?? [],
  };
}

function unreachable(): Failure {
  return {
    kind: 'unreachable',
    code: '',
    what: 'The server does not answer.',
    fix: 'See that assay serve is running, then try again.',
    problems: [],
  };
}

function problemOf(body: unknown): Partial<ProblemAnswer> | undefined {
  const is = typeof body === 'object' && body !== null && 'title' in body && 'code' in body;
  return is ? (body as Partial<ProblemAnswer>) : undefined;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function sentence(text = 'The server refused.'): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
