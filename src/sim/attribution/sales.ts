import { id, type Person } from './people.ts';
import {
  type DoorRecord,
  leadRecord,
  moneyRecord,
  orderRecord,
  pageRecord,
  type Sale,
  saleProperties,
  type Who,
} from './records.ts';
import { lateness, type Shop } from './shop.ts';
import { knownBy } from './visit.ts';

const THANKS = { url: 'https://shop.example/thanks', referrer: 'https://shop.example/checkout' };

/** An order at the end of a visit: who tells it, its payment, and now and then its refund. */
export function saleActs(person: Person, who: Who, at: number, shop: Shop): DoorRecord[] {
  const { chance: dice, setting } = shop;
  const sale: Sale = { orderId: `o-${++shop.orders}`, value: `${dice.between(5, 200)}.${dice.between(10, 99)}`, at };
  const records = dice.in(setting.hooked)
    ? toldElsewhere(sale, person, who, shop)
    : toldByShop(sale, person, who, shop);
  if (dice.in(0.08)) return records;
  const paidAt = at + lateness(shop);
  records.push(moneyRecord(sale.orderId, 'payment', sale.value, at + 1000, paidAt));
  if (dice.in(0.1)) records.push(moneyRecord(sale.orderId, 'refund', '4.50', paidAt + 5000, paidAt + lateness(shop)));
  return records;
}

/** The shop's server tells it with the visitor, and mostly the page does as well. */
function toldByShop(sale: Sale, person: Person, who: Who, shop: Shop): DoorRecord[] {
  const { chance: dice } = shop;
  // Now and then a robot orders: its order is kept, and counts once it is paid.
  const isBot = dice.in(0.03);
  const user = { ...who.user, ...contactsOf(person, isBot ? undefined : who.visitor, shop) };
  const records = [orderRecord(sale, 'server', { ...who, user }, isBot ? { bot: true } : {})];
  if (dice.in(0.8)) records.push(thanks(sale, who));
  return records;
}

/** A webhook that names nobody, or the till: the page that says thanks may join it, or an e-mail address tells who it was. */
function toldElsewhere(sale: Sale, person: Person, who: Who, shop: Shop): DoorRecord[] {
  const { chance: dice } = shop;
  const byTill = dice.in(0.4);
  const order = byTill
    ? orderRecord(sale, 'server', { user: contactsOf(person, sale.orderId, shop) })
    : orderRecord(sale, 'webhook:shopify', dice.in(0.4) ? { visitor: who.visitor } : {});
  return !byTill && dice.in(0.6) ? [order, thanks(sale, who)] : [order];
}

function thanks({ orderId, value, at }: Sale, who: Who): DoorRecord {
  return pageRecord('Purchase', `demo-${orderId}`, at + 2000, who, THANKS, saleProperties(orderId, value));
}

/** Of the buyer, unless somebody typed the shop's own address. `asked`: who gives it, each of them once; nobody where it is a robot. */
function contactsOf(person: Person, asked: string | undefined, shop: Shop): ReturnType<typeof knownBy> {
  const { chance: dice, addressed, setting } = shop;
  if (asked !== undefined && addressed.size < setting.shopAddress && !addressed.has(asked) && dice.in(0.4)) {
    addressed.add(asked);
    return { email: [shop.address] };
  }
  return dice.in(0.9) ? { email: [person.email], ...(dice.in(0.5) ? { phone: [person.phone] } : {}) } : {};
}

/** A form that is sent, and what the CRM makes of it. */
export function leadActs(person: Person, who: Who, at: number, shop: Shop): DoorRecord[] {
  const { chance: dice } = shop;
  const leadId = `l-${id(dice).slice(0, 12)}`;
  const user = { ...who.user, ...knownBy(person, dice) };
  const records = [leadRecord(leadId, 'new', at, { ...who, user })];
  if (dice.in(0.6)) records.push(leadRecord(leadId, 'qualified', at + dice.between(3_600_000, 86_400_000 * 6)));
  return records;
}
