import { bookedEntries, bookedNet, bookedOrders, isPlaced } from './booked.ts';
import { startCollector } from './collector.ts';
import { compareTallies, type Result } from './comparison.ts';
import { compareCopies } from './copies.ts';
import { decimalText, sum } from './exact.ts';
import { openPlace } from './local-time.ts';
import { bookedGroups, compareGroups, compareWhole } from './olist-compare.ts';
import { type Order, type Payment, paidFor, readOrders, worthOf } from './olist-read.ts';
import type { Progress } from './progress.ts';
import { entriesOf, jsonOf } from './rows.ts';
import { SHOP, shopSpec } from './spec.ts';
import { tallyOf } from './tally.ts';

const CURRENCY = 'BRL';
const HOOK = '/v1/hooks/standard';
const NAMED_MAX = 5;
/** Money of these does not stay: each is cancelled, and what was paid goes back. */
const CALLED_OFF = new Set(['canceled', 'cancelled', 'unavailable']);

/**
 * Replays orders: each as an imported event, its payments as signed webhooks, and what was called off as entries of the
 * order. The sums by status and month come from the books' own reports.
 */
export async function checkOlistOrders(
  files: { orders: string; payments: string; items?: string; truth: string },
  say: Progress,
): Promise<Result> {
  const place = openPlace('America/Sao_Paulo');
  const truth = jsonOf(files.truth);
  say('Olist orders: reading');
  const { orders, strangers, problems } = await readOrders(files, place);
  const all = [...orders.values()];
  const payments = all.flatMap((order) => order.payments.map((payment) => ({ payment, at: order.paidAt })));
  const told = [...payments, ...strangers.map((payment) => ({ payment, at: undefined }))];
  const calledOff = all.filter(isCalledOff);
  const refused = (what: string): unknown => problems.push(what);
  const collector = await startCollector(
    shopSpec({ id: 'olist', country: 'BR', currency: CURRENCY, timezone: place.zone }),
  );
  try {
    say(`Olist orders: importing ${all.length.toLocaleString('en-GB')} orders`);
    const imported = await collector.bring('events', eventLines(all));
    for (const { line, where, what } of imported.problems.slice(0, NAMED_MAX))
      refused(`order ${line}: ${where} ${what}`);
    await collector.post(told, ({ payment, at }) => ({ path: HOOK, body: paymentBody(payment, at), isHook: true }), {
      progress: (done) => say('Olist orders: payments by webhook', done, told.length),
      refused,
    });
    // Told last: a cancellation that is known before the payment keeps an order from ever being confirmed.
    await collector.post(calledOff, (order) => ({ path: entriesPath(order), body: { entries: undoing(order) } }), {
      progress: (done) => say('Olist orders: cancellations', done, calledOff.length),
      refused,
    });
    await collector.settled();

    say('Olist orders: reading the books');
    const months = new Set([
      ...entriesOf(truth['by_month']).map(([month]) => month),
      ...all.map(({ placedAt }) => place.month(placedAt)),
    ]);
    const booked = await bookedOrders(collector, [...months].sort());
    const groups = bookedGroups(booked, await bookedEntries(collector, place), (id) => orders.get(id)?.status);
    const net = await bookedNet(collector, CURRENCY);
    const orphans = sum(strangers.map(({ amount }) => amount));
    const outcome = await collector.outcome();
    return {
      figures: [
        ...compareGroups(truth, groups),
        ...compareWhole(truth, { groups, booked, net, orphans }),
        ...compareTallies(
          (status) => `orders that stand as ${status}`,
          tallyOf(all.map(statusDue)),
          tallyOf(booked.filter(isPlaced).map(({ status }) => status)),
        ),
        ...compareCopies(outcome, copiesDue(all)),
      ],
      notes: [
        ...notesOf(all),
        ...(strangers.length > 0
          ? [`${strangers.length} payments name orders that the file does not have: booked as orphans.`]
          : []),
        ...(files.items === undefined ? ['Without a file of items an order is worth what was paid.'] : []),
      ],
      problems: [...problems, ...outcome.turnedAway],
    };
  } finally {
    await collector.stop();
  }
}

function isCalledOff({ status }: Order): boolean {
  return CALLED_OFF.has(status);
}

function* eventLines(orders: readonly Order[]): Generator<string[]> {
  yield ['event', 'order_id', 'time', 'value', 'currency', 'consent', 'url', 'external_id', 'contents'];
  for (const order of orders) {
    const contents = order.contents.length > 0 ? JSON.stringify(order.contents) : '';
    const own = [order.id, isoTime(order.placedAt), decimalText(worthOf(order)), CURRENCY];
    yield ['Purchase', ...own, 'granted', `${SHOP}/checkout`, order.customer, contents];
  }
}

function paymentBody({ orderId, reference, amount }: Payment, at: number | undefined): object {
  return {
    type: 'payment.succeeded',
    ...(at === undefined ? {} : { timestamp: isoTime(at) }),
    data: { order_id: orderId, payment_id: reference, amount: decimalText(amount), currency: CURRENCY },
  };
}

function entriesPath({ id }: Order): string {
  return `/v1/orders/${encodeURIComponent(id)}/entries`;
}

/** It is off, and what was paid went back. */
function undoing(order: Order): object[] {
  const time = isoTime(Math.max(order.lastAt, order.paidAt));
  const paid = paidFor(order);
  const money = { amount: decimalText(paid), currency: CURRENCY };
  return [
    { fact: 'cancellation', reference: `${order.id}-${order.status}`, time },
    ...(paid > 0n ? [{ fact: 'refund', reference: `${order.id}-refund`, ...money, time }] : []),
  ];
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** Where the books must have it. */
function statusDue(order: Order): string {
  if (isCalledOff(order)) return 'cancelled';
  if (order.payments.length === 0) return 'created';
  const [paid, worth] = [paidFor(order), worthOf(order)];
  if (paid >= worth) return 'paid';
  return paid > 0n ? 'partlyPaid' : 'created';
}

/** Does anything that was paid confirm it? */
function isConfirmed(order: Order): boolean {
  return order.payments.length > 0 && (paidFor(order) > 0n || worthOf(order) === 0n);
}

/** Two copies an order. One that was never paid was never to leave, whatever its age. */
function copiesDue(orders: readonly Order[]): Record<string, number> {
  const unpaid = orders.filter((order) => !isConfirmed(order));
  const off = unpaid.filter(isCalledOff).length;
  return {
    'withheld too_old': 2 * (orders.length - unpaid.length),
    'withheld order_cancelled': 2 * off,
    'held awaiting_confirmation': unpaid.length - off,
    'held awaiting_api': unpaid.length - off,
  };
}

function notesOf(orders: readonly Order[]): string[] {
  const [off, others] = [orders.filter(isCalledOff), orders.filter((order) => !isCalledOff(order))];
  const refunded = off.filter((order) => paidFor(order) > 0n).length;
  const unpaid = orders.filter((order) => !isConfirmed(order)).length;
  const statuses = [...new Set(others.map(({ status }) => status))].sort().join(', ');
  return [
    `${off.length} orders were called off (canceled, unavailable): each is booked as a cancellation, and ${refunded} with a refund of what was paid.`,
    `Any other status (${statuses}) says where the goods are, which is no fact of money.`,
    ...(unpaid > 0
      ? [`For ${unpaid} orders nothing was paid: their copies wait for a payment, or are withheld as cancelled.`]
      : []),
  ];
}
