import { type Static, type TSchema, Type } from 'typebox';
import { KINDS, type KindName } from './kinds.ts';

/** The keywords that the schema of the file uses. */
export interface Keywords {
  type?: string;
  properties?: Record<string, TSchema>;
  patternProperties?: Record<string, TSchema>;
  items?: TSchema;
  anyOf?: TSchema[];
  enum?: string[];
  const?: string | number;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  'x-kind'?: KindName | 'json';
  'x-key'?: KindName;
  'x-merge'?: boolean;
}

type Written<T> = { description: string; default?: T };

/** Text of a kind that `kinds.ts` checks. */
export function text(kind: KindName, about: string, fallback?: string) {
  const { pattern } = KINDS[kind] as { pattern?: string };
  return Type.String({ 'x-kind': kind, ...described(about, fallback), ...(pattern === undefined ? {} : { pattern }) });
}

/** A share as a percentage or a number from 0 to 1. */
export function share(about: string, fallback?: string) {
  return Type.Union(
    [Type.Number({ minimum: 0, maximum: 1 }), Type.String({ pattern: '^[0-9]{1,3}([.][0-9]{1,6})?%?$' })],
    {
      'x-kind': 'share',
      ...described(about, fallback),
    },
  );
}

/** One of a few words. */
export function choice<const T extends string[]>(values: readonly [...T], about: string, fallback?: T[number]) {
  return Type.Enum([...values], described(about, fallback));
}

/** A whole number from 1 to `most`. */
export function count(about: string, fallback: number, most: number) {
  return Type.Integer({ minimum: 1, maximum: most, ...described(about, fallback) });
}

/** A list in which nothing stands twice. */
export function list<T extends TSchema>(
  of: T,
  about: string,
  fallback?: Static<T>[],
  more: { minItems?: number } = {},
) {
  return Type.Array(of, { ...described(about, fallback), maxItems: 200, uniqueItems: true, ...more });
}

/** Named values; with `merge`, the default keeps the names and fields that a file does not mention. */
export function map<T extends TSchema>(
  key: KindName,
  of: T,
  about: string,
  fallback?: Record<string, unknown>,
  merge = false,
) {
  return Type.Record(Type.String(), of, {
    'x-key': key,
    propertyNames: { pattern: (KINDS[key] as { pattern: string }).pattern },
    ...described(about, fallback),
    maxProperties: 500,
    ...(merge ? { 'x-merge': true } : {}),
  });
}

/** A section with known fields. */
export function section<T extends Record<string, TSchema>>(fields: T, about: string) {
  return Type.Object(fields, { description: about, additionalProperties: false });
}

function described<T>(description: string, fallback?: T): Written<T> {
  return fallback === undefined ? { description } : { description, default: fallback };
}

/** A value or null, which is the default. */
export function nullable<T extends TSchema>(of: T, about: string) {
  return Type.Union([of, Type.Null()], { description: about, default: null });
}

/** Must the writer say it? Not when it has a default, or is a section in which nothing must be said. */
export function isMandatory(schema: TSchema): boolean {
  return !Type.IsOptional(schema) && mustWrite(schema);
}

function mustWrite(schema: TSchema & { properties?: Record<string, TSchema> }): boolean {
  if ('default' in schema) return false;
  return schema.properties === undefined || Object.values(schema.properties).some(isMandatory);
}
