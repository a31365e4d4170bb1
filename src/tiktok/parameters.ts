import { parseDecimal } from '../event/decimal.ts';
import type { Json, JsonObject } from '../event/event.ts';
import { plainAmount } from '../event/plain-amount.ts';
import type { Problem } from '../event/problem.ts';
import { cleanId, cleanText } from './text.ts';

type Kind = 'id' | 'ids' | 'text' | 'texts' | 'number' | 'numbers' | 'whole' | 'count' | 'mileage' | readonly string[];

/** TikTok's event properties and what each must be (payload reference of the Events API, and the pixel's checks). */
export const KINDS: Readonly<Record<string, Kind>> = {
  content_type: ['product', 'product_group'],
  delivery_category: ['in_store', 'curbside', 'home_delivery'],
  ...kinds('whole', 'num_items num_adults num_children num_infants preferred_num_stops'),
  quantity: 'count',
  ...kinds('number', 'price predicted_ltv user_score'),
  ...kinds('ids', 'content_ids suggested_hotels destination_ids'),
  suggested_destinations: 'texts',
  preferred_price_range: 'numbers',
  mileage: 'mileage',
  ...kinds('id', 'content_id order_id shop_id vin'),
  ...kinds(
    'text',
    'content_name content_category brand search_string query description status ' +
      'event_channel page_category step coupon city region country checkin_date checkout_date ' +
      'departing_departure_date returning_departure_date departing_arrival_date returning_arrival_date ' +
      'origin_airport destination_airport travel_class travel_start travel_end postal_code make model year ' +
      'state_of_vehicle exterior_color interior_color transmission body_style fuel_type drivetrain trim ' +
      'condition_of_vehicle viewcontent_type search_type registration_type',
  ),
};

export const CONTENT_KINDS: Readonly<Record<string, Kind>> = {
  content_id: 'id',
  ...kinds('text', 'content_name content_category brand content_type'),
  price: 'number',
  quantity: 'count',
};

const KIND_OF: ReadonlyMap<string, Kind> = new Map(Object.entries(KINDS));
const CONTENT_KIND_OF: ReadonlyMap<string, Kind> = new Map(Object.entries(CONTENT_KINDS));
/** Read elsewhere, or as a whole. */
const APART: ReadonlySet<string> = new Set(['value', 'currency', 'contents', 'content_ids', 'content_id']);
const ITEM_FIELDS: ReadonlySet<string> = new Set(['content_name', 'content_category', 'brand', 'price', 'quantity']);

const TEXT_MAX = 1000;
const NAME_MAX = 100;
const LIST_MAX = 200;

export interface Cleaned {
  properties: JsonObject;
  problems: Problem[];
  notes: string[];
}

/**
 * Properties as TikTok wants them: ids as trimmed text, amounts as numbers, blanks left out, one way to name the
 * products. `value` and `currency` are judged elsewhere and are passed over. Cleaning twice changes nothing.
 */
export function cleanProperties(told: JsonObject): Cleaned {
  const cleaned: Cleaned = { properties: {}, problems: [], notes: [] };
  const { properties, problems, notes } = cleaned;
  const contents = blank(told['contents']) ? undefined : cleanContents(told['contents'], cleaned);
  const ids = blank(told['content_ids'])
    ? undefined
    : conform(told['content_ids'] as Json, 'ids', 'properties.content_ids', problems);
  const id = blank(told['content_id'])
    ? undefined
    : conform(told['content_id'] as Json, 'id', 'properties.content_id', problems);
  // The pixel's lone `content_id` becomes a content of its own, with what is told of it.
  const item: JsonObject | undefined = id !== undefined && !contents && !ids ? { content_id: id } : undefined;
  if (id !== undefined && !item) properties['content_id'] = id;
  if (ids !== undefined && !contents) properties['content_ids'] = ids;
  else if (ids !== undefined) notes.push('content_ids_left_out');
  for (const name of namesOf(told))
    if (!APART.has(name)) {
      const clean = cleanOne(name, told[name], KIND_OF.get(name), 'properties.', cleaned);
      if (clean !== undefined) (item && ITEM_FIELDS.has(name) ? item : properties)[name] = clean;
    }
  const all = contents ?? (item ? [item] : undefined);
  if (all) properties['contents'] = all;
  else if (properties['content_type'] !== undefined && !ids) {
    delete properties['content_type'];
    notes.push('content_type_alone');
  }
  return cleaned;
}

/** One field in its form; undefined where it says nothing, is wrong, or is out of bounds. */
function cleanOne(
  name: string,
  value: Json | undefined,
  known: Kind | undefined,
  at: string,
  { problems, notes }: Cleaned,
): Json | undefined {
  if (value === undefined || blank(value)) return undefined;
  const kind = known ?? (isIdName(name, value) ? 'id' : undefined);
  if (kind) return conform(value, kind, `${at}${name}`, problems);
  const clean = name.length <= NAME_MAX && name !== '__proto__' ? free(value) : undefined;
  if (clean === undefined && !notes.includes('parameter_left_out')) notes.push('parameter_left_out');
  return blank(clean) ? undefined : clean;
}

/** A key of the sender's own that is named like an id, such as `lead_id`, is one. */
function isIdName(name: string, value: Json): boolean {
  return name.endsWith('_id') && (typeof value === 'string' || typeof value === 'number');
}

function cleanContents(told: Json | undefined, cleaned: Cleaned): JsonObject[] | undefined {
  const where = 'properties.contents';
  if (!Array.isArray(told)) {
    cleaned.problems.push(
      wrong(where, 'contents must be a list', 'send [{"content_id": "SKU-1", "quantity": 1, "price": 9.9}]'),
    );
    return undefined;
  }
  if (told.length > LIST_MAX) {
    cleaned.problems.push(wrong(where, `contents has more than ${LIST_MAX} items`, 'send the most valuable items'));
    return undefined;
  }
  const items = told.map((item, index) => cleanItem(item, `${where}[${index}]`, cleaned));
  return items.length > 0 ? items : undefined;
}

function cleanItem(told: Json, where: string, cleaned: Cleaned): JsonObject {
  const { problems } = cleaned;
  const item: JsonObject = {};
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    problems.push(wrong(where, 'a content must be an object', 'send {"content_id": "SKU-1"}'));
    return item;
  }
  const before = problems.length;
  for (const name of namesOf(told)) {
    const clean = cleanOne(name, told[name], CONTENT_KIND_OF.get(name), `${where}.`, cleaned);
    if (clean !== undefined) item[name] = clean;
  }
  const idPlace = `${where}.content_id`;
  if (item['content_id'] === undefined && !problems.slice(before).some((problem) => problem.where === idPlace))
    problems.push(
      wrong(
        idPlace,
        'a content needs its content_id',
        'send the SKU or item group id of the catalogue',
        'content_id_missing',
      ),
    );
  return item;
}

function conform(value: Json, kind: Kind, where: string, problems: Problem[]): Json | undefined {
  switch (kind) {
    case 'id':
    case 'text':
      return text(value, kind, where, problems);
    case 'number':
    case 'whole':
    case 'count':
      return number(value, kind, where, problems);
    case 'ids':
    case 'texts':
    case 'numbers':
      return list(value, kind, where, problems);
    case 'mileage':
      return mileage(value, where, problems);
  }
  const chosen = typeof value === 'string' ? value.trim() : value;
  if (typeof chosen === 'string' && kind.includes(chosen)) return chosen;
  problems.push(
    wrong(where, `must be ${kind.join(' or ')}`, `send one of: ${kind.join(', ')}`, 'parameter_not_in_list'),
  );
  return undefined;
}

function list(value: Json, kind: 'ids' | 'texts' | 'numbers', where: string, problems: Problem[]): Json | undefined {
  const all = Array.isArray(value) ? value : [value];
  const kept: Json[] = [];
  for (let index = 0; index < Math.min(all.length, LIST_MAX); index++) {
    const one = all[index] as Json;
    if (blank(one)) continue;
    const place = `${where}[${index}]`;
    const clean =
      kind === 'numbers'
        ? number(one, 'number', place, problems)
        : text(one, kind === 'ids' ? 'id' : 'text', place, problems);
    if (clean !== undefined) kept.push(clean);
  }
  return kept.length > 0 ? kept : undefined;
}

function text(value: Json, kind: 'id' | 'text', where: string, problems: Problem[]): string | undefined {
  if (typeof value === 'string') {
    const clean = kind === 'id' ? cleanId(value) : cleanText(value);
    if (clean.length <= TEXT_MAX) return blank(clean) ? undefined : clean;
    problems.push(wrong(where, `is longer than ${TEXT_MAX} characters`, 'shorten it'));
    return undefined;
  }
  if (typeof value === 'number' && Number.isFinite(value) && !losesDigits(value)) return String(value);
  problems.push(
    typeof value === 'number' ? digitsLost(where) : wrong(where, 'must be text', 'send a string, such as "SKU-1"'),
  );
  return undefined;
}

/** What is wrong with an id that `losesDigits`. */
export function digitsLost(where: string): Problem {
  return wrong(where, 'is a number too long to keep its digits', 'send it as text, in quotes', 'id_digits_lost');
}

/** JSON numbers are exact up to 2^53 only; an id beyond that has already changed. */
export function losesDigits(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

const WANTED = {
  number: 'a number, zero or more',
  whole: 'a whole number, zero or more',
  count: 'a whole number, one or more',
} as const;

function number(value: Json, kind: keyof typeof WANTED, where: string, problems: Problem[]): number | undefined {
  const told = typeof value === 'string' && parseDecimal(value.trim()) ? Number(value) : value;
  if (typeof told === 'number' && Number.isFinite(told) && told >= (kind === 'count' ? 1 : 0))
    if (kind === 'number' || Number.isSafeInteger(told)) return told === 0 ? 0 : told;
  const plain = kind === 'number' && typeof value === 'string' ? plainAmount(value) : undefined;
  const example = plain?.amount ?? (kind === 'number' ? '2 or 29.95' : '2');
  problems.push(wrong(where, `must be ${WANTED[kind]}`, `send digits alone, such as ${example}`));
  return undefined;
}

function mileage(value: Json, where: string, problems: Problem[]): JsonObject | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const amount = number(value['value'] ?? null, 'number', `${where}.value`, problems);
    const unit = text(value['unit'] ?? null, 'text', `${where}.unit`, problems);
    return amount === undefined || unit === undefined ? undefined : { unit, value: amount };
  }
  problems.push(wrong(where, 'must be {"unit", "value"}', 'send {"unit": "KM", "value": 12000}'));
  return undefined;
}

/** Keys that TikTok does not list go along as they are, where they are small and plain. */
const DEPTH_MAX = 8;

function isShallow(value: Json, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEPTH_MAX && Object.values(value).every((inner) => isShallow(inner, depth + 1));
}

function free(value: Json): Json | undefined {
  if (typeof value === 'string') return cleanText(cleanText(value).slice(0, TEXT_MAX));
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return isShallow(value, 0) && JSON.stringify(value).length <= TEXT_MAX ? value : undefined;
}

/** No value at all: left out rather than sent, as TikTok's diagnostics ask. */
export function blank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value !== 'string') return false;
  const word = value.trim();
  return word === '' || word === 'undefined' || word === 'null' || word === 'NaN';
}

function wrong(where: string, what: string, fix: string, code = 'parameter_malformed'): Problem {
  return { where, what, fix, code };
}

function kinds(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

/** More names than this are left to a sort that does not mind how many they are. */
const FEW_NAMES = 24;

/** An object's names in the order of their text. For a handful, putting each into its place beats sorting them. */
function namesOf(told: JsonObject): string[] {
  const names = Object.keys(told);
  if (names.length > FEW_NAMES) return names.sort((a, b) => (a < b ? -1 : 1));
  for (let from = 1; from < names.length; from++) {
    const name = names[from] as string;
    let at = from;
    for (; at > 0 && (names[at - 1] as string) > name; at--) names[at] = names[at - 1] as string;
    names[at] = name;
  }
  return names;
}
