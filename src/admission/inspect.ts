import type { Json, JsonObject } from '../event/event.ts';
import type { Reason } from '../event/reason.ts';
import { nearest } from '../spec/nearest.ts';
import type { Spec } from '../spec/spec.ts';
import type { Context } from './context.ts';
import type { Draft } from './normalise.ts';

/** Looks for what does not fit together in an event that is good enough to keep: notes, never a refusal. */
export function inspect(draft: Draft, spec: Spec): void {
  const { properties } = draft;
  const contents = properties['contents'];
  if (Array.isArray(contents)) {
    if (draft.value !== undefined) compareValue(draft, contents, spec.money.contentsTolerance);
    if (properties['num_items'] !== undefined) compareCount(draft, contents, properties['num_items']);
  }
  for (const name in spec.taxonomy) {
    const told = properties[name];
    const words = spec.taxonomy[name];
    if (typeof told === 'string' && words && words.length > 0 && !words.includes(told))
      outside(draft, name, told, words);
  }
}

/** What a person should know beside the verdict, once the event is kept. Drafts are nobody's business. */
export function tellFindings(draft: Draft, at: number, { working }: Context): void {
  if (draft.namespace !== 'live') return;
  const hint = draft.hints.find(({ code }) => code === 'contents_value');
  if (hint) working.finding('contents_value', draft.orderId ? `order ${draft.orderId}` : draft.name, hint.what, at);
}

/** Ten-thousandths of the main unit: finer than any price of a catalogue, and whole. */
const FINE = 10_000;

function compareValue(draft: Draft, contents: Json[], tolerance: number): void {
  const value = draft.value as string;
  const space = value.indexOf(' ');
  const worth = Math.round(Number(value.slice(0, space)) * FINE);
  const sum = sumOf(contents);
  if (sum === undefined || Math.abs(sum - worth) <= tolerance * Math.max(sum, worth)) return;
  note(
    draft,
    'contents_value',
    'properties.contents',
    `come to ${sum / FINE}${value.slice(space)}, the value says ${value}`,
    'send the price of one unit, and a value that the contents explain; or raise money.contentsTolerance',
  );
}

/** Price by quantity over all items; undefined where one has no price, or the sum is beyond exact numbers. */
function sumOf(contents: Json[]): number | undefined {
  let sum = 0;
  for (const item of contents as JsonObject[]) {
    const { price, quantity = 1 } = item;
    if (typeof price !== 'number' || typeof quantity !== 'number') return undefined;
    sum += Math.round(price * FINE) * quantity;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}

function compareCount(draft: Draft, contents: Json[], count: Json): void {
  let sum = 0;
  for (const item of contents as JsonObject[]) sum += Number(item['quantity'] ?? 1);
  if (sum !== count)
    note(
      draft,
      'num_items_differ',
      'properties.num_items',
      `is ${count}, and the quantities come to ${sum}`,
      'send the number of pieces, or leave it out',
    );
}

function outside(draft: Draft, name: string, told: string, words: readonly string[]): void {
  const near = nearest(told, words);
  note(
    draft,
    'outside_taxonomy',
    `properties.${name}`,
    `is ${JSON.stringify(told.slice(0, 60))}, which the spec does not list`,
    near === undefined ? `send one of: ${words.join(', ')}` : `send ${near}`,
  );
}

function note(draft: Draft, code: string, where: string, what: string, fix: string): void {
  if (!draft.notes.includes(code)) draft.notes.push(code);
  draft.hints.push({ code, where, what, fix });
}

export const INSPECT_REASONS: Reason[] = [
  {
    code: 'contents_value',
    with: 'note',
    means: 'Price by quantity of the contents differs from the value by more than money.contentsTolerance.',
    fix: 'Send the price of one unit. Shipping, tax and vouchers explain small differences.',
  },
  {
    code: 'num_items_differ',
    with: 'note',
    means: 'num_items is another number than the quantities of the contents come to.',
    fix: 'Send the number of pieces, or leave it out.',
  },
  {
    code: 'outside_taxonomy',
    with: 'note',
    means: 'A parameter has a value that the spec’s taxonomy does not list.',
    fix: 'Send one of the listed values, or add it to the taxonomy; the record names the nearest.',
  },
];
