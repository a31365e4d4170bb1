import { type TSchema, Type } from 'typebox';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Problem } from '../event/problem.ts';
import { keyText, type Path, plain, type Yaml } from './document.ts';
import { isMandatory, type Keywords } from './fields.ts';
import { KINDS, quoted } from './kinds.ts';
import { nearest } from './nearest.ts';
import { kindOf, readScalar } from './read-scalar.ts';
import { hint, own, standIn } from './stand-in.ts';

/** The file as its schema wants it. Faulty values are replaced by sound ones, and their paths listed; the root when there are too many. */
interface Reading {
  value: unknown;
  problems: Problem[];
  faulty: Path[];
}

/** Reads a YAML document by its schema: every problem at once, every default filled in. */
export function readBySchema(yaml: Yaml, schema: TSchema): Reading {
  const problems: Problem[] = [];
  const faulty: Path[] = [];
  const report: Report = (at, code, what, fix, side = 'value') => {
    if (problems.length < PROBLEMS_MAX) {
      problems.push(yaml.problem(at, side, { code, what, fix }));
      faulty.push(at);
    } else faulty.splice(0, faulty.length, []);
  };
  return { value: readNode(yaml.root, schema, [], undefined, report), problems, faulty };
}

/** More than anybody mends in one sitting. */
const PROBLEMS_MAX = 200;

type Report = (at: Path, code: string, what: string, fix: string, side?: 'key' | 'value') => void;

/** `base` is what stands here when the file is silent. */
function readNode(node: unknown, schema: TSchema, at: Path, base: unknown, report: Report): unknown {
  const words = schema as Keywords;
  if (isAlias(node)) return standIn(schema, base);
  if (words['x-kind'] === 'json') return plain(node);
  if (isEmpty(node) && words.anyOf?.some((choice) => (choice as Keywords).type === 'null')) return null;
  if (isEmpty(node)) {
    report(at, 'value_empty', 'is empty', 'Write a value after the colon, or remove the line.');
    return standIn(schema, base);
  }
  if (words.anyOf && words['x-kind'] === undefined)
    return readNode(node, branch(node, words.anyOf), at, base ?? words.default, report);
  if (words.properties) return readSection(node, schema, words.properties, at, base, report);
  if (words.patternProperties) return readMap(node, schema, words.patternProperties, at, base, report);
  if (words.items) return readList(node, schema, words.items, at, base, report);
  const name = at.at(-1);
  const read = readScalar(node, schema, typeof name === 'string' ? name : undefined);
  if (read.ok) return read.value;
  report(at, read.code, read.what, read.fix);
  return standIn(schema, base);
}

function readSection(
  node: unknown,
  schema: TSchema,
  fields: Record<string, TSchema>,
  at: Path,
  base: unknown,
  report: Report,
): unknown {
  if (!isMap(node)) {
    report(
      at,
      'section_wanted',
      `is ${kindOf(node)} where a section is wanted`,
      `Write one of ${Object.keys(fields).join(', ')} in it, each with a colon.`,
    );
    return standIn(schema, base);
  }
  const written = new Map(
    node.items.map(({ key, value }) => [keyText(key), value]).toReversed() as [string | undefined, unknown][],
  );
  for (const key of new Set(node.items.map(({ key }) => keyText(key))))
    if (key !== undefined && !Object.hasOwn(fields, key)) unknownKey(key, Object.keys(fields), [...at, key], report);
  const value: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const path = [...at, key];
    if (written.has(key)) value[key] = readNode(written.get(key), field, path, own(base, key), report);
    else if (isMandatory(field)) {
      report(path, 'key_missing', 'is missing', `Add ${key}: ${hint(field)}.`);
      value[key] = standIn(field, own(base, key));
    } else if (!Type.IsOptional(field) || own(base, key) !== undefined) value[key] = standIn(field, own(base, key));
  }
  return value;
}

function unknownKey(key: string, known: string[], at: Path, report: Report): void {
  const near = nearest(key, known);
  report(
    at,
    'key_unknown',
    'is unknown',
    near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`,
    'key',
  );
}

function readMap(
  node: unknown,
  schema: TSchema,
  patterns: Record<string, TSchema>,
  at: Path,
  base: unknown,
  report: Report,
): unknown {
  const words = schema as Keywords;
  const of = Object.values(patterns)[0] as TSchema;
  if (!isMap(node)) {
    report(at, 'section_wanted', `is ${kindOf(node)} where names with values are wanted`, 'Write each as name: value.');
    return standIn(schema, base);
  }
  if (node.items.length > (words.maxProperties ?? 0)) {
    report(at, 'too_many', `has ${node.items.length} entries`, `Keep at most ${words.maxProperties}.`);
    return standIn(schema, base);
  }
  const before = words['x-merge'] ? standIn(schema, base) : {};
  const value = new Map(Object.entries(before as object));
  const named = new Set<string>();
  for (const pair of node.items) {
    const key = keyText(pair.key);
    if (key === undefined || named.has(key)) continue;
    named.add(key);
    const path = [...at, key];
    const fault = words['x-key'] ? KINDS[words['x-key']].check(key) : undefined;
    if (fault) report(path, `${words['x-key']}_form`, fault.what, fault.fix, 'key');
    else value.set(key, readNode(pair.value, of, path, own(before, key), report));
  }
  return Object.fromEntries(value);
}

function readList(node: unknown, schema: TSchema, of: TSchema, at: Path, base: unknown, report: Report): unknown {
  const { minItems = 0, maxItems = 0 } = schema as Keywords;
  if (!isSeq(node)) {
    report(
      at,
      'list_wanted',
      `is ${kindOf(node)} where a list is wanted`,
      'Write [ ] around it, or one line with - for each.',
    );
    return standIn(schema, base);
  }
  if (node.items.length > maxItems || node.items.length < minItems) {
    const many = node.items.length > maxItems;
    report(
      at,
      many ? 'too_many' : 'too_few',
      `has ${node.items.length} entries`,
      many ? `Keep at most ${maxItems}.` : `Write at least ${minItems}.`,
    );
    return standIn(schema, base);
  }
  const seen = new Set<unknown>();
  return node.items.map((item, index) => {
    const value = readNode(item, of, [...at, index], undefined, report);
    if (typeof value !== 'object' && seen.has(value))
      report([...at, index], 'entry_twice', `is ${quoted(String(value))} once more`, 'Remove one of the two.');
    seen.add(value);
    return value;
  });
}

/** Of a file name and a map, or of a section and nothing: what the writer meant. */
function branch(node: unknown, choices: TSchema[]): TSchema {
  const wanted = isMap(node) ? 'object' : 'string';
  return choices.find((choice) => (choice as Keywords).type === wanted) ?? (choices[0] as TSchema);
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}
