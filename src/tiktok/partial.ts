import { classOf } from './codes.ts';

/** What a partial answer says of one event: taken, or why not, with its own code where it has one. */
export type Told = 'accepted' | { code?: number; message: string };

/** Names under which a list of failed events may stand: the first is recalled from Events API 1.0, the others are likely. */
const FAILURES = ['failed_events', 'failed_list', 'failures', 'errors', 'error_list', 'failed'];
/** Names of a list with one entry for each event. */
const RESULTS = ['results', 'events', 'items'];
const PLACES = ['order_in_batch', 'index', 'order', 'position'];
const CODES = ['code', 'error_code'];
const MESSAGES = ['error_message', 'message', 'error', 'reason', 'msg'];

/**
 * Reads the `data` of a partial success, event by event in the batch's order. TikTok publishes no shape for it, so
 * whatever is ambiguous, out of range, contradictory or of another shape is undefined: then nothing is known of any.
 */
export function readPartial(data: unknown, eventIds: readonly string[]): Told[] | undefined {
  const found = listIn(data, eventIds.length);
  const places = Map.groupBy(eventIds.keys(), (place) => eventIds[place]);
  const entries = found?.list.map((entry) => readEntry(entry, places, eventIds.length));
  if (!found || !entries?.every((entry) => entry !== undefined)) return undefined;
  const told = found.isResults ? fromResults(entries, eventIds.length) : fromFailures(entries, eventIds.length);
  const failed = told?.filter((one) => one !== 'accepted').length ?? 0;
  return failed > 0 && countsFit(data, failed, eventIds.length) ? told : undefined;
}

/**
 * The place in the batch, from 0, that a message names at its beginning, such as `data.3.event: …`, `Batch.3`,
 * `events[3]` or `$.data[3].user`. A number further on may be part of what a sender wrote.
 */
export function placeIn(message: string): number | undefined {
  const [, dotted, bracketed] = PATH.exec(message) ?? [];
  const place = dotted ?? bracketed;
  return place === undefined ? undefined : Number(place);
}

const PATH =
  /^\s*["'`]?(?:\$\.)?(?:data|batch|events)(?:\.(0|[1-9]\d{0,3})|\[(0|[1-9]\d{0,3})\])(?=\.[a-z_]|\[|[:\s"'`]|$)/i;

type Fields = Record<string, unknown>;

/** The one list of a known name. A second one would leave open which is meant. */
function listIn(data: unknown, events: number): { list: unknown[]; isResults: boolean } | undefined {
  if (Array.isArray(data)) {
    const isResults =
      data.length === events && data.every((entry) => isObject(entry) && valuesOf(entry, CODES).length > 0);
    return { list: data, isResults };
  }
  if (!isObject(data)) return undefined;
  const told = Object.entries(data).filter(
    ([name, value]) => Array.isArray(value) || (value !== null && [...FAILURES, ...RESULTS].includes(name)),
  );
  const [name, list] = told[0] ?? [];
  if (told.length !== 1 || name === undefined || !Array.isArray(list)) return undefined;
  const isResults = RESULTS.includes(name);
  return isResults || FAILURES.includes(name) ? { list, isResults } : undefined;
}

interface Entry {
  /** in the batch, from 0 */
  place: number | undefined;
  code: number | undefined;
  message: string;
}

/** One entry of a list; undefined where it contradicts itself or names no event of this batch. */
function readEntry(entry: unknown, places: ReadonlyMap<unknown, readonly number[]>, events: number): Entry | undefined {
  if (!isObject(entry)) return undefined;
  const message = valuesOf(entry, MESSAGES).find((text) => typeof text === 'string') ?? '';
  const [code, ...codes] = valuesOf(entry, CODES);
  const [told, ...others] = valuesOf(entry, PLACES);
  if (codes.some((other) => other !== code) || others.some((other) => other !== told)) return undefined;
  if (!isWhole(code) || !isWhole(told)) return undefined;
  const id = entry['event_id'];
  // One id may stand twice in a batch, under two names.
  const named = places.get(id) ?? [];
  const place = told ?? (named.length === 1 ? named[0] : undefined);
  if (id !== undefined && (place === undefined || !named.includes(place))) return undefined;
  if (place === undefined) return { place, code, message };
  const isSame = (placeIn(message) ?? place) === place;
  return place >= 0 && place < events && isSame ? { place, code, message } : undefined;
}

/** Whoever is in the list has failed, all others have not. */
function fromFailures(entries: readonly Entry[], events: number): Told[] | undefined {
  const told: Told[] = Array.from({ length: events }, () => 'accepted');
  for (const { place, code, message } of entries) {
    if (place === undefined || code === 0) return undefined;
    const before = told[place];
    if (typeof before === 'object' && classOfTold(before) !== classOfTold({ ...(code === undefined ? {} : { code }) }))
      return undefined;
    if (before === 'accepted') told[place] = failure(code, message);
  }
  return told;
}

/** One entry for each event, in the batch's order or all by name. */
function fromResults(entries: readonly Entry[], events: number): Told[] | undefined {
  if (entries.length !== events || entries.some(({ code }) => code === undefined)) return undefined;
  const named = new Set(entries.flatMap(({ place }) => place ?? []));
  if (named.size !== 0 && named.size !== events) return undefined;
  const told: Told[] = [];
  for (const [index, { place = index, code, message }] of entries.entries()) {
    if ((placeIn(message) ?? place) !== place) return undefined;
    told[place] = code === 0 ? 'accepted' : failure(code, message);
  }
  return told;
}

function failure(code: number | undefined, message: string): Told {
  return { ...(code === undefined ? {} : { code }), message };
}

function classOfTold({ code }: { code?: number }): string {
  return code === undefined ? 'fixRequest' : classOf(code);
}

/** A list may be cut short: counts beside it must say the same as it does. */
function countsFit(data: unknown, failed: number, events: number): boolean {
  return Object.entries(isObject(data) ? data : {}).every(([name, count]) => {
    if (typeof count !== 'number') return true;
    if (/fail|error/i.test(name)) return count === failed;
    if (/succe|accept/i.test(name)) return count === events - failed;
    return true;
  });
}

function isWhole(value: unknown): value is number | undefined {
  return value === undefined || Number.isSafeInteger(value);
}

function valuesOf(entry: Fields, names: readonly string[]): unknown[] {
  return names.flatMap((name) => (entry[name] === undefined ? [] : [entry[name]]));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
