import type { Problem } from '../../event/problem.ts';
import { nearest } from '../../spec/nearest.ts';
import { plain, shown } from '../import/columns.ts';

/** A column that a file may have, and what others call it. */
export interface Field {
  name: string;
  aliases: readonly string[];
  needed?: true;
}

export const TOUCH_FIELDS: readonly Field[] = [
  { name: 'user', aliases: ['user_id', 'visitor', 'visitor_id', 'person', 'customer_id', 'external_id'], needed: true },
  { name: 'time', aliases: ['timestamp', 'at', 'date', 'datetime', 'touch_time', 'event_time'], needed: true },
  { name: 'type', aliases: ['kind', 'touch_type', 'interaction'] },
  { name: 'channel', aliases: ['source', 'medium', 'campaign'] },
  { name: 'id', aliases: ['touch', 'touch_id', 'ttclid'] },
];

export const CONVERSION_FIELDS: readonly Field[] = [
  { name: 'user', aliases: ['user_id', 'visitor', 'visitor_id', 'person', 'customer_id', 'external_id'], needed: true },
  { name: 'time', aliases: ['timestamp', 'at', 'date', 'datetime', 'conversion_time', 'event_time'], needed: true },
  { name: 'id', aliases: ['conversion', 'conversion_id', 'order_id', 'event_id', 'lead_id'] },
  { name: 'name', aliases: ['event', 'event_name'] },
  { name: 'value', aliases: ['revenue', 'amount', 'total'] },
  { name: 'currency', aliases: [] },
];

/** Which column of a file is which field; every needed one that is missing is a problem. */
export function placeFields(
  headers: readonly string[],
  mapped: ReadonlyMap<string, string>,
  fields: readonly Field[],
): { places: Map<string, string>; problems: Problem[] } {
  const places = new Map<string, string>();
  const problems: Problem[] = [];
  for (const [header, name] of mapped)
    if (headers.includes(header) && fields.some((field) => field.name === name)) places.set(name, header);
  for (const { name, aliases, needed } of fields) {
    const found = [name, ...aliases].flatMap((wanted) => headers.filter((header) => plain(header) === wanted))[0];
    if (!places.has(name) && found !== undefined && !mapped.has(found)) places.set(name, found);
    if (places.has(name) || !needed) continue;
    const near = nearest(name, headers) ?? headers[0] ?? 'column';
    problems.push({
      code: 'column',
      where: 'header',
      what: `has no column ${name}; its columns are ${headers.map(shown).join(', ').slice(0, 300)}`,
      fix: `name the column ${name}, or say which it is with --map ${shown(`${near}=${name}`)}`,
    });
  }
  return { places, problems };
}

/** `--map "Click time=time"`, as often as needed. */
export function readMap(
  told: readonly string[],
  fields: readonly Field[],
): { mapped: Map<string, string>; problems: Problem[] } {
  const names = fields.map(({ name }) => name);
  const mapped = new Map<string, string>();
  const problems: Problem[] = [];
  for (const one of told) {
    const at = one.lastIndexOf('=');
    const name = one.slice(at + 1).trim();
    if (at > 0 && names.includes(name)) mapped.set(one.slice(0, at), name);
    else
      problems.push({
        code: 'map',
        where: `--map ${shown(one)}`,
        what: 'names no field',
        fix: `write column=field; the fields are ${[...new Set(names)].join(', ')}`,
      });
  }
  return { mapped, problems };
}
