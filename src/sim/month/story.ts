import type { FactKind } from '../../event/order.ts';
import { userAgent } from '../world/people.ts';
import { type Chance, chance, mixSeed } from '../world/random.ts';
import type { Currency, Sum } from './money.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How an order is told and paid. */
type Way =
  /** the shop's server tells it, Stripe confirms it */
  | 'serverAndStripe'
  /** nobody but Stripe's webhook tells it, with the visitor in its metadata */
  | 'stripeAlone'
  /** nobody but Shopify's webhooks */
  | 'shopify'
  /** the page tells it, a service that signs as Standard Webhooks says confirms it */
  | 'pageAndService'
  /** the shop's server tells it, and days later the bank transfer */
  | 'bankTransfer'
  /** a subscription renews itself, at Stripe or Shopify: nobody tells an order */
  | 'stripeRenewal'
  | 'shopifyRenewal';

/** Something that happened to an order, at its source. Told by as many messages as may be, it is one fact. */
export interface Fact {
  orderId: string;
  kind: FactKind;
  /** the source's own id */
  id: string;
  /** the source's time, UTC ms */
  at: number;
  /** where money moves */
  sum?: Sum;
}

interface Line {
  product: string;
  quantity: number;
  price: Sum;
}

interface Visitor {
  visitor: string;
  session: string;
  ttp: string;
  ttclid: string;
  userAgent: string;
  ip: string;
  /** the page that the order is placed on */
  url: string;
}

/** What an order really is, and all that becomes of it. Nobody but the simulator sees this. */
export interface Story {
  n: number;
  orderId: string;
  way: Way;
  total: Sum;
  lines: Line[];
  /** UTC ms */
  placedAt: number;
  visitor: Visitor;
  /** by time */
  facts: Fact[];
  /** the visitor stays on the thank-you page, which asks for its handout */
  stays: boolean;
  /** the provider waits for the money before it has it */
  awaited: boolean;
  /** the payment comes in parts, or not all of it */
  inParts: boolean;
}

/** Shares of all orders, and of what can follow a payment. */
const MIX = {
  renewals: 0.03,
  unpaid: 0.08,
  /** of all orders; `unfinished` of these are never paid whole */
  inParts: 0.055,
  unfinished: 0.3,
  /** of bank transfers that are paid in one: the money comes when the hold is over */
  overdue: 0.02,
  /** of the orders that were paid, in whole or part */
  refunds: 0.095,
  chargebacks: 0.025,
  cancelled: 0.036,
  /** of refunds */
  failedRefunds: 0.06,
} as const;

const WAYS: readonly [Way, number][] = [
  ['serverAndStripe', 0.28],
  ['stripeAlone', 0.12],
  ['shopify', 0.25],
  ['pageAndService', 0.2],
  ['bankTransfer', 0.15],
];
const CURRENCIES: readonly [Currency, number][] = [
  ['EUR', 0.5],
  ['USD', 0.15],
  ['JPY', 0.2],
  ['KWD', 0.15],
];

/** The `n`-th order of a month. The same seed gives the same order, whatever came before. */
export function storyOf(seed: number, n: number, month: { startsAt: number; days: number }): Story {
  const draw = chance(mixSeed(seed, n));
  const isRenewal = draw.in(MIX.renewals);
  const inParts = !isRenewal && draw.in(MIX.inParts);
  const way = isRenewal ? draw.pick(['stripeRenewal', 'shopifyRenewal'] as const) : wayOf(draw, inParts);
  const currency = weighted(draw, CURRENCIES);
  const lines = Array.from({ length: draw.between(1, 3) }, () => lineOf(draw, currency));
  const minor = lines.reduce((sum, { quantity, price }) => sum + price.minor * BigInt(quantity), 0n);
  const story: Story = {
    n,
    orderId: orderIdOf(way, n),
    way,
    total: { minor, currency },
    lines,
    placedAt: month.startsAt + draw.between(0, (month.days * DAY) / SECOND - 1) * SECOND,
    visitor: visitorOf(draw, n),
    facts: [],
    stays: draw.in(0.15),
    awaited: false,
    inParts,
  };
  story.facts.push(...lifeOf(draw, story, isRenewal).sort((a, b) => a.at - b.at));
  return story;
}

function lifeOf(draw: Chance, story: Story, isRenewal: boolean): Fact[] {
  const { n, way, total, placedAt, inParts } = story;
  const facts: Fact[] = [];
  const fact = (kind: FactKind, id: string, at: number, sum?: Sum): Fact => {
    const one: Fact = { orderId: story.orderId, kind, id, at, ...(sum ? { sum } : {}) };
    facts.push(one);
    return one;
  };
  const later = (from: number, low: number, high: number): number =>
    from + draw.between(low / SECOND, high / SECOND) * SECOND;
  const soon = (): number =>
    way === 'bankTransfer' ? later(placedAt, DAY, 5 * DAY) : later(placedAt, 20 * SECOND, 25 * MINUTE);

  if (isRenewal) {
    fact('payment', paymentId(way, n, 0), placedAt, total);
    return facts;
  }
  const isUnpaid = draw.in(MIX.unpaid / (1 - MIX.renewals)) && !inParts;
  story.awaited = isUnpaid || (inParts && way === 'shopify') || draw.in(0.08);
  if (story.awaited && way !== 'bankTransfer')
    fact('pending', `${paymentId(way, n, 0)}-pending`, later(placedAt, 0, 15 * SECOND));
  if (isUnpaid) {
    if (draw.in(0.4)) fact('cancellation', cancelId(way, story), later(placedAt, 10 * MINUTE, 5 * DAY));
    return facts;
  }

  const all = inParts ? parts(draw, total) : [total];
  const payments = inParts && draw.in(MIX.unfinished) ? all.slice(0, 1) : all;
  let paidAt = soon();
  for (const [index, sum] of payments.entries()) {
    if (index > 0) paidAt = later(paidAt, HOUR, 1.4 * DAY);
    else if (way === 'bankTransfer' && !inParts && draw.in(MIX.overdue)) paidAt = later(placedAt, 16 * DAY, 20 * DAY);
    // Money that is awaited is there later, and always after it was announced.
    else if (story.awaited && way !== 'bankTransfer') paidAt = later(placedAt, MINUTE, 2 * DAY);
    fact('payment', paymentId(way, n, index), paidAt, sum);
    if (draw.in(0.6)) fact('fee', `fee-${n}-${index}`, paidAt + SECOND, feeOf(draw, sum));
  }
  const paid = payments.reduce((sum, { minor }) => sum + minor, 0n);
  const money = (minor: bigint): Sum => ({ minor, currency: total.currency });
  const fate = draw.next();
  if (fate < MIX.refunds) {
    const back = draw.in(0.4) ? money(paid) : share(draw, money(paid));
    let at = paidAt;
    for (const [index, sum] of (draw.in(0.3) ? parts(draw, back) : [back]).entries()) {
      at = later(at, 10 * MINUTE, 9 * DAY);
      fact('refund', refundId(way, n, index), at, sum);
      // Shopify has no word for a refund that fails later.
      if (!isShopify(way) && draw.in(MIX.failedRefunds))
        fact('refundReversed', refundId(way, n, index), later(at, DAY, 6 * DAY), sum);
    }
  } else if (fate < MIX.refunds + MIX.chargebacks)
    disputed(draw, story, money(paid), later(paidAt, 3 * DAY, 16 * DAY), fact);
  else if (fate < MIX.refunds + MIX.chargebacks + MIX.cancelled) {
    const at = draw.in(0.4) ? later(paidAt, SECOND, 5 * SECOND) : later(paidAt, 10 * MINUTE, 6 * DAY);
    fact('cancellation', cancelId(way, story), at);
    if (draw.in(0.5)) fact('refund', refundId(way, n, 0), later(at, MINUTE, 4 * DAY), money(paid));
  }
  return facts;
}

/** Stripe takes it in the currency that it pays out. */
const DISPUTE_FEE: Sum = { minor: 2000n, currency: 'EUR' };

/** A chargeback, with the dispute about it where the provider tells one, and its end where there is one yet. */
function disputed(
  draw: Chance,
  { n, way }: Story,
  sum: Sum,
  at: number,
  fact: (kind: FactKind, id: string, at: number, sum?: Sum) => void,
): void {
  const id = disputeId(way, n);
  const isBare = way === 'bankTransfer' || (way === 'pageAndService' && draw.in(0.3));
  if (!isBare) fact('dispute', id, at);
  fact('chargeback', `${id}-taken`, at + SECOND, sum);
  const isStripe = way === 'serverAndStripe' || way === 'stripeAlone';
  if (isStripe) fact('fee', `${id}-fee`, at + SECOND, DISPUTE_FEE);
  const endsAt = at + draw.between(1, 7) * DAY;
  const end = draw.next();
  if (end < 0.4) {
    if (!isBare) fact('disputeWon', `${id}-won`, endsAt);
    fact('chargebackReversed', `${id}-returned`, endsAt + SECOND, sum);
    if (isStripe && draw.in(0.5)) fact('feeReturned', `${id}-fee`, endsAt + SECOND, DISPUTE_FEE);
  } else if (end < 0.8 && !isBare) fact('disputeLost', `${id}-lost`, endsAt);
}

/** Two sums that come to the whole; one where it can't be parted. */
function parts(draw: Chance, whole: Sum): Sum[] {
  const first = share(draw, whole);
  const rest = { minor: whole.minor - first.minor, currency: whole.currency };
  return rest.minor > 0n ? [first, rest] : [first];
}

/** Some of it, and at least one unit that Stripe can charge: its dinars have two digits. */
function share(draw: Chance, { minor, currency }: Sum): Sum {
  const unit = unitOf(currency);
  const some = (minor * BigInt(draw.between(15, 80))) / 100n / unit;
  return { minor: (some > 0n ? some : 1n) * unit, currency };
}

function feeOf(draw: Chance, { minor, currency }: Sum): Sum {
  return { minor: (minor * BigInt(draw.between(14, 39))) / 1000n + 1n, currency };
}

function lineOf(draw: Chance, currency: Currency): Line {
  const [low, high] = { EUR: [300, 12_000], USD: [300, 12_000], JPY: [300, 18_000], KWD: [100, 4_000] }[currency] as [
    number,
    number,
  ];
  return {
    product: `SKU-${draw.between(1, 400)}`,
    quantity: draw.pick([1, 1, 1, 2, 3]),
    price: { minor: BigInt(draw.between(low, high)) * unitOf(currency), currency },
  };
}

const unitOf = (currency: Currency): bigint => (currency === 'KWD' ? 10n : 1n);

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function visitorOf(draw: Chance, n: number): Visitor {
  return {
    visitor: draw.text(32, '0123456789abcdef'),
    session: draw.text(32, '0123456789abcdef'),
    ttp: draw.text(27, LETTERS),
    ttclid: `E.C.P.${draw.text(24, LETTERS)}`,
    userAgent: userAgent(draw, true),
    ip: `203.0.113.${n % 254}`,
    url: 'https://shop.example/checkout',
  };
}

/** Stripe alone tells no order in parts: a deposit would be its whole total. */
function wayOf(draw: Chance, inParts: boolean): Way {
  const way = weighted(draw, WAYS);
  return inParts && way === 'stripeAlone' ? 'serverAndStripe' : way;
}

function weighted<T>(draw: Chance, from: readonly [T, number][]): T {
  let left = draw.next();
  for (const [one, share] of from) {
    left -= share;
    if (left < 0) return one;
  }
  return (from[0] as [T, number])[0];
}

const isShopify = (way: Way): boolean => way === 'shopify' || way === 'shopifyRenewal';

function orderIdOf(way: Way, n: number): string {
  if (isShopify(way)) return String(6_120_000_000_000 + n);
  return way === 'stripeRenewal' ? `in_renewal${n}` : `M-${100_000 + n}`;
}

function paymentId(way: Way, n: number, index: number): string {
  if (isShopify(way)) return String(7_400_000_000_000 + 10 * n + index);
  if (way === 'stripeRenewal') return `in_renewal${n}`;
  return way === 'serverAndStripe' || way === 'stripeAlone' ? `pi_month${n}x${index}` : `pay_${n}_${index}`;
}

function refundId(way: Way, n: number, index: number): string {
  return isShopify(way) ? String(7_400_000_000_000 + 10 * n + 5 + index) : `re_${n}_${index}`;
}

const disputeId = (way: Way, n: number): string => (isShopify(way) ? String(598_000_000 + n) : `du_${n}`);

const cancelId = (way: Way, { orderId }: Story): string => (way === 'bankTransfer' ? `void-${orderId}` : orderId);
