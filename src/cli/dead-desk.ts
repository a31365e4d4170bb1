import { Readable } from 'node:stream';
import type { LettersAnswer, ReplayAnswer, ReplayRequest, WholeLetterAnswer } from '../api/letters.ts';
import { type LetterParts, lettersAnswer, oneLetter, readable, sourcesOf } from '../server/letters.ts';
import { lettersCsv, lettersNdjson } from '../server/letters-file.ts';
import { replayLetters } from '../server/letters-replay.ts';
import { Specs } from '../server/specs.ts';
import { hasStore, rethrow, serverAt, storeAt, told } from './desk.ts';

export type LetterForm = 'csv' | 'ndjson';

/** Where dead letters are read and replayed. What can't be done is an `AssayError` that says why. */
export interface LetterDesk {
  /** does a server run? Without one, what is replayed leaves once one is started */
  served: boolean;
  list(query: URLSearchParams): Promise<LettersAnswer>;
  show(id: string): Promise<WholeLetterAnswer>;
  file(query: URLSearchParams, form: LetterForm): Promise<AsyncIterable<string>>;
  replay(asked: ReplayRequest): Promise<ReplayAnswer>;
  close(): Promise<void>;
}

/** The running server, or without one the store itself, under its lock. Nothing where there is no store. */
export async function openLetterDesk(folder: string, now: () => number): Promise<LetterDesk | undefined> {
  if (!hasStore(folder)) return undefined;
  return (await serverDesk(folder)) ?? (await storeDesk(folder, now));
}

async function serverDesk(folder: string): Promise<LetterDesk | undefined> {
  const server = await serverAt(folder, '/v1/settings');
  if (!server) return undefined;
  const { ask, first } = server;
  await first.body?.cancel();
  return {
    served: true,
    list: async (query) => told(await ask('GET', `/v1/reports/letters?${query}`)),
    show: async (id) => told(await ask('GET', `/v1/letters/${encodeURIComponent(id)}`)),
    async file(query, form) {
      const answer = await ask('GET', `/v1/reports/letters.${form}?${query}`, undefined, null);
      if (!answer.ok || !answer.body) return told(answer);
      return Readable.fromWeb(answer.body).setEncoding('utf8');
    },
    replay: async (asked) => told(await ask('POST', '/v1/letters/replay', asked)),
    close: async () => {},
  };
}

/** Admission in this process: the same record, decided by the same code. */
async function storeDesk(folder: string, now: () => number): Promise<LetterDesk> {
  const { journal, ledger, admission, close } = await storeAt(folder);
  const specs = new Specs();
  specs.learn(await ledger.specs());
  const parts: LetterParts = { reader: ledger, journal, specs, now, committed: () => admission.catchUp() };
  return {
    served: false,
    list: (query) => refusing(() => lettersAnswer(readable(query, 'page', parts), sourcesOf(parts))),
    show: (id) => refusing(() => oneLetter(id, sourcesOf(parts))),
    file: (query, form) =>
      refusing(async () => {
        const { asked } = readable(query, 'file', parts);
        return form === 'csv' ? lettersCsv(sourcesOf(parts), asked) : lettersNdjson(sourcesOf(parts), asked);
      }),
    replay: (asked) => refusing(() => replayLetters(asked, sourcesOf(parts), parts)),
    close,
  };
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return rethrow(error);
  }
}
