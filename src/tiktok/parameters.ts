import { parseDecimal } from '../event/decimal.ts';
import type { Json, JsonObject } from '../event/event.ts';
import type { Problem } from '../event/problem.ts';

type Kind = 'text' | 'number' | 'whole' | 'texts' | 'numbers' | 'mileage' | readonly string[];

/** TikTok's event properties and what each must be (payload reference of the Events API, and the pixel's checks). */
export const KINDS: Readonly<Record<string, Kind>> = {
  content_type: ['product', 'product_group'],
  delivery_category: ['in_store', 'curbside', 'home_delivery'],
  ...kinds('whole', 'num_items num_adults num_children num_infants preferred_num_stops'),
  ...kinds('number', 'quantity price predicted_ltv user_score'),
  ...kinds('texts', 'content_ids suggested_hotels destination_ids suggested_destinations'),
  preferred_price_range: 'numbers',
  mileage: 'mileage',
  ...kinds(
    'text',
    'content_id content_name content_category brand order_id shop_id search_string query description status ' +
      'event_channel page_category step coupon city region country checkin_date checkout_date ' +
      'departing_departure_date returning_departure_date departing_arrival_date returning_arrival_date ' +
      'origin_airport destination_airport travel_class travel_start travel_end postal_code make model year ' +
      'state_of_vehicle exterior_color interior_color transmission body_style fuel_type drivetrain trim vin ' +
      'condition_of_vehicle viewcontent_type search_type registration_type',
  ),
};

export const CONTENT_KINDS: Readonly<Record<string, Kind>> = {
  ...kinds('text', 'content_id content_name content_category brand content_type'),
  ...kinds('number', 'price quantity'),
};

const TEXT_MAX = 1000;
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
  const properties: JsonObject = {};
  const problems: Problem[] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(told).sort(byName)) {
    if (name === 'value' || name === 'currency' || name === 'contents' || blank(value)) continue;
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    const clean = kind ? conform(value, kind, `properties.${name}`, problems) : free(value);
    if (clean !== undefined && !blank(clean)) properties[name] = clean;
  }
  const contents = blank(told['contents']) ? undefined : cleanContents(told['contents'], problems);
  if (contents) properties['contents'] = contents;
  oneWay(properties, notes);
  return { properties, problems, notes };
}

/** Products stand in `contents`, or in `content_ids`; the pixel's lone `content_id` becomes a content of its own. */
function oneWay(properties: JsonObject, notes: string[]): void {
  const { content_id, content_name, content_category, brand, price, quantity, ...rest } = properties;
  if (properties['contents'] && properties['content_ids']) {
    delete properties['content_ids'];
    notes.push('content_ids_left_out');
  }
  if (content_id === undefined || properties['contents'] || properties['content_ids']) return;
  const item: JsonObject = {};
  for (const [name, value] of Object.entries({ content_id, content_name, content_category, brand, price, quantity }))
    if (value !== undefined) item[name] = value;
  for (const name of Object.keys(item)) delete properties[name];
  Object.assign(properties, rest, { contents: [item] });
}

function cleanContents(told: Json | undefined, problems: Problem[]): JsonObject[] | undefined {
  const where = 'properties.contents';
  if (!Array.isArray(told)) {
    problems.push(
      wrong(where, 'contents must be a list', 'send [{"content_id": "SKU-1", "quantity": 1, "price": 9.9}]'),
    );
    return undefined;
  }
  if (told.length > LIST_MAX) {
    problems.push(wrong(where, `contents has more than ${LIST_MAX} items`, 'send the most valuable items'));
    return undefined;
  }
  const items = told.map((item, index) => cleanItem(item, `${where}[${index}]`, problems));
  return items.length > 0 ? items : undefined;
}

function cleanItem(told: Json, where: string, problems: Problem[]): JsonObject {
  const item: JsonObject = {};
  if (typeof told !== 'object' || told === null || Array.isArray(told)) {
    problems.push(wrong(where, 'a content must be an object', 'send {"content_id": "SKU-1"}'));
    return item;
  }
  for (const [name, value] of Object.entries(told).sort(byName)) {
    if (blank(value)) continue;
    const kind = Object.hasOwn(CONTENT_KINDS, name) ? CONTENT_KINDS[name] : undefined;
    const clean = kind ? conform(value, kind, `${where}.${name}`, problems) : free(value);
    if (clean !== undefined && !blank(clean)) item[name] = clean;
  }
  if (item['content_id'] === undefined && !problems.some((problem) => problem.where === `${where}.content_id`))
    problems.push(
      wrong(
        `${where}.content_id`,
        'a content needs its content_id',
        'send the SKU or item group id of the catalogue',
        'content_id_missing',
      ),
    );
  return item;
}

function conform(value: Json, kind: Kind, where: string, problems: Problem[]): Json | undefined {
  if (kind === 'text') return text(value, where, problems);
  if (kind === 'number' || kind === 'whole') return number(value, kind === 'whole', where, problems);
  if (kind === 'texts' || kind === 'numbers') {
    const list = Array.isArray(value) ? value : [value];
    const each = list.slice(0, LIST_MAX).filter((item) => !blank(item));
    const clean = each.map((item, index) =>
      kind === 'texts'
        ? text(item, `${where}[${index}]`, problems)
        : number(item, false, `${where}[${index}]`, problems),
    );
    const kept = clean.filter((item) => item !== undefined);
    return kept.length > 0 ? kept : undefined;
  }
  if (kind === 'mileage') return mileage(value, where, problems);
  const chosen = typeof value === 'string' ? value.trim() : value;
  if (typeof chosen === 'string' && kind.includes(chosen)) return chosen;
  problems.push(
    wrong(where, `must be ${kind.join(' or ')}`, `send one of: ${kind.join(', ')}`, 'parameter_not_in_list'),
  );
  return undefined;
}

function text(value: Json, where: string, problems: Problem[]): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && !losesDigits(value)) return String(value);
  if (typeof value === 'string' && value.trim().length <= TEXT_MAX) return value.trim();
  problems.push(
    typeof value === 'number'
      ? digitsLost(where)
      : typeof value === 'string'
        ? wrong(where, `is longer than ${TEXT_MAX} characters`, 'shorten it')
        : wrong(where, 'must be text', 'send a string, such as "SKU-1"'),
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

function number(value: Json, whole: boolean, where: string, problems: Problem[]): number | undefined {
  const told = typeof value === 'string' && parseDecimal(value.trim()) ? Number(value) : value;
  if (typeof told === 'number' && Number.isFinite(told) && told >= 0 && (!whole || Number.isSafeInteger(told)))
    return told === 0 ? 0 : told;
  const what = whole ? 'must be a whole number, zero or more' : 'must be a number, zero or more';
  problems.push(wrong(where, what, 'send digits with an optional decimal point, such as 2 or 29.95'));
  return undefined;
}

function mileage(value: Json, where: string, problems: Problem[]): JsonObject | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const amount = number(value['value'] ?? null, false, `${where}.value`, problems);
    const unit = text(value['unit'] ?? null, `${where}.unit`, problems);
    return amount === undefined || unit === undefined ? undefined : { unit, value: amount };
  }
  problems.push(wrong(where, 'must be {"unit", "value"}', 'send {"unit": "KM", "value": 12000}'));
  return undefined;
}

/** Keys that TikTok does not list go along as they are, where they are small and plain. */
function free(value: Json): Json | undefined {
  if (typeof value === 'string') return value.trim().slice(0, TEXT_MAX).trim();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value).length <= TEXT_MAX ? value : undefined;
}

/** No value at all: left out rather than sent, as TikTok's diagnostics ask. */
export function blank(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'string' && /^(?:|undefined|null|NaN)$/.test(value.trim());
}

function wrong(where: string, what: string, fix: string, code = 'parameter_malformed'): Problem {
  return { where, what, fix, code };
}

function kinds(kind: Kind, names: string): Record<string, Kind> {
  return Object.fromEntries(names.split(' ').map((name) => [name, kind]));
}

function byName(a: [string, unknown], b: [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
