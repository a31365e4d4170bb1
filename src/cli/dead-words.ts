import type {
  AttemptAnswer,
  LetterAnswer,
  LetterCountAnswer,
  ReplayAnswer,
  WholeLetterAnswer,
} from '../api/letters.ts';
import { clockText } from '../server/says.ts';
import { tableText } from './text-table.ts';

/** One line a letter, and what a replay would do. */
export function letterTable(letters: readonly LetterAnswer[], timezone: string): string[] {
  if (letters.length === 0) return ['There are no such dead letters.'];
  const rows = letters.map(({ id, at, event, eventId, orderId, why, code, replay }) => [
    id,
    clockText(at, timezone),
    [event, orderId === undefined ? eventId : `order ${orderId}`].filter(Boolean).join(' '),
    code === undefined ? why : `${why} (${code})`,
    replay.allowed ? 'replay: yes' : `replay: ${replay.why}`,
  ]);
  return tableText([['id', 'given up', 'event', 'reason', 'now'], ...rows]).split('\n');
}

/** How many of each kind and reason, the most frequent first. */
export function countWords(counts: readonly LetterCountAnswer[]): string[] {
  const rows = counts
    .toSorted((a, b) => b.count - a.count)
    .map(({ kind, destination, why, code, count }) => [
      String(count),
      kind,
      destination,
      code === undefined ? why : `${why} (${code})`,
    ]);
  return rows.length === 0 ? [] : ['All of the store:', ...tableText(rows).split('\n')];
}

/** A letter whole. */
export function letterLines(letter: WholeLetterAnswer): string[] {
  const { id, kind, at, destination, event, eventId, orderId, leadId, value, replay, replays, first, last, body } =
    letter;
  const time = (ms: number): string => new Date(ms).toISOString();
  const named = [
    event,
    eventId,
    orderId && `order ${orderId}`,
    leadId && `lead ${leadId}`,
    value && `${value.amount} ${value.currency}`,
  ];
  return [
    `${id}: ${kind}${destination === '' ? '' : ` at ${destination}`}, since ${time(at)}`,
    `  ${named.filter(Boolean).join(', ')}`,
    ...letter.reasons.map((reason) => `  ${reason}`),
    ...(letter.problems ?? []).map(({ where, what, fix }) => `  ${where} ${what}: ${fix}`),
    ...(first ? [`  first attempt  ${attemptWords(first, time)}`] : []),
    ...(last && last.n !== first?.n ? [`  last attempt   ${attemptWords(last, time)}`] : []),
    ...replays.map(
      (one) => `  replay ${time(one.at)}${one.by === undefined ? '' : ` by ${one.by}`}: ${one.why ?? 'taken'}`,
    ),
    `  ${replay.allowed ? 'A replay is possible' : `A replay is refused (${replay.why})`}. ${replay.says}`,
    `  ${JSON.stringify(body)}`,
  ];
}

/** What came of a replay, or would. */
export function replayWords({ replayed, refused, dry }: ReplayAnswer, served: boolean): string[] {
  const letters = (count: number): string => `${count} ${count === 1 ? 'letter' : 'letters'}`;
  const nobody = served || dry || replayed === 0 ? '' : ' They leave once a server runs on this store.';
  return [
    dry ? `A replay would try ${letters(replayed)} again.` : `${letters(replayed)} will be tried again.${nobody}`,
    ...refused.map(({ why, says, count }) => `${letters(count)} refused, ${why}: ${says}`),
    ...(dry ? ['Nothing was changed.'] : []),
  ];
}

function attemptWords(
  { n, sentAt, http, code, message, outcome }: AttemptAnswer,
  time: (ms: number) => string,
): string {
  const answer = [http && `HTTP ${http}`, code !== undefined && `code ${code}`, outcome].filter(Boolean).join(', ');
  return `${n}, ${time(sentAt)}: ${answer || 'no answer'}${message ? `, ${JSON.stringify(message)}` : ''}`;
}
