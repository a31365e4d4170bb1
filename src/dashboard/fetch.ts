import type { ProblemAnswer } from '../api/wire.ts';

/** Why there is no answer, in the words the page shows. */
export interface Failure {
  kind: 'signedOut' | 'notFound' | 'refused' | 'unreachable';
  what: string;
  fix: string;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Asks the server for JSON; a failure is a value with what went wrong and how to mend it. */
export async function ask<T>(path: string, fetcher: typeof fetch, signal?: AbortSignal): Promise<Answer<T>> {
  let response: Response;
  try {
    response = await fetcher(path, { headers: { accept: 'application/json' }, ...(signal && { signal }) });
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
    what: problem ? sentence(first?.what ?? problem.detail ?? problem.title) : `The server answered ${status}.`,
    fix:
      first?.fix ??
      (status >= 500 ? 'Look into the log of assay serve, then try again.' : 'Change what was asked for.'),
  };
}

function unreachable(): Failure {
  return {
    kind: 'unreachable',
    what: 'The server does not answer.',
    fix: 'See that assay serve is running, then try again.',
  };
}

function problemOf(body: unknown): Partial<ProblemAnswer> | undefined {
  const is = typeof body === 'object' && body !== null && 'title' in body && 'code' in body;
  return is ? (body as Partial<ProblemAnswer>) : undefined;
}

function sentence(text = 'The server refused.'): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
