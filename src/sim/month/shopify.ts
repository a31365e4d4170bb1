import { createHmac } from 'node:crypto';
import type { JsonObject } from '../../event/event.ts';
import type { Message } from './message.ts';
import { majorText, type Sum } from './money.ts';
import type { Fact, Story } from './story.ts';

/** What Shopify's webhooks tell of an order: its transactions are the money, and some are told by two topics. */
export function shopifyMessages(story: Story): Message[] {
  const messages: Message[] = [];
  const { way, placedAt, awaited, total, facts, n } = story;
  const isRenewal = way === 'shopifyRenewal';
  const send = (topic: string, at: number, body: () => JsonObject, told: readonly Fact[], order = false): void => {
    messages.push({
      ...{ door: 'shopify', at, facts: told, wants: 202 },
      ...(order && !isRenewal ? { order: story } : {}),
      write: (_now, { shopify }) => signed(topic, JSON.stringify(body()), shopify),
    });
  };
  const order =
    (status: string, more: JsonObject = {}): (() => JsonObject) =>
    () =>
      orderBody(story, status, more);

  const pending = facts.filter(({ kind }) => kind === 'pending');
  if (!isRenewal) send('orders/create', placedAt, order(awaited ? 'pending' : 'paid'), pending, true);
  let paid = 0n;
  let isCancelled = false;
  for (const fact of facts) {
    const { kind, at, sum } = fact;
    switch (kind) {
      case 'payment':
        if (!sum) break;
        paid += sum.minor;
        send('order_transactions/create', at, () => transaction(fact, sum, 'sale', isRenewal), [fact]);
        // Where it was cancelled, no topic of the order says any more that its money is there.
        if (isRenewal || isCancelled) break;
        if (paid < total.minor) send('orders/partially_paid', at + 2000, order('partially_paid'), [], true);
        else if (n % 2 === 0) send('orders/paid', at + 2000, order('paid'), [], true);
        break;
      case 'refund':
        if (!sum) break;
        send('refunds/create', at, () => refund(fact, sum), [fact]);
        if (n % 2 === 0)
          send('order_transactions/create', at + 1000, () => transaction(fact, sum, 'refund', false), [fact]);
        break;
      case 'cancellation': {
        isCancelled = true;
        const status = paid === 0n ? 'voided' : 'paid';
        send('orders/cancelled', at, order(status, { cancelled_at: iso(at), cancel_reason: 'customer' }), [fact], true);
        break;
      }
      case 'dispute':
      case 'disputeWon':
      case 'disputeLost': {
        const status = kind === 'dispute' ? 'needs_response' : kind === 'disputeWon' ? 'won' : 'lost';
        const isOver = kind !== 'dispute';
        const told = facts.filter((one) => isOfDispute(one, isOver));
        send(`disputes/${isOver ? 'update' : 'create'}`, at + 2000, () => dispute(story, status, told), told);
        break;
      }
      case 'pending':
      case 'chargeback':
      case 'chargebackReversed':
      case 'fee':
      case 'feeReturned':
      case 'refundReversed':
        // Told along with the order and the dispute, and by the payout.
        break;
    }
  }
  return messages;
}

/** An update tells the whole dispute again. */
function isOfDispute({ kind }: Fact, isOver: boolean): boolean {
  if (kind === 'dispute' || kind === 'chargeback') return true;
  return isOver && (kind === 'disputeWon' || kind === 'disputeLost' || kind === 'chargebackReversed');
}

function orderBody(story: Story, status: string, more: JsonObject): JsonObject {
  const { orderId, total, lines, placedAt, visitor } = story;
  return {
    ...{ id: Number(orderId), name: `#${story.n}`, created_at: iso(placedAt), processed_at: iso(placedAt) },
    ...{ financial_status: status, source_name: 'web', test: false, cancelled_at: null, cancel_reason: null },
    ...{ currency: 'EUR', total_price: '1.00', presentment_currency: total.currency },
    total_price_set: { shop_money: { amount: '1.00', currency_code: 'EUR' }, presentment_money: paidIn(total) },
    ...{ email: 'mara@lindqvist.example', phone: '+46846500442', browser_ip: visitor.ip },
    note_attributes: [
      { name: '_assay_visitor', value: visitor.visitor },
      { name: '_assay_session', value: visitor.session },
      { name: 'gift wrap', value: 'yes, for Mara' },
    ],
    line_items: lines.map(({ product, quantity, price }, index) => ({
      ...{
        id: 14_000_000_000 + index,
        variant_id: 44_000_000_000 + Number(product.slice(4)),
        title: product,
        quantity,
      },
      ...{ price: '1.00', price_set: { presentment_money: paidIn(price) } },
    })),
    ...more,
  };
}

function transaction({ id, at, orderId }: Fact, sum: Sum, kind: 'sale' | 'refund', isRenewal: boolean): JsonObject {
  return {
    ...{ id: Number(id), order_id: Number(orderId), kind, status: 'success', gateway: 'shopify_payments', test: false },
    ...{ created_at: iso(at), processed_at: iso(at), amount: majorText(sum), currency: sum.currency },
    source_name: isRenewal ? 'subscription_contract' : 'web',
  };
}

function refund(fact: Fact, sum: Sum): JsonObject {
  const failed = { ...transaction(fact, sum, 'refund', false), id: Number(fact.id) + 1_000_000_000, status: 'failure' };
  return {
    ...{ id: Number(fact.id) - 6_000_000_000_000, order_id: Number(fact.orderId), created_at: iso(fact.at) },
    ...{ note: 'arrived broken, Mara called', transactions: [transaction(fact, sum, 'refund', false), failed] },
  };
}

function dispute({ n, orderId, total }: Story, status: string, told: readonly Fact[]): JsonObject {
  const opened = told.find(({ kind }) => kind === 'dispute');
  const over = told.find(({ kind }) => kind === 'disputeWon' || kind === 'disputeLost');
  const sum = told.find(({ kind }) => kind === 'chargeback')?.sum ?? total;
  return {
    ...{ id: 598_000_000 + n, order_id: Number(orderId), type: 'chargeback', reason: 'product_not_received', status },
    ...{ amount: majorText(sum), currency: sum.currency, initiated_at: iso(opened?.at ?? 0) },
    finalized_on: over ? iso(over.at) : null,
  };
}

function paidIn(sum: Sum): JsonObject {
  return { amount: majorText(sum), currency_code: sum.currency };
}

/** With a shop's own zone, as Shopify writes it. */
function iso(at: number): string {
  return new Date(at + 3_600_000).toISOString().replace('.000Z', '+01:00');
}

function signed(topic: string, body: string, secret: string): ReturnType<Message['write']> {
  return {
    path: '/v1/hooks/shopify',
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      'x-shopify-shop-domain': 'ember.myshopify.com',
    },
    body,
  };
}
