import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

/** What one room may reach: `code` at run time, `types` only in `import type`. */
interface Room {
  code: readonly string[];
  types?: readonly string[];
  /** packages and node: modules; free where absent */
  packages?: readonly string[];
}
export type Rooms = Readonly<Record<string, Room>>;

/** Every reach of a file under `src` that its room has no right to, as a sentence. */
export function wrongReaches(src: string, rooms: Rooms, outside: readonly string[]): string[] {
  return globSync('**/*.{ts,tsx}', { cwd: src })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
    .flatMap((file) =>
      reaches(readFileSync(join(src, file), 'utf8')).flatMap((reach) => wrong(file, reach, rooms, outside)),
    );
}

/** The rooms of a circle in the table, or nothing. */
export function circle(rooms: Rooms): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    const room = rooms[name];
    for (const next of [...(room?.code ?? []), ...(room?.types ?? [])]) {
      const found = walk(next, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  return Object.keys(rooms).reduce<string[] | undefined>((found, name) => found ?? walk(name, []), undefined);
}

interface Reach {
  to: string;
  typeOnly: boolean;
}

/**
 * Relative paths anywhere in a string, so that `new URL`, workers and helpers around them count as well as imports,
 * and the packages of imports. A list of `{ type A }` is code: it loads the file.
 */
function reaches(text: string): Reach[] {
  const typeOnly = new Set(Array.from(text.matchAll(TYPE_IMPORT), (match) => match.index + match[0].length));
  const paths = Array.from(text.matchAll(PATH), (match) => ({
    to: match[2] ?? '',
    typeOnly: typeOnly.has(match.index + match[0].length),
  }));
  const packages = Array.from(text.matchAll(PACKAGE), (match) => ({ to: match[1] ?? '', typeOnly: false }));
  return [...paths, ...packages];
}

const PATH = /(['"`])(\.{1,2}\/[^'"`\n]*)\1/g;
const TYPE_IMPORT = /\b(?:import|export)\s+type\s+[\w$*{}\s,]+?\sfrom\s*(['"])\.[^'"\n]*\1/g;
const PACKAGE = /\b(?:from|import)\s*\(?\s*['"]([^'".\s][^'"\s]*)['"]/g;

function wrong(file: string, reach: Reach, rooms: Rooms, outside: readonly string[]): string[] {
  const [from = ''] = file.split(sep);
  const room = rooms[from];
  if (!room) return [`${file} stands in no room of the table`];
  if (!reach.to.startsWith('.'))
    return !room.packages || room.packages.includes(reach.to) ? [] : [`${file} takes the package ${reach.to}`];
  const target = normalize(join(dirname(file), reach.to));
  const [to = '', ...rest] = target.split(sep);
  // Only the rooms have files below src; a path that ends beside them is a route or a text.
  if (to === from || (to !== '..' && !Object.hasOwn(rooms, to))) return [];
  if (to === '..') return outside.includes(rest[0] ?? '') ? [] : [`${file} reaches out of src to ${rest.join('/')}`];
  if (room.code.includes(to)) return [];
  if (!room.types?.includes(to)) return [`${file} reaches into ${to}`];
  return reach.typeOnly ? [] : [`${file} reaches into ${to} for more than types`];
}
