import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseDocument,
  visit,
} from 'yaml';
import type { Problem } from '../event/problem.ts';
import { quoted } from './kinds.ts';

export type Path = readonly (string | number)[];
type Side = 'key' | 'value';

/** A YAML text with the places of its parts. */
export interface Yaml {
  root: ParsedNode | null;
  /** a problem of `at`, placed there or at the nearest part around it; `seenAt` places it elsewhere */
  problem(at: Path, side: Side, fault: { code: string; what: string; fix: string }, seenAt?: Path): Problem;
  has(path: Path): boolean;
}

const BYTES_MAX = 256 * 1024;
/** One slip confuses the rest of a YAML file, so later syntax problems are mostly echoes. */
const SYNTAX_PROBLEMS_MAX = 20;
const FORM_PROBLEMS_MAX = 100;

/** Reads YAML without ever throwing; problems of form, such as a key that stands twice, are found here. */
export function readYaml(text: string): Yaml & { readable: boolean; problems: Problem[] } {
  const place = places(text);
  const fail = (problem: Problem) => ({ ...located(null, place), readable: false, problems: [problem] });
  if (Buffer.byteLength(text) > BYTES_MAX)
    return fail({
      ...FILE,
      code: 'file_too_large',
      what: `is larger than ${BYTES_MAX / 1024} KB`,
      fix: 'Move long lists of rates into a rates file and remove what is not needed.',
    });
  try {
    const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
    const syntax = syntaxProblems(document, place);
    return {
      ...located(document.contents, place),
      readable: syntax.length === 0,
      problems: [...syntax, ...formProblems(document, place)],
    };
  } catch {
    // The library recurses into nested lists; what exhausts it is no tracking spec.
    return fail({
      ...FILE,
      code: 'yaml_too_deep',
      what: 'is nested too deeply',
      fix: 'Write it as flat as the example.',
    });
  }
}

/** A part of the document as plain JSON. References are refused elsewhere and stand as null here. */
export function plain(node: unknown): unknown {
  if (isMap(node)) return Object.fromEntries(node.items.map(({ key, value }) => [keyText(key) ?? '', plain(value)]));
  if (isSeq(node)) return node.items.map(plain);
  return isScalar(node) && ['string', 'number', 'boolean'].includes(typeof node.value) ? node.value : null;
}

/** The text of a key; a number such as 404 as it is written. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function pathText(path: Path): string {
  if (path.length === 0) return FILE.where;
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
    '',
  );
}

const FILE = { where: 'the file', line: 1, column: 1 };

function syntaxProblems(document: Document.Parsed, place: (offset: number) => Place): Problem[] {
  return [...document.errors, ...document.warnings].slice(0, SYNTAX_PROBLEMS_MAX).map((error) => ({
    where: FILE.where,
    what: `is not valid YAML: ${error.message.replace(/\.$/, '')}`,
    fix: SYNTAX_FIXES[error.code] ?? 'Compare the line, and the one above it, with the example file.',
    code: 'yaml_syntax',
    ...place(error.pos[0]),
  }));
}

const SYNTAX_FIXES: Partial<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  MULTIPLE_DOCS: 'Keep one document in the file: remove the line with ---.',
  BAD_INDENT: 'Close every bracket, and indent the lines of one section equally.',
  MISSING_CHAR: 'Add the missing quote, bracket or comma.',
  BLOCK_AS_IMPLICIT_KEY: 'Put a text that contains a colon in quotes.',
  BAD_ALIAS: 'Put a text that starts with * or & in quotes.',
};

/** Keys that stand twice, keys that are no text, and references, which a reader would have to resolve. */
function formProblems(document: Document.Parsed, place: (offset: number) => Place): Problem[] {
  const problems: Problem[] = [];
  const report = (node: unknown, code: string, what: string, fix: string) => {
    if (problems.length < FORM_PROBLEMS_MAX)
      problems.push({ where: FILE.where, what, fix, code, ...place(startOf(node) ?? 0) });
  };
  visit(document, (_, node) => {
    if (isAlias(node))
      report(
        node,
        'alias_refused',
        `refers to *${node.source}`,
        'Write the value out; put a text that starts with * in quotes.',
      );
    if (!isMap(node)) return;
    const seen = new Set<string>();
    for (const { key } of node.items) {
      const name = keyText(key);
      if (name === undefined)
        report(key, 'key_form', 'has a key that is not a plain word', 'Write a word before the colon.');
      else if (seen.has(name))
        report(key, 'key_twice', `says ${quoted(name)} twice in one section`, 'Keep one of the two.');
      else seen.add(name);
    }
  });
  return problems;
}

function located(root: ParsedNode | null, place: (offset: number) => Place): Yaml {
  return {
    root,
    problem: (at, side, { what, fix, code }, seenAt = at) => ({
      where: pathText(at),
      what,
      fix,
      code,
      ...place(find(root, seenAt, side).offset),
    }),
    has: (path) => find(root, path, 'key').whole,
  };
}

/** Where a path starts in the text, and whether the text has all of it. */
function find(root: ParsedNode | null, path: Path, side: Side): { offset: number; whole: boolean } {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const [depth, part] of path.entries()) {
    const pair = isMap(node) ? node.items.find(({ key }) => keyText(key) === part) : undefined;
    const next = isSeq(node) && typeof part === 'number' ? node.items[part] : pair?.value;
    const keyAt = startOf(pair?.key) ?? startOf(next);
    if (keyAt === undefined) return { offset, whole: false };
    offset = depth === path.length - 1 && side === 'value' ? (startOf(next) ?? keyAt) : keyAt;
    node = next;
  }
  return { offset, whole: true };
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

interface Place {
  line: number;
  column: number;
}

/** Turns offsets into lines and columns, both from 1. */
function places(text: string): (offset: number) => Place {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = counter.linePos(Math.max(0, Math.min(offset, text.length)));
    return { line, column: col };
  };
}
