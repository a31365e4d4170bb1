import type { LeadAnswer, LeadsAnswer, OrderAnswer, OrdersAnswer } from '../../src/api/books.ts';
import type { FactKind, OrderStatus } from '../../src/event/order.ts';

/** 22 November 2026, 13:03:22.120 UTC. */
const AT = Date.UTC(2026, 10, 22, 13, 3, 22, 120);
const MINUTE = 60_000;

const stand = { asOf: AT + 4000, specVersion: 7, timezone: 'Europe/Berlin' };
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const jpy = (amount: string) => ({ amount, currency: 'JPY' });
const kwd = (amount: string) => ({ amount, currency: 'KWD' });

function fact(
  kind: FactKind,
  amount: OrderAnswer['net'],
  at: number,
  part: object = {},
): OrderAnswer['entries'][number] {
  const seq = 800 + at;
  return {
    ...{ reference: `pi_3NqX0wLkdIwHu7ix${seq}`, fact: kind, amount, provider: 'stripe' },
    ...{ occurredAt: AT + at * MINUTE, seq, ...part },
  };
}

const sent: OrderAnswer['legs'] = [
  { destination: 'main', leg: 'api', state: 'delivered', why: 'accepted' },
  { destination: 'main', leg: 'pixel', state: 'unknown', why: 'fired_by_page' },
];
const kept: OrderAnswer['legs'] = sent.map((leg) => ({ ...leg, state: 'withheld', why: 'order_cancelled' }));

/** An order that was paid, refunded in part, charged back and given back, with a fee in between. */
export const busyOrder: OrderAnswer = {
  order_id: '10045',
  shop: 'demo',
  status: 'partlyRefunded',
  createdAt: AT,
  createdBy: 'server',
  confirmedAt: AT + MINUTE,
  origin: 'visitor',
  total: eur('1259.90'),
  net: eur('1034.15'),
  otherNets: [{ amount: '10.00', currency: 'USD' }],
  visitor: 'v-7f3a9c01e2b4812',
  lostSession: {
    ...{ says: 'the session was lost between shop.example and stripe’s webhook, which named no visitor' },
    ...{ from: 'shop.example', to: 'stripe', how: 'noVisitor', seq: 812, at: AT + MINUTE },
  },
  legs: sent,
  entries: [
    fact('refund', eur('200.00'), 30, { reference: 're_1NqX' }),
    fact('payment', eur('1259.90'), 1),
    fact('fee', eur('25.75'), 1, { reference: 'txn_fee_1NqX', seq: 846 }),
    fact('payment', { amount: '10.00', currency: 'USD' }, 5, { provider: null }),
    fact('dispute', null, 40, { reference: 'dp_1NqX' }),
    fact('chargeback', eur('1059.90'), 41, { reference: 'dp_1NqX-out' }),
    fact('chargebackReversed', eur('1059.90'), 60, { reference: 'dp_1NqX-in' }),
    fact('disputeWon', null, 60, { reference: 'dp_1NqX-won' }),
  ],
};

const statuses: [OrderStatus, Partial<OrderAnswer>][] = [
  [
    'created',
    { total: eur('24.00'), legs: sent.map((leg) => ({ ...leg, state: 'held', why: 'awaits_confirmation' })) },
  ],
  ['paid', { total: eur('59.90'), net: eur('59.90'), entries: [fact('payment', eur('59.90'), 2)], legs: sent }],
  ['partlyPaid', { total: jpy('598000'), net: jpy('200000'), entries: [fact('payment', jpy('200000'), 3)] }],
  ['pending', { total: kwd('18.250'), entries: [fact('pending', null, 4)] }],
  ['cancelled', { total: eur('8.00'), legs: kept, entries: [fact('cancellation', null, 6)] }],
  ['refunded', { total: eur('59.90'), net: eur('0.00'), legs: sent, createdBy: 'webhook' }],
  ['disputed', { total: eur('159.90'), net: eur('159.90'), entries: [fact('payment', eur('159.90'), 7)], legs: sent }],
  ['lost', { total: eur('99.00'), net: eur('-15.00'), legs: sent }],
  ['orphan', { ...{ createdAt: null, createdBy: null, visitor: null }, net: eur('19.00'), origin: 'system' }],
];

/** Orders `from` to `to`, newest first: of every status in turn. */
export function orderRows(from: number, to: number): OrderAnswer[] {
  return Array.from({ length: to - from + 1 }, (_, index): OrderAnswer => {
    const [status, part] = statuses[index % statuses.length] ?? ['created', {}];
    return {
      ...{
        order_id: `100${44 - from - index}`,
        shop: 'demo',
        createdAt: AT - (from + index) * 47 * MINUTE,
        createdBy: 'server',
      },
      ...{ confirmedAt: null, origin: 'visitor', total: null, net: null, otherNets: [], entries: [], legs: [] },
      ...{ visitor: `v-7f3a9c01e2b4${index}`, lostSession: null, status, ...part },
    };
  });
}

export const orders: OrdersAnswer = {
  ...stand,
  totals: [
    { status: 'orphan', count: 2, total: null, net: null },
    { status: 'created', count: 31, total: eur('1890.00'), net: eur('0.00') },
    { status: 'pending', count: 4, total: kwd('71.500'), net: kwd('0.000') },
    { status: 'partlyPaid', count: 3, total: jpy('1794000'), net: jpy('600000') },
    { status: 'paid', count: 9412, total: eur('1184204.10'), net: eur('1161893.75') },
    { status: 'paid', count: 702, total: jpy('41980400'), net: jpy('41980400') },
    { status: 'partlyRefunded', count: 118, total: eur('14870.20'), net: eur('9911.05') },
    { status: 'refunded', count: 391, total: eur('41201.90'), net: eur('-412.00') },
    { status: 'cancelled', count: 61, total: eur('7202.10'), net: eur('0.00') },
    { status: 'disputed', count: 7, total: eur('903.00'), net: eur('0.00') },
    { status: 'lost', count: 5, total: eur('640.00'), net: eur('-75.00') },
  ],
  marks: [
    { kind: 'currency', name: 'EUR', orders: 10_027 },
    { kind: 'currency', name: 'JPY', orders: 705 },
    { kind: 'currency', name: 'KWD', orders: 4 },
    { kind: 'currency', name: 'USD', orders: 1 },
    { kind: 'provider', name: 'paypal', orders: 1 },
    { kind: 'provider', name: 'stripe', orders: 10_301 },
    { kind: 'session', name: 'lost', orders: 12 },
    { kind: 'shop', name: 'demo', orders: 10_736 },
  ],
  orders: [busyOrder, ...orderRows(0, 10)],
  next: 'MTc5NTM1MjYwMjEyMC4xMDAzNA==',
};

export const noOrders: OrdersAnswer = { ...stand, totals: [], marks: [], orders: [] };

const paths: string[][] = [
  ['new', 'qualified', 'approved'],
  ['new'],
  ['new', 'qualified'],
  ['new', 'qualified', 'rejected'],
  ['new', 'contacted'],
];
const worth: Record<string, LeadAnswer['value']> = { qualified: eur('40.00'), approved: eur('120.00') };

/** Leads, newest first: each further back by 31 hours than the one before. */
function leadRows(count: number): LeadAnswer[] {
  return Array.from({ length: count }, (_, index): LeadAnswer => {
    const path = paths[index % paths.length] ?? [];
    const createdAt = AT - index * 31 * 60 * MINUTE - 3 * 60 * MINUTE;
    const steps = path.map((status, step) => ({
      ...{ seq: 900 + 10 * index + step, status, at: createdAt + step * 55 * MINUTE },
      receivedAt: createdAt + step * 55 * MINUTE + (step === 1 ? 20 * MINUTE : 80),
      by: step === 0 ? 'browser' : 'webhook:hubspot',
      ...(status === 'rejected' ? { reversal: true as const } : {}),
      ...(status === 'rejected' || status === 'contacted'
        ? { unsent: 'no_event' }
        : { event: 900 + 10 * index + step }),
    }));
    const status = path.at(-1) ?? 'new';
    return {
      ...{ lead_id: `L-${77 - index}`, status, value: worth[status] ?? null, createdAt },
      ...{ changedAt: steps.at(-1)?.at ?? createdAt, source: index % 3 === 2 ? 'crm' : 'web' },
      ...{ visitor: index % 3 === 2 ? null : `v-19c01e2b4${index}`, steps },
      properties: { form: 'kitchen', content_ids: ['sku-1', 'sku-2'] },
    };
  });
}

export const leads: LeadsAnswer = {
  ...stand,
  ladder: [
    { status: 'new', value: null, event: 'SubmitApplication' },
    { status: 'contacted', value: null, event: null },
    { status: 'qualified', value: eur('40.00'), event: 'Lead' },
    { status: 'approved', value: eur('120.00'), event: 'ApplicationApproval' },
    { status: 'rejected', value: null, event: null },
  ],
  totals: [
    { status: 'new', count: 5104, value: null },
    { status: 'contacted', count: 1207, value: null },
    { status: 'qualified', count: 644, value: eur('25760.00') },
    { status: 'approved', count: 131, value: eur('15720.00') },
    { status: 'approved', count: 11, value: jpy('209000') },
    { status: 'rejected', count: 914, value: null },
    { status: 'archived', count: 3, value: null },
  ],
  ageingDays: [1, 3, 7, 30],
  ageing: [
    { status: 'archived', leads: [0, 0, 0, 0, 3] },
    { status: 'approved', leads: [4, 9, 21, 47, 61] },
    { status: 'contacted', leads: [31, 88, 204, 391, 493] },
    { status: 'new', leads: [120, 310, 640, 1800, 2234] },
    { status: 'qualified', leads: [12, 40, 92, 201, 299] },
    { status: 'rejected', leads: [2, 11, 40, 210, 651] },
  ],
  leads: leadRows(31),
  next: 'MTc5NTM1MjYwMjEyMC5MLTQ3',
};

export const noLeads: LeadsAnswer = {
  ...{ ...stand, ladder: leads.ladder, totals: [] },
  ...{ ageingDays: leads.ageingDays, ageing: [], leads: [] },
};

/** The same under a freeze that somebody tried to change, and that somebody has broken. */
export const frozenLeads: LeadsAnswer = {
  ...leads,
  freeze: { until: '2026-12-15', because: 'window test', what: ['attribution', 'leads.ladder', 'money'] },
  attempt: { at: AT - 3 * 60 * MINUTE, times: 2, what: 'leads.ladder.qualified: was 40.00 EUR, becomes 45.00 EUR' },
  breaks: [
    {
      ...{ version: 6, at: AT - 9 * 24 * 60 * MINUTE, because: 'the bank pays by instalments now', by: 'deploy' },
      what: ['leads.ladder.approved: was 110.00 EUR, becomes 120.00 EUR'],
    },
  ],
};
