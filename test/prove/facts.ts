import type { NewRecord } from '../../src/store/journal.ts';
import type { Plan } from './plan.ts';

interface OrderFacts {
  /** what the order is worth by anybody's word, in cents */
  values: Set<number>;
  /** payments by reference, in cents */
  payments: Map<string, number>;
  byServer: boolean;
}

/** What was told, read as simply as can be. */
export class Facts {
  /** real ms since when the confirmation rule of an order may hold */
  readonly confirmedAt = new Map<string, number>();
  /** event ids that were told, or follow from what was told */
  readonly ids = new Set<string>();
  /** real ms since when it is known that a page fired the event by itself */
  readonly firedAt = new Map<string, number>();
  readonly tests: { destination: string; code: string; from: number; until: number }[] = [];
  readonly #orders = new Map<string, OrderFacts>();
  readonly #plan: Plan;
  readonly #now: () => number;
  #seen = 0;

  constructor(plan: Plan, now: () => number) {
    this.#plan = plan;
    this.#now = now;
  }

  wrote({ kind, door, body, receivedAt }: NewRecord): void {
    const text = (name: string): string => String(body[name] ?? '');
    const draft = body['draft'] === true;
    if (kind === 'test')
      this.tests.push({
        destination: text('destination'),
        code: text('code'),
        from: receivedAt,
        until: Number(body['until']),
      });
    const orderId =
      text('order_id') || String((body['properties'] as { order_id?: string } | undefined)?.order_id ?? '');
    if (kind === 'event' || kind === 'order') this.#know(orderId === '' ? text('event_id') : `demo-${orderId}`, draft);
    if (kind === 'event' || kind === 'order') this.#know(text('event_id'), draft);
    if (kind === 'lead') this.#know(`${text('lead_id')}-${text('status')}`, draft);
    if (draft || orderId === '') return;
    const order = this.#orders.get(orderId) ?? { values: new Set(), payments: new Map(), byServer: false };
    this.#orders.set(orderId, order);
    const { value } = (body['properties'] ?? {}) as { value?: string };
    if (value !== undefined) order.values.add(cents(value));
    if (kind === 'event' && door === 'server') order.byServer = true;
    if (kind === 'payment' && text('fact') === 'payment') order.payments.set(text('reference'), cents(text('amount')));
    if (!this.confirmedAt.has(orderId) && this.#isConfirmed(order)) this.confirmedAt.set(orderId, this.#now());
  }

  /** Admission has decided the records up to `offset`. */
  committedUpTo(offset: number, record: (seq: number) => NewRecord | undefined): void {
    for (; this.#seen < offset; this.#seen++) {
      const { kind = '', body = {} } = record(this.#seen + 1) ?? {};
      const id = String(body['event_id'] ?? '');
      if (kind === 'event' && body['pixel'] === 'fired' && !this.firedAt.has(id)) this.firedAt.set(id, this.#now());
    }
  }

  #know(id: string, draft: boolean): void {
    this.ids.add(draft ? `draft-${id}` : id);
  }

  #isConfirmed({ values, payments, byServer }: OrderFacts): boolean {
    const { confirm, confirmAt } = this.#plan.variant;
    if (values.size === 0) return false;
    if (confirm === 'none') return true;
    if (confirm === 'server') return byServer;
    const paid = [...payments.values()].reduce((sum, amount) => sum + amount, 0);
    return confirmAt === 'firstPayment' ? paid > 0 : paid >= Math.min(...values);
  }
}

function cents(major: string): number {
  return Math.round(Number(major) * 100);
}
