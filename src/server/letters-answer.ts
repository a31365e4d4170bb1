import { recaller } from '../admission/recall.ts';
import { possibleCopy } from '../admission/replay.ts';
import { tryReplay } from '../admission/replay-outcome.ts';
import type { AttemptAnswer, ReplayForecast, WholeLetterAnswer } from '../api/letters.ts';
import type { AttemptRow, DispatchRow } from '../event/dispatch.ts';
import type { EventRow, JsonObject } from '../event/event.ts';
import type { ToldReplay } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalReader } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type Letter, letterId } from '../store/letters.ts';
import { forecast } from '../tiktok/clocks.ts';
import { type ClockWords, clockWords, meaning, replaySays } from './says.ts';

/** What letters are read from. */
export interface LetterSources {
  reader: Pick<
    LedgerReader,
    'letters' | 'letterCounts' | 'load' | 'lineage' | 'verdicts' | 'offset' | 'specs' | 'keys' | 'tests'
  >;
  journal: Pick<JournalReader, 'read' | 'first'>;
  spec: Spec;
  now: number;
}

/** Letters whole: with their attempts, what was told, and what a replay would do now. */
export async function wholeLetters(letters: readonly Letter[], sources: LetterSources): Promise<WholeLetterAnswer[]> {
  const told = replayOf(letters);
  const outcome = await tryReplay(told, sources.now, sources);
  const why = new Map<string, string | undefined>([
    ...outcome.legs.map((one) => [`leg:${one.key.event}/${one.key.destination}`, one.why] as const),
    ...outcome.records.map((one) => [`record:${one.seq}`, one.why] as const),
  ]);
  const events = [...new Set(told.legs.map(({ event }) => event))];
  const { dispatches } = await sources.reader.load({ events, orders: [] });
  const { attempts } = await sources.reader.lineage(events, []);
  const records = await recaller(sources.journal, sources.reader)(told.records);
  const clock = clockWords(sources.spec.business.timezone, sources.now);
  const whole: WholeLetterAnswer[] = [];
  for (const letter of letters) {
    const reason = why.get(letterId(letter));
    if (letter.kind === 'record') {
      whole.push(recordLetter(letter, records.get(letter.place.seq)?.record.body ?? {}, reason));
    } else {
      const legs = dispatches.filter((leg) => leg.event === letter.place.seq);
      const own = attempts.filter((one) => isOf(one, letter.dispatch));
      const replay = legForecast(letter, legs, reason, sources, clock);
      whole.push(legLetter(letter, own, replay));
    }
  }
  return whole;
}

/** The replay of these letters. */
export function replayOf(letters: readonly Letter[]): ToldReplay {
  return {
    legs: letters.flatMap(({ kind, place: { seq: event, destination } }) =>
      kind === 'record' ? [] : [{ event, destination, leg: 'api' as const }],
    ),
    records: letters.flatMap(({ kind, place }) => (kind === 'record' ? [place.seq] : [])),
  };
}

function legLetter(
  letter: Extract<Letter, { kind: 'dead' | 'unknown' }>,
  attempts: readonly AttemptRow[],
  replay: ReplayForecast,
): WholeLetterAnswer {
  const { kind, dispatch, event } = letter;
  const { code, message, requestId } = dispatch;
  const [first] = attempts;
  const last = attempts.at(-1);
  return {
    ...{ id: letterId(letter), kind, at: dispatch.changedAt, destination: dispatch.destination },
    ...{ why: dispatch.why, reasons: [dispatch.why] },
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(requestId === undefined ? {} : { requestId }),
    ...{ event: event.name, eventId: event.eventId },
    ...(event.orderId === undefined ? {} : { orderId: event.orderId }),
    ...(event.leadId === undefined ? {} : { leadId: event.leadId }),
    ...(event.value === undefined ? {} : { value: moneyOf(event.value) }),
    ...{ money: dispatch.money, occurredAt: event.occurredAt, attempts: dispatch.attempts },
    ...(first ? { first: attemptAnswer(first) } : {}),
    ...(last ? { last: attemptAnswer(last) } : {}),
    replay,
    body: bodyOf(event),
    replays: (dispatch.replays ?? []).map(({ seq: _seq, ...replay }) => replay),
  };
}

function recordLetter(
  letter: Extract<Letter, { kind: 'record' }>,
  told: JsonObject,
  why: string | undefined,
): WholeLetterAnswer {
  const { verdict, place } = letter;
  const properties = told['properties'];
  const { order_id: orderId } = { ...told, ...(isObject(properties) ? properties : {}) };
  const { event_id: eventId, lead_id: leadId } = told;
  // It opens the order's handout for whoever knows what it is a hash of.
  const { capability: _capability, ...body } = told;
  return {
    ...{ id: letterId(letter), kind: 'record', at: place.at, destination: '' },
    ...{ why: verdict.reasons[0] ?? '', reasons: verdict.reasons },
    event: verdict.name ?? '',
    ...(isId(eventId) ? { eventId: String(eventId) } : {}),
    ...(isId(orderId) ? { orderId: String(orderId) } : {}),
    ...(isId(leadId) ? { leadId: String(leadId) } : {}),
    ...{ money: verdict.kind === 'order' || verdict.kind === 'payment', attempts: 0 },
    ...(verdict.problems
      ? { problems: verdict.problems.map(({ where, what, fix, code }) => ({ where, what, fix, code })) }
      : {}),
    replay:
      why === undefined
        ? { allowed: true, says: 'It would be let in under the tracking spec of now, with its own time.' }
        : { allowed: false, why, says: `It would stay in quarantine: ${meaning(why)}` },
    body,
    replays: verdict.again ? [{ at: verdict.at, ...byOf(verdict.again), why: verdict.reasons[0] ?? '' }] : [],
  };
}

function byOf({ by }: { by?: string }): { by?: string } {
  return by === undefined ? {} : { by };
}

function legForecast(
  { kind, dispatch, event }: Extract<Letter, { kind: 'dead' | 'unknown' }>,
  legs: readonly DispatchRow[],
  why: string | undefined,
  { spec, now }: LetterSources,
  clock: ClockWords,
): ReplayForecast {
  const first = possibleCopy(legs, dispatch.destination, event);
  const says = replaySays({ kind, first, why, limits: spec.delivery, clock });
  const answer = forecast(first, 'api', now, spec.delivery);
  return { allowed: why === undefined, forecast: answer, ...(why === undefined ? {} : { why }), says };
}

/** What was told, in our words, and nothing of the person. */
function bodyOf({ source, origin, consent, specVersion, properties, app, ad, lead }: EventRow): JsonObject {
  return {
    ...{ source, origin, consent, spec: specVersion, properties },
    ...(app ? { app } : {}),
    ...(ad ? { ad } : {}),
    ...(lead ? { lead } : {}),
  };
}

function attemptAnswer({ n, sentAt, answeredAt, outcome, http, code, message, requestId }: AttemptRow): AttemptAnswer {
  return {
    ...{ n, sentAt },
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(http === undefined ? {} : { http }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

function isOf(attempt: AttemptRow, { event, destination, leg }: DispatchRow): boolean {
  return attempt.event === event && attempt.destination === destination && attempt.leg === leg;
}

function moneyOf(text: string): { amount: string; currency: string } {
  const [amount = '', currency = ''] = text.split(' ');
  return { amount, currency };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
