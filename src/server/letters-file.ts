import { setImmediate } from 'node:timers/promises';
import type { WholeLetterAnswer } from '../api/letters.ts';
import type { LettersAsked } from '../store/letters.ts';
import { type Cell, csvRow } from './books/csv.ts';
import { type LetterSources, wholeLetters } from './letters-answer.ts';

/** Letters read at once: each comes with its attempts and its events. */
const PAGE_ROWS = 100;

const text = (value: string | null | undefined): Cell => ({ text: value ?? null });
const number = (value: number | string | null | undefined): Cell => ({ number: value ?? null });
const time = (at: number | undefined): Cell => ({ number: at === undefined ? null : new Date(at).toISOString() });

const COLUMNS: readonly (readonly [name: string, cell: (letter: WholeLetterAnswer) => Cell])[] = [
  ['id', ({ id }) => text(id)],
  ['kind', ({ kind }) => text(kind)],
  ['at', ({ at }) => time(at)],
  ['destination', ({ destination }) => text(destination)],
  ['reasons', ({ reasons }) => text(reasons.join(' '))],
  ['code', ({ code }) => number(code)],
  ['message', ({ message }) => text(message)],
  ['request_id', ({ requestId }) => text(requestId)],
  ['event', ({ event }) => text(event)],
  ['event_id', ({ eventId }) => text(eventId)],
  ['order_id', ({ orderId }) => text(orderId)],
  ['lead_id', ({ leadId }) => text(leadId)],
  ['value', ({ value }) => number(value?.amount)],
  ['currency', ({ value }) => text(value?.currency)],
  ['occurred_at', ({ occurredAt }) => time(occurredAt)],
  ['attempts', ({ attempts }) => number(attempts)],
  ['first_sent_at', ({ first }) => time(first?.sentAt)],
  ['first_http', ({ first }) => number(first?.http)],
  ['first_code', ({ first }) => number(first?.code)],
  ['first_message', ({ first }) => text(first?.message)],
  ['last_sent_at', ({ last }) => time(last?.sentAt)],
  ['last_http', ({ last }) => number(last?.http)],
  ['last_code', ({ last }) => number(last?.code)],
  ['last_message', ({ last }) => text(last?.message)],
  ['replay', ({ replay }) => text(replay.allowed ? 'yes' : replay.why)],
  ['replay_says', ({ replay }) => text(replay.says)],
  ['problems', ({ problems = [] }) => text(problems.map(({ where, what }) => `${where}: ${what}`).join('; '))],
  ['body', ({ body }) => text(JSON.stringify(body))],
];

/** One letter a line, newest first, whole. */
export async function* lettersNdjson(sources: LetterSources, asked: LettersAsked): AsyncGenerator<string> {
  for await (const letters of pages(sources, asked))
    yield letters.map((letter) => `${JSON.stringify(letter)}\n`).join('');
}

/** Likewise as CSV, with a header. */
export async function* lettersCsv(sources: LetterSources, asked: LettersAsked): AsyncGenerator<string> {
  yield csvRow(COLUMNS.map(([name]) => text(name)));
  for await (const letters of pages(sources, asked))
    yield letters.map((letter) => csvRow(COLUMNS.map(([, cell]) => cell(letter)))).join('');
}

async function* pages(sources: LetterSources, asked: LettersAsked): AsyncGenerator<WholeLetterAnswer[]> {
  for (let page = await sources.reader.letters(asked, PAGE_ROWS); page.length > 0; ) {
    yield await wholeLetters(page, sources);
    const after = page.at(-1)?.place;
    if (!after || page.length < PAGE_ROWS) return;
    // Others come first: a large file is in no hurry.
    await setImmediate();
    page = await sources.reader.letters({ ...asked, after }, PAGE_ROWS);
  }
}
