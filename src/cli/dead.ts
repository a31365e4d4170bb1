import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ReplayAnswer, ReplayRequest } from '../api/letters.ts';
import { parseDuration } from '../event/time.ts';
import { accountOf } from '../server/activate.ts';
import { type LetterDesk, type LetterForm, openLetterDesk } from './dead-desk.ts';
import { countWords, letterLines, letterTable, replayWords } from './dead-words.ts';
import type { Io } from './io.ts';
import { readClock } from './read-clock.ts';

export interface DeadOptions {
  data?: string;
  json?: boolean;
}

/** What letters are narrowed to; `since` and `until` are times, days or ages such as `24h`. */
export interface DeadFilters {
  kind?: string;
  destination?: string;
  why?: string;
  code?: string;
  event?: string;
  money?: boolean;
  since?: string;
  until?: string;
}

/** Letters asked of the desk at once. */
const PAGE_MAX = 200;

/** Lists dead letters, newest first. 2 when there is no store or the question can't be read. */
export function deadList(options: DeadOptions & DeadFilters & { limit?: string }, io: Io): Promise<number> {
  return atDesk(options, io, async (desk) => {
    const wanted = limitOf(options.limit);
    const query = queryOf(options, io);
    if (wanted === undefined || typeof query === 'string') return unreadable(io, query);
    const letters: Awaited<ReturnType<LetterDesk['list']>>['letters'] = [];
    let answer: Awaited<ReturnType<LetterDesk['list']>>;
    do {
      query.set('limit', String(Math.min(PAGE_MAX, wanted - letters.length)));
      answer = await desk.list(query);
      letters.push(...answer.letters);
      query.set('after', answer.next ?? '');
    } while (answer.next !== undefined && letters.length < wanted);
    const more = answer.next === undefined ? {} : { next: answer.next };
    const { asOf, timezone, counts } = answer;
    io.stdout(
      options.json
        ? `${JSON.stringify({ asOf, timezone, counts, letters, ...more })}\n`
        : `${[...letterTable(letters, timezone), '', ...countWords(counts)].join('\n')}\n`,
    );
    return 0;
  });
}

/** Shows one letter whole. */
export function deadShow(id: string, options: DeadOptions, io: Io): Promise<number> {
  return atDesk(options, io, async (desk) => {
    const letter = await desk.show(id);
    io.stdout(options.json ? `${JSON.stringify(letter)}\n` : `${letterLines(letter).join('\n')}\n`);
    return 0;
  });
}

/** Writes all that match into a file, or to standard output. */
export function deadExport(
  file: string | undefined,
  options: DeadOptions & DeadFilters & { format?: LetterForm },
  io: Io,
): Promise<number> {
  return atDesk(options, io, async (desk) => {
    const query = queryOf(options, io);
    if (typeof query === 'string') return unreadable(io, query);
    const form = options.format ?? (file?.endsWith('.csv') ? 'csv' : 'ndjson');
    const parts = await desk.file(query, form);
    if (file === undefined) for await (const part of parts) io.stdout(part);
    else await pipeline(parts, createWriteStream(file, { mode: 0o600 }));
    if (file !== undefined) io.stdout(options.json ? `${JSON.stringify({ file, form })}\n` : `Written to ${file}.\n`);
    return 0;
  });
}

export interface ReplayOptions extends DeadOptions, DeadFilters {
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** Has letters tried again: some by id, or all that match. 1 when any of them was refused. */
export function deadReplay(
  ids: readonly string[],
  options: ReplayOptions,
  io: Io,
  confirm: (question: string) => Promise<boolean> = inTerminal,
): Promise<number> {
  return atDesk(options, io, async (desk) => {
    const query = queryOf(options, io);
    if (typeof query === 'string') return unreadable(io, query);
    const isNarrowed = [...query].length > 0;
    if (ids.length > 0 ? options.all || isNarrowed : !options.all)
      return unreadable(io, 'Name letters by their ids, or say --all, with or without filters.');
    const by = accountOf(io.env);
    const asked: ReplayRequest = {
      ...(ids.length > 0 ? { ids: [...ids] } : { where: Object.fromEntries(query) }),
      ...(by === undefined ? {} : { by }),
    };
    // Many letters are many events at TikTok: a person sees first how many.
    if (options.all && !options.yes && !options.dryRun) {
      if (!io.interactive || options.json)
        return unreadable(io, 'Say --yes to replay all that match, or --dry-run to see what that would do.');
      const sum = await inTurns(desk, { ...asked, dry: true }, io);
      io.stdout(`${replayWords(sum, desk.served).join('\n')}\n`);
      if (sum.replayed === 0) return sum.refused.length > 0 ? 1 : 0;
      if (!(await confirm('Replay them?'))) return 1;
    }
    const sum = await inTurns(desk, { ...asked, dry: options.dryRun === true }, io);
    io.stdout(options.json ? `${JSON.stringify(sum)}\n` : `${replayWords(sum, desk.served).join('\n')}\n`);
    return sum.refused.length > 0 ? 1 : 0;
  });
}

/** Goes on until all that match are done, and adds up what came of it. */
async function inTurns(desk: LetterDesk, asked: ReplayRequest, io: Io): Promise<ReplayAnswer> {
  const sum: ReplayAnswer = { replayed: 0, refused: [], dry: asked.dry === true };
  for (let after: string | undefined; ; ) {
    const { replayed, refused, next } = await desk.replay({ ...asked, ...(after === undefined ? {} : { after }) });
    sum.replayed += replayed;
    for (const one of refused) {
      const same = sum.refused.find(({ why }) => why === one.why);
      if (same) same.count += one.count;
      else sum.refused.push(one);
    }
    const stayed = sum.refused.reduce((count, one) => count + one.count, 0);
    if (io.interactive && (next !== undefined || after !== undefined))
      io.stderr(`\r${sum.replayed + stayed} letters, ${stayed} of them refused${next === undefined ? '\n' : ' …'}`);
    if (next === undefined) return sum;
    after = next;
  }
}

/** The filters as the query of the list, or what is wrong with them. */
function queryOf(
  { kind, destination, why, code, event, money, since, until }: DeadFilters,
  io: Io,
): URLSearchParams | string {
  const query = new URLSearchParams();
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined) query.set(name, value);
  };
  for (const [name, value] of Object.entries({ kind, destination, why, code, event })) set(name, value);
  if (money) query.set('money', 'true');
  for (const [name, option, text] of [
    ['from', '--since', since],
    ['to', '--until', until],
  ] as const) {
    const time = text === undefined ? '' : timeOf(text, io.now());
    if (time === undefined) return `${option} ${text} is no time: write 24h, 2026-11-22 or 2026-11-22T09:00:00Z.`;
    set(name, time === '' ? undefined : time);
  }
  return query;
}

/** A day stays a day, of the business's time zone; an age is counted from now. */
function timeOf(text: string, now: number): string | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const age = parseDuration(text);
  const at = age === undefined ? readClock(text) : now - age;
  return at === undefined ? undefined : new Date(at).toISOString();
}

function limitOf(text = '50'): number | undefined {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  return limit > 0 ? limit : undefined;
}

function unreadable(io: Io, what: string | URLSearchParams): number {
  io.stderr(`${typeof what === 'string' ? what : 'Write --limit as a number, such as 50.'}\n`);
  return 2;
}

async function atDesk(options: DeadOptions, io: Io, work: (desk: LetterDesk) => Promise<number>): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  const desk = await openLetterDesk(folder, io.now);
  if (!desk) {
    io.stderr(`There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.\n`);
    return 2;
  }
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

async function inTerminal(message: string): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message, initialValue: false })) === true;
}
