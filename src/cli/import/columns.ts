import type { Problem } from '../../event/problem.ts';
import { nearest } from '../../spec/nearest.ts';

/** Where a column's cells go in the event: `properties.value`, `user.email`, `event`; null for one that is left out. */
export interface Column {
  header: string;
  path: readonly string[] | null;
}

const TOP = [
  ...['event', 'event_id', 'time', 'source', 'consent', 'visitor', 'session'],
  ...['limited_data_use', 'origin', 'draft'],
];
/** Match keys: who it was. Their cells are never shown, and hashed or dropped where a file is written. */
const USER = [
  ...['email', 'phone', 'external_id', 'first_name', 'last_name', 'zip_code', 'city', 'state', 'country'],
  ...['ttclid', 'ttp', 'ip', 'user_agent', 'locale', 'idfa', 'idfv', 'gaid', 'att_status'],
];
const PAGE = ['url', 'referrer'];
const PROPERTIES = [
  ...['value', 'currency', 'order_id', 'shop_id', 'coupon', 'status', 'delivery_category'],
  ...['content_id', 'content_ids', 'content_type', 'content_name', 'content_category', 'contents'],
  ...['quantity', 'price', 'num_items', 'brand', 'description', 'query', 'search_string', 'page_category', 'step'],
];
const LEAD = ['lead_id', 'lead_event_source'];

const PLACES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...TOP.map((name) => [name, [name]] as const),
  ...USER.map((name) => [name, ['user', name]] as const),
  ...PAGE.map((name) => [name, ['page', name]] as const),
  ...PROPERTIES.map((name) => [name, ['properties', name]] as const),
  ...LEAD.map((name) => [name, ['lead', name]] as const),
]);

/** As deep as the door keeps properties. */
const DEPTH_MAX = 8;
const SECTIONS = ['user', 'page', 'properties', 'app', 'ad', 'lead'];

/** The columns of a header line. A name that is not known must be given a place, or be left out on purpose. */
export function readColumns(
  headers: readonly string[],
  mapped: ReadonlyMap<string, string>,
): { columns: Column[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ code: 'column', where, what, fix });
  const columns = headers.map((header): Column => {
    const told = mapped.get(header);
    if (told === '-') return { header, path: null };
    const path = placeOf(told ?? header);
    if (!path) {
      const near = nearest(plain(told ?? header), [...PLACES.keys()]);
      const hint = near === undefined ? `--map ${quoted(header, 'properties.name')}` : `--map ${quoted(header, near)}`;
      complain(
        shown(header),
        'is no column of an event',
        `give it a place with ${hint}, or leave it out with ${`--map ${quoted(header, '-')}`}`,
      );
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
  const places = columns.flatMap(({ path }) => (path ? [path.join('.')] : []));
  for (const place of new Set(places.filter((one, index) => places.indexOf(one) !== index)))
    complain(place, 'is filled by two columns', 'leave one of them out with --map');
  for (const place of new Set(places))
    if (places.some((other) => other.startsWith(`${place}.`)))
      complain(place, 'is filled by a column, and its parts by others', 'leave one of them out with --map');
  return { columns, problems };
}

/** `--map "Order number=order_id"`, as often as needed. */
export function readMap(texts: readonly string[]): { mapped: Map<string, string>; problems: Problem[] } {
  const mapped = new Map<string, string>();
  const problems: Problem[] = [];
  for (const text of texts) {
    const at = text.lastIndexOf('=');
    const [header, place] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    if (at > 0 && header !== '' && (place === '-' || placeOf(place))) mapped.set(header, place);
    else
      problems.push({
        code: 'column',
        where: `--map ${text}`,
        what: 'says no place of an event',
        fix: 'write column=place, such as --map "Order number=order_id" or --map Colour=properties.colour',
      });
  }
  return { mapped, problems };
}

/** Does this cell say who somebody is? */
export function isPersonal({ path }: Column): boolean {
  return path?.[0] === 'user';
}

function placeOf(name: string): readonly string[] | undefined {
  const parts = name.trim().split('.');
  if (parts.length === 1) return PLACES.get(plain(name));
  const [section = '', ...rest] = parts;
  return SECTIONS.includes(section) && rest.length <= DEPTH_MAX && rest.every((part) => /^\w{1,50}$/.test(part))
    ? parts
    : undefined;
}

/** `Order ID` and `order-id` are order_id. */
function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function shown(header: string): string {
  return JSON.stringify(header.length > 40 ? `${header.slice(0, 39)}…` : header);
}

function quoted(header: string, place: string): string {
  const text = `${header}=${place}`;
  return /^[\w.=-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
}
