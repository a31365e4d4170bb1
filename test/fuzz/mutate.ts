import type { Json } from '../../src/event/event.ts';
import type { Chance } from '../../src/sim/world/random.ts';
import { CONTACTS, PIECES, VALUES } from './words.ts';

const CHARS_MAX = 20_000;
const STEPS_MAX = 4;

/** The text with some of its characters changed, cut out, told twice, moved or mixed with others’. */
export function mutateText(text: string, others: readonly string[], chance: Chance): string {
  let changed = text;
  for (let steps = chance.between(1, STEPS_MAX); steps > 0; steps--) changed = step(changed, others, chance);
  return changed.slice(0, CHARS_MAX);
}

function step(text: string, others: readonly string[], chance: Chance): string {
  const at = chance.between(0, text.length);
  const to = Math.min(text.length, at + chance.between(1, chance.in(0.2) ? text.length + 1 : 12));
  const [before, part, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  const other = one(others, chance) ?? '';
  switch (chance.between(0, 7)) {
    case 0:
      return (
        before + String.fromCharCode((part.charCodeAt(0) || 0) ^ (1 << chance.between(0, 7))) + part.slice(1) + after
      );
    case 1:
      return before + after;
    case 2:
      return before + part + part + after;
    case 3:
      return before + part.repeat(chance.between(2, 400)).slice(0, CHARS_MAX) + after;
    case 4:
      return before + (one(PIECES, chance) ?? '') + part + after;
    case 5:
      return before + (one(PIECES, chance) ?? '').repeat(chance.between(1, 300)) + after;
    case 6:
      return before + other.slice(chance.between(0, other.length));
    default:
      return part + after + before;
  }
}

/** The bytes with some of them flipped, cut or told twice; they may be no UTF-8 any more. */
export function mutateBytes(text: string, others: readonly string[], chance: Chance): Buffer {
  const bytes = Buffer.from(chance.in(0.5) ? text : mutateText(text, others, chance));
  for (let flips = chance.between(0, 3); flips > 0 && bytes.length > 0; flips--) {
    const at = chance.between(0, bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.between(0, 7));
  }
  return chance.in(0.2) ? bytes.subarray(0, chance.between(0, bytes.length)) : bytes;
}

/** The value with some of its parts of another type, left out, named otherwise, swapped or nested. */
export function mutateValue(value: Json, others: readonly Json[], chance: Chance): Json {
  let changed = structuredClone(value);
  for (let steps = chance.between(1, STEPS_MAX); steps > 0; steps--) changed = alter(changed, others, chance);
  // A list has no holes in JSON.
  return JSON.parse(JSON.stringify(changed)) as Json;
}

function alter(value: Json, others: readonly Json[], chance: Chance): Json {
  // Deeper parts are as likely as shallow ones.
  if (typeof value === 'object' && value !== null && chance.in(0.75)) {
    const names = Object.keys(value);
    const name = one(names, chance);
    if (name !== undefined) return within(value as Record<string, Json>, name, others, chance);
  }
  switch (chance.between(0, 5)) {
    case 0:
    case 1:
      return structuredClone(one(VALUES, chance) ?? null);
    case 2:
      return one(CONTACTS, chance) ?? '';
    case 3:
      return [value];
    case 4:
      return { [one(PIECES, chance) ?? '']: value };
    default:
      return structuredClone(one(others, chance) ?? null);
  }
}

function within(value: Record<string, Json>, name: string, others: readonly Json[], chance: Chance): Json {
  const own = value[name] as Json;
  switch (chance.between(0, 9)) {
    case 0:
      delete value[name];
      break;
    case 1:
      put(value, chance.in(0.3) ? (one(CONTACTS, chance) ?? '') : (one(PIECES, chance) ?? ''), structuredClone(own));
      break;
    case 2:
      for (let times = chance.between(1, 30); times > 0; times--) put(value, `${name}${times}`, structuredClone(own));
      break;
    default:
      put(value, name, alter(own, others, chance));
  }
  return value;
}

/** Also where the name is one that an assignment would take for something else. */
function put(value: object, name: string, inner: Json): void {
  if (Array.isArray(value) && !/^\d{1,4}$/.test(name)) value.push(inner);
  else Object.defineProperty(value, name, { value: inner, writable: true, enumerable: true, configurable: true });
}

function one<T>(from: readonly T[], chance: Chance): T | undefined {
  return from[chance.between(0, from.length - 1)];
}
