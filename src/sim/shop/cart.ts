import type { JsonObject } from '../../event/event.ts';
import { amountNumber, CURRENCY } from './money.ts';
import { type Product, productOf } from './products.ts';

export interface CartLine {
  product: Product;
  quantity: number;
}

export const QUANTITY_MAX = 20;

/** The cart cookie `ember-cup:2,amber-lamp:1`; what is not ours or out of bounds is left out. */
export function readCart(cookie: string): CartLine[] {
  const lines = new Map<string, CartLine>();
  for (const entry of cookie.split(',', 50)) {
    const [id = '', count = ''] = entry.split(':');
    const product = productOf(id);
    const quantity = quantityOf(count);
    if (product && quantity > 0) lines.set(id, { product, quantity });
  }
  return [...lines.values()];
}

export function cartText(lines: readonly CartLine[]): string {
  return lines.map((line) => `${line.product.id}:${line.quantity}`).join(',');
}

/** A quantity from a form: whole, at most `QUANTITY_MAX`; 0 for anything else. */
export function quantityOf(text: string): number {
  return /^\d{1,4}$/.test(text) ? Math.min(Number(text), QUANTITY_MAX) : 0;
}

/** The cart with `change` applied to one product's quantity; a line that reaches 0 goes. */
export function withQuantity(
  lines: readonly CartLine[],
  product: Product,
  change: (quantity: number) => number,
): CartLine[] {
  const before = lines.find((line) => line.product === product)?.quantity ?? 0;
  const quantity = Math.max(0, Math.min(QUANTITY_MAX, change(before)));
  const changed = { product, quantity };
  return (before > 0 ? lines.map((line) => (line.product === product ? changed : line)) : [...lines, changed]).filter(
    (line) => line.quantity > 0,
  );
}

export function totalCents(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.product.priceCents * line.quantity, 0);
}

export function countOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** What the lines are worth and what they are, as every event of ours tells it. */
export function worth(lines: readonly CartLine[]): JsonObject {
  return {
    value: amountNumber(totalCents(lines)),
    currency: CURRENCY,
    contents: contentsOf(lines),
  };
}

export function contentsOf(lines: readonly CartLine[]): JsonObject[] {
  return lines.map(({ product, quantity }) => ({
    content_id: product.id,
    content_type: 'product',
    content_name: product.name,
    content_category: product.category,
    quantity,
    price: amountNumber(product.priceCents),
  }));
}
