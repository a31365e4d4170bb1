import type { Problem } from '../../event/problem.ts';
import type { Column } from './columns.ts';

/** What a row says, in the shape of the wire. Problems never repeat a cell. */
export interface Said {
  bag: Bag;
  problems: Problem[];
}
export type Bag = Record<string, unknown>;

const NUMBERS = new Set(['quantity', 'price', 'num_items']);
const FLAGS = new Set(['limited_data_use', 'draft']);
const SAID: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', '1'].map((word) => [word, true] as const),
  ...['false', 'no', '0'].map((word) => [word, false] as const),
]);
const LISTS = new Set(['content_ids']);

/** What a line of cells says. */
export function saidByCells(cells: readonly string[], columns: readonly Column[]): Said {
  const problems: Problem[] = [];
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ code: 'row', where, what, fix });
  if (cells.length !== columns.length)
    complain('line', `has ${cells.length} cells, the header has ${columns.length}`, 'check its quotes and delimiters');
  const bag: Bag = {};
  for (const [index, { path, header }] of columns.entries()) {
    const cell = cells[index]?.trim() ?? '';
    if (path === null || cell === '') continue;
    const value = fieldValue(path.at(-1) ?? '', cell);
    if (value === undefined) complain(header, 'can’t be read', fixOf(path.at(-1) ?? ''));
    else put(bag, path, value);
  }
  return { bag, problems };
}

/** What a JSON line says, which is already in the shape of the wire; `such` is an example of one. */
export function saidByObject(object: unknown, such: string): Said {
  const refused = (what: string, fix: string): Said => ({
    bag: {},
    problems: [{ code: 'row', where: 'line', what, fix }],
  });
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return refused('is no object', `write one object a line, such as ${such}`);
  // What is nested without end would exhaust whatever walks through it.
  if (isDeeper(object, DEPTH_MAX)) return refused('is nested too deep', `nest at most ${DEPTH_MAX} levels`);
  return { bag: { ...object }, problems: [] };
}

const DEPTH_MAX = 32;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}

/** A cell as what its field holds; undefined where it can't be that. Money stays text, so that no cent gets lost. */
function fieldValue(field: string, cell: string): unknown {
  if (NUMBERS.has(field)) return /^\d{1,12}(?:\.\d{1,6})?$/.test(cell) ? Number(cell) : undefined;
  if (FLAGS.has(field)) return SAID.get(cell.toLowerCase());
  if (LISTS.has(field)) return cell.split(/[|\s]+/);
  if (field === 'contents') return jsonList(cell);
  return cell;
}

function fixOf(field: string): string {
  if (NUMBERS.has(field)) return 'write digits with a point, such as 2 or 59.90';
  if (FLAGS.has(field)) return 'write true or false';
  return 'write a JSON list, such as [{"content_id":"SKU-1","quantity":1}]';
}

function jsonList(cell: string): unknown {
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const NEVER = new Set(['__proto__', 'constructor', 'prototype']);

function put(whole: Bag, path: readonly string[], value: unknown): void {
  let bag = whole;
  for (const name of path.slice(0, -1)) {
    if (NEVER.has(name)) return;
    bag[name] ??= {};
    bag = bag[name] as Bag;
  }
  const last = path.at(-1) ?? '';
  if (!NEVER.has(last)) bag[last] = value;
}
