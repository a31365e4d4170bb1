import type { ImportedAnswer } from '../api/imports.ts';
import type { ProblemAnswer } from '../api/wire.ts';
import { AssayError } from '../event/error.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import { HttpProblem } from '../server/http.ts';
import { type ImportParts, importAds, importTouches } from '../server/imports.ts';
import { Specs } from '../server/specs.ts';
import { hasStore, rethrow, serverAt, storeAt, told } from './desk.ts';

/** Where an operator's imports go. What can't be done is an `AssayError` that says why. */
export interface ImportDesk {
  /** What came of a batch, or what is wrong with its rows; with `dry` they are only looked at. */
  send(path: string, body: object, dry: boolean): Promise<Parsed<ImportedAnswer>>;
  close(): Promise<void>;
}

/** The running server, or without one the store itself, under its lock. Nothing where there is no store. */
export async function openImportDesk(folder: string, now: () => number): Promise<ImportDesk | undefined> {
  if (!hasStore(folder)) return undefined;
  return (await serverDesk(folder)) ?? (await storeDesk(folder, now));
}

async function serverDesk(folder: string): Promise<ImportDesk | undefined> {
  const server = await serverAt(folder, '/v1/settings');
  if (!server) return undefined;
  const { ask, first } = server;
  await first.body?.cancel();
  return {
    async send(path, body, dry) {
      const answer = await ask('POST', `${path}${dry ? '?dry_run=1' : ''}`, body).catch((cause: unknown) => {
        throw new AssayError('server_gone', 'The server that runs on the store does not answer any more.', { cause });
      });
      if (answer.status !== 422) return { ok: true, value: await told<ImportedAnswer>(answer) };
      return { ok: false, problems: problemsOf((await answer.json()) as ProblemAnswer) };
    },
    close: async () => {},
  };
}

/** Admission in this process: the same records, decided by the same code. */
async function storeDesk(folder: string, now: () => number): Promise<ImportDesk> {
  const { journal, ledger, admission, close } = await storeAt(folder);
  const specs = new Specs();
  specs.learn(await ledger.specs());
  const parts: ImportParts = { reader: ledger, journal, specs, now, committed: () => admission.catchUp() };
  return {
    async send(path, body, dry) {
      try {
        const take = path.endsWith('/ads') ? importAds : importTouches;
        return { ok: true, value: await take(body, parts, dry) };
      } catch (error) {
        const problems = refusedRows(error);
        if (problems) return { ok: false, problems };
        return rethrow(error);
      }
    },
    close,
  };
}

function refusedRows(error: unknown): Problem[] | undefined {
  if (!(error instanceof HttpProblem) || typeof error.answer !== 'object' || error.answer.status !== 422)
    return undefined;
  return 'text' in error.answer ? problemsOf(JSON.parse(String(error.answer.text)) as ProblemAnswer) : undefined;
}

function problemsOf({ problems = [], detail, code }: ProblemAnswer): Problem[] {
  const told = problems.map((one) => ({ ...one, code: one.code ?? code }));
  return told.length > 0 ? told : [{ code, where: 'file', what: 'was not taken', fix: detail }];
}
