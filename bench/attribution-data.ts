import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY } from '../src/event/time.ts';

/** What a run of attribution is made of; the same order makes the same rows. */
export interface DataOrder {
  touches: number;
  conversions: number;
  /** one visitor with 0.5 % of all touches and of all conversions */
  hot: boolean;
}

/**
 * Thirty days of touches and conversions in columns. Touches stand in time order; `touch` is their number in the order of
 * arrival, from 1 on, and some came days late. A visitor's person is the smallest visitor of all that are one.
 */
export interface Data {
  touchAt: Float64Array;
  touchVisitor: Uint32Array;
  touchKind: Uint8Array;
  touch: Uint32Array;
  creative: Uint16Array;
  conversionAt: Float64Array;
  conversionVisitor: Uint32Array;
  person: Uint32Array;
}

export const START = Date.UTC(2026, 9, 1);
export const SPAN_MS = 30 * DAY;
export const CLICK_MS = 7 * DAY;
export const VIEW_MS = DAY;
/** Places in TOUCH_KINDS. */
export const CLICK = 0;
export const VIEW = 2;
/** ads that there are */
export const CREATIVES = 500;
/** Of so many visitors the first two are the same person: an e-mail address ties them. */
export const TIED_EVERY = 10;
const TOUCHES_A_VISITOR = 5;
const CLICK_SHARE = 0.4;
const LATE_SHARE = 0.01;
const LATE_MS = 3 * DAY;
/** No touch is older. */
export const FIRST = START - LATE_MS;
const HOT_SHARE = 0.005;
const HOT_VISITOR = 3;

export function makeData({ touches, conversions, hot }: DataOrder): Data {
  const random = dice(touches + (hot ? 1 : 0));
  const visitors = Math.max(TIED_EVERY, Math.round(touches / TOUCHES_A_VISITOR));
  const visitor = (): number => (hot && random() < HOT_SHARE ? HOT_VISITOR : Math.floor(random() * visitors));
  return {
    ...touchTimes(touches, random),
    touchVisitor: filled(new Uint32Array(touches), visitor),
    touchKind: filled(new Uint8Array(touches), () => (random() < CLICK_SHARE ? CLICK : VIEW)),
    creative: filled(new Uint16Array(touches), () => Math.floor(random() ** 3 * CREATIVES)),
    conversionAt: filled(new Float64Array(conversions), (n) => Math.floor(START + ((n + 0.5) * SPAN_MS) / conversions)),
    conversionVisitor: filled(new Uint32Array(conversions), visitor),
    person: filled(new Uint32Array(visitors), (n) => (n % TIED_EVERY === 1 ? n - 1 : n)),
  };
}

/** From each visitor to the next of the same person, and from the last back to the first. */
export function ringOf({ person }: Pick<Data, 'person'>): Uint32Array {
  const next = Uint32Array.from(person, (_, visitor) => visitor);
  for (let visitor = 0; visitor < person.length; visitor++) {
    const first = person[visitor] as number;
    if (first === visitor) continue;
    next[visitor] = next[first] as number;
    next[first] = visitor;
  }
  return next;
}

/** One after the other at even steps; those that came late are merged in where they belong. */
function touchTimes(touches: number, random: () => number): Pick<Data, 'touchAt' | 'touch'> {
  const step = SPAN_MS / touches;
  const late: { at: number; n: number }[] = [];
  const isLate = filled(new Uint8Array(touches), () => (random() < LATE_SHARE ? 1 : 0));
  for (let n = 0; n < touches; n++)
    if (isLate[n]) late.push({ at: Math.floor(START + n * step - random() * LATE_MS), n });
  late.sort((a, b) => a.at - b.at || a.n - b.n);
  const [touchAt, touch] = [new Float64Array(touches), new Uint32Array(touches)];
  let place = 0;
  let next = 0;
  const put = (at: number, n: number): void => {
    touchAt[place] = at;
    touch[place++] = n + 1;
  };
  for (let n = 0; n < touches; n++) {
    if (isLate[n]) continue;
    const at = Math.floor(START + n * step);
    for (; next < late.length && (late[next]?.at as number) < at; next++)
      put(late[next]?.at as number, late[next]?.n as number);
    put(at, n);
  }
  for (const { at, n } of late.slice(next)) put(at, n);
  return { touchAt, touch };
}

function filled<Column extends Float64Array | Uint32Array | Uint16Array | Uint8Array>(
  column: Column,
  of: (n: number) => number,
): Column {
  for (let n = 0; n < column.length; n++) column[n] = of(n);
  return column;
}

/** Fast, even, and the same from the same seed. */
function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const COLUMNS = {
  ...{ touchAt: Float64Array, touchVisitor: Uint32Array, touchKind: Uint8Array, touch: Uint32Array },
  ...{ creative: Uint16Array, conversionAt: Float64Array, conversionVisitor: Uint32Array, person: Uint32Array },
} as const;

export function writeData(folder: string, data: Data): void {
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(COLUMNS) as (keyof Data)[]) writeFileSync(join(folder, name), data[name]);
}

export function readData(folder: string): Data {
  const columns = Object.entries(COLUMNS).map(([name, Column]) => {
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, name));
    return [name, new Column(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)];
  });
  return Object.fromEntries(columns) as Data;
}

/** What two ways have to agree on. */
export interface Check {
  credited: number;
  touches: number;
  pairs: number;
}

/** Of conversions by their place, the number of the touch that earned each, or 0. */
export function checkOf(touchOf: (place: number) => number, conversions: number): Check {
  const check: Check = { credited: 0, touches: 0, pairs: 0 };
  for (let place = 0; place < conversions; place++) {
    const touch = touchOf(place);
    if (touch === 0) continue;
    check.credited++;
    check.touches += touch;
    check.pairs += touch * (place % 7);
  }
  return check;
}
