import type { Problem } from '../../event/problem.ts';
import { nearest } from '../../spec/nearest.ts';

/** Where a column's cells go in the event: `properties.value`, `user.email`, `event`; null for one that is left out. */
export interface Column {
  header: string;
  path: readonly string[] | null;
}

/** Match keys: who it was. Their cells are never shown, and hashed or dropped where a file is written. */
export const PERSON = [
  ...['email', 'phone', 'external_id', 'first_name', 'last_name', 'zip_code', 'city', 'state', 'country'],
  ...['ttclid', 'ttp', 'ip', 'user_agent', 'locale', 'idfa', 'idfv', 'gaid', 'att_status'],
];

/** The fields that a header may name. */
export interface Places {
  /** what a row is, such as `an event` */
  of: string;
  byName: ReadonlyMap<string, readonly string[]>;
  /** what takes fields of any name, written `properties.colour` */
  sections: readonly string[];
}

/** As deep as the door keeps properties. */
const DEPTH_MAX = 8;

/** The columns of a header line. A name that is not known must be given a place, or be left out on purpose. */
export function readColumns(
  headers: readonly string[],
  mapped: ReadonlyMap<string, string>,
  places: Places,
): { columns: Column[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ code: 'column', where, what, fix });
  const columns = headers.map((header): Column => {
    const told = mapped.get(header);
    if (told === '-') return { header, path: null };
    const path = placeOf(told ?? header, places);
    if (!path) {
      const near = nearest(plain(told ?? header), [...places.byName.keys()]);
      const place = near ?? (places.sections.includes('properties') ? 'properties.name' : undefined);
      const give = place === undefined ? '' : `give it a place with --map ${quoted(header, place)}, or `;
      const leave = `leave it out with --map ${quoted(header, '-')}`;
      complain(shown(header), `is no column of ${places.of}`, give + leave);
    }
    return { header, path: path ?? null };
  });
  for (const header of mapped.keys())
    if (!headers.includes(header))
      complain(
        '--map',
        `names ${shown(header)}, which the file does not have`,
        `the columns are ${headers.map(shown).join(', ')}`,
      );
  const filled = columns.flatMap(({ path }) => (path ? [path.join('.')] : []));
  for (const place of new Set(filled.filter((one, index) => filled.indexOf(one) !== index)))
    complain(place, 'is filled by two columns', 'leave one of them out with --map');
  for (const place of new Set(filled))
    if (filled.some((other) => other.startsWith(`${place}.`)))
      complain(place, 'is filled by a column, and its parts by others', 'leave one of them out with --map');
  return { columns, problems };
}

/** `--map "Order number=order_id"`, as often as needed. */
export function readMap(
  texts: readonly string[],
  places: Places,
): { mapped: Map<string, string>; problems: Problem[] } {
  const mapped = new Map<string, string>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const at = text.lastIndexOf('=');
    const [header, place] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at > 0 && header !== '' && (place === '-' || placeOf(place, places))) mapped.set(header, place);
    else
      problems.push({
        code: 'column',
        where: `--map ${text}`,
        what: `says no place of ${places.of}`,
        fix: `write column=place, such as --map "Order number=order_id"${places.sections.includes('properties') ? ' or --map Colour=properties.colour' : ''}`,
      });
  }
  return { mapped, problems };
}

/** Does this cell say who somebody is? */
export function isPersonal({ path }: Column): boolean {
  return path?.[0] === 'user';
}

function placeOf(name: string, { byName, sections }: Places): readonly string[] | undefined {
  const parts = name.trim().split('.');
  if (parts.length === 1) return byName.get(plain(name));
  const [section = '', ...rest] = parts;
  return sections.includes(section) && rest.length <= DEPTH_MAX && rest.every((part) => /^\w{1,50}$/.test(part))
    ? parts
    : undefined;
}

/** `Order ID` and `order-id` are order_id. */
export function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

/** A header as a problem names it. */
export function shown(header: string): string {
  return JSON.stringify(header.length > 40 ? `${header.slice(0, 39)}…` : header);
}

function quoted(header: string, place: string): string {
  const text = `${header}=${place}`;
  return /^[\w.=-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}
