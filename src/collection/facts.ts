import type { Static } from 'typebox';
import { looksLikeContact } from '../contacts/scrub.ts';
import type { JsonObject, Personal } from '../event/event.ts';
import { exponentOf } from '../event/money.ts';
import { MOVES_MONEY } from '../event/order.ts';
import type { Parsed, Problem } from '../event/problem.ts';
import type { ToldPayment } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { cleanId } from '../tiktok/text.ts';
import { entry, entryBatch, factBatch, parser } from './schemas.ts';
import { eventRecord, type Receipt, type sitesOf } from './tell.ts';
import { isUsableAmount, isUsableId } from './usable.ts';

const readOne = parser(entry);
const readBatch = parser(entryBatch);
const readFacts = parser(factBatch);

type Entry = Static<typeof entry>;
type Sites = ReturnType<typeof sitesOf>;
/** What the door knows of a request beside its body. */
type Facts = Omit<Receipt, 'door'> & { draft?: boolean };

/** What became of one order, told by its shop: one entry, or {"entries": […]}. All are taken, or none. */
export function entryRecords(orderId: string, body: unknown, facts: Facts, sites: Sites): Parsed<NewRecord[]> {
  const isBatch = typeof body === 'object' && body !== null && 'entries' in body;
  const parsed = isBatch ? readBatch(body) : readOne(body);
  if (!parsed.ok) return parsed;
  const entries = isBatch ? (parsed.value as Static<typeof entryBatch>).entries : [parsed.value as Entry];
  const receipt = { ...facts, door: 'server' } as const;
  const told = entries.map((one) => toldBy(one, orderId, receipt, sites));
  return records(told, receipt, (index) => (isBatch ? `entries.${index}.` : ''));
}

/** What became of any orders, at any past time: {"facts": [{"order_id": …, …}]}. All are taken, or none. */
export function factRecords(body: unknown, facts: Facts, sites: Sites): Parsed<NewRecord[]> {
  const parsed = readFacts(body);
  if (!parsed.ok) return parsed;
  const receipt = { ...facts, door: 'import' } as const;
  const told = parsed.value.facts.map((one) => toldBy(one, one.order_id, receipt, sites));
  return records(told, receipt, (index) => `facts.${index}.`);
}

/** What a provider tells of orders; of the payer it tells nothing. */
export function providerRecords(facts: readonly ToldPayment[], receipt: Receipt, draft: boolean): Parsed<NewRecord[]> {
  const told = facts.map((fact) => ({ fact, personal: null }));
  return records(told, { ...receipt, draft }, (index) => `facts.${index}.`);
}

interface Told {
  fact: ToldPayment;
  personal: Personal | null;
}

function records(
  told: readonly Told[],
  { door, keyId, receivedAt, draft }: Receipt & { draft?: boolean },
  at: (index: number) => string,
): Parsed<NewRecord[]> {
  const problems: Problem[] = [];
  const kept = told.map(({ fact, personal }, index): NewRecord => {
    for (const problem of problemsOf(fact)) problems.push({ ...problem, where: at(index) + problem.where });
    const body: ToldPayment = draft ? { ...fact, draft } : fact;
    return { kind: 'payment', door, keyId, receivedAt, body: body as unknown as JsonObject, personal };
  });
  return problems.length > 0 ? { ok: false, problems: problems.slice(0, PROBLEMS_MAX) } : { ok: true, value: kept };
}

/** Named one by one: the schema lets fields through that it does not know. */
function toldBy(
  told: Entry,
  orderId: string | number | undefined,
  receipt: Receipt & { door: 'server' | 'import' },
  sites: Sites,
): Told {
  const { fact, reference, payment, amount, currency, time, user, origin, draft } = told;
  return {
    fact: {
      provider: receipt.door,
      // A payment by itself brings no order along, so only what became of one can be told without.
      ...(orderId === undefined && payment !== undefined && fact !== undefined && fact !== 'payment'
        ? { order_id: cleanId(payment.slice(payment.indexOf(':') + 1)), by_payment: true as const }
        : { order_id: cleanId(String(orderId ?? '')) }),
      ...(payment === undefined ? {} : { payment: cleanId(payment) }),
      reference: cleanId(String(reference)),
      ...(fact === undefined ? {} : { fact }),
      ...(amount === undefined ? {} : { amount: String(amount).trim() }),
      ...(currency === undefined ? {} : { currency: currency.trim().toUpperCase() }),
      ...(time === undefined ? {} : { time }),
      ...(origin === 'system' ? { origin } : {}),
      ...(draft === true ? { draft } : {}),
    },
    // A payer is hashed as the buyer of a sale is.
    personal: user ? eventRecord({ event: 'Purchase', source: 'offline', user }, receipt, sites).personal : null,
  };
}

const PROBLEMS_MAX = 20;

function problemsOf({
  fact = 'payment',
  order_id,
  payment,
  reference,
  amount,
  currency,
  time,
}: ToldPayment): Problem[] {
  const problems: Problem[] = [];
  const complain = (where: string, what: string, fix: string): void =>
    void problems.push({ where, what, fix, code: 'body_shape' });
  if (!isUsableId(order_id))
    complain('order_id', NO_ID, 'send the shop’s own number of the order, or of what became of one its payment');
  if (payment !== undefined && !isUsableId(payment.slice(payment.indexOf(':') + 1)))
    complain('payment', NO_ID, 'send the provider and its own id of the payment, such as stripe:pi_3Sa1Vt');
  if (!isUsableId(reference)) complain('reference', NO_ID, 'send the source’s own id of this fact');
  if (typeof time === 'string' && looksLikeContact(time))
    complain('time', 'is no time', 'send ISO 8601 or Unix seconds');
  if (!MOVES_MONEY[fact]) {
    for (const [name, value] of Object.entries({ amount, currency }))
      if (value !== undefined) complain(name, `does not go with a ${fact}, which moves no money`, 'leave it out');
    return problems;
  }
  if (amount === undefined) complain('amount', 'is missing', `say how much the ${fact} was, such as "59.90"`);
  else if (!isUsableAmount(amount))
    complain('amount', 'is no sum of money, zero or more', 'send major units with a point, such as "59.90"; no minus');
  if (currency === undefined) complain('currency', 'is missing', 'send the ISO 4217 code, such as EUR');
  else if (exponentOf(currency) === undefined)
    complain('currency', 'is no currency that has minor units', 'send the ISO 4217 code, such as EUR');
  return problems;
}

const NO_ID = 'is blank, too long, or an e-mail address or phone number';
