import { type TSchema, Type } from 'typebox';
import { isMandatory, type Keywords } from './fields.ts';
import { KINDS, type KindName } from './kinds.ts';

/** A sound value for a place where the file says nothing, or nothing usable. */
export function standIn(schema: TSchema, base: unknown): unknown {
  const words = schema as Keywords;
  const from = base === undefined ? words.default : base;
  if (from === null) return null;
  if (words.properties) {
    const fields = Object.entries(words.properties).filter(
      ([key, field]) => own(from, key) !== undefined || !Type.IsOptional(field),
    );
    return Object.fromEntries(fields.map(([key, field]) => [key, standIn(field, own(from, key))]));
  }
  if (words.patternProperties) {
    const of = Object.values(words.patternProperties)[0] as TSchema;
    return Object.fromEntries(Object.entries((from ?? {}) as object).map(([key, value]) => [key, standIn(of, value)]));
  }
  if (from !== undefined) return structuredClone(from);
  if (words['x-kind'] === 'json') return null;
  if (words['x-kind']) return KINDS[words['x-kind']].example;
  if (words.anyOf?.[0]) return standIn(words.anyOf[0], undefined);
  if (words.items) return words.minItems ? [standIn(words.items, undefined)] : [];
  return words.enum?.[0] ?? words.const ?? words.minimum ?? false;
}

/** What to write for a schema, as an example. */
export function hint(schema: TSchema): string {
  const words = schema as Keywords;
  if (words['x-kind'] && words['x-kind'] !== 'json') return hintOf(words['x-kind']);
  if (words.enum) return words.enum.join(' or ');
  if (words.const !== undefined) return String(words.const);
  if (words.items) return `[${hint(words.items)}]`;
  if (words.properties) {
    const must = Object.entries(words.properties).filter(([, field]) => isMandatory(field));
    return `{ ${must.map(([key, field]) => `${key}: ${hint(field)}`).join(', ')} }`;
  }
  if (words.anyOf?.[0]) return hint(words.anyOf[0]);
  return words.type === 'boolean' ? 'true or false' : 'a number';
}

export function hintOf(kind: KindName): string {
  const { example } = KINDS[kind];
  return /[ :/*]|^\d+$/.test(example) && kind !== 'token' && kind !== 'origin' && kind !== 'duration'
    ? `"${example}"`
    : example;
}

/** A property that the value has itself. */
export function own(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
