import { type Chance, chance, mixSeed } from '../world/random.ts';
import { adParameters, adWay, importedAd, otherWay, type Way } from './ads.ts';
import { edgeActs } from './edges.ts';
import { clearDevice, hash, id, newDevice, type Person, peopleOf } from './people.ts';
import { type Act, type DoorRecord, importRecord, pictureRecord } from './records.ts';
import { leadActs, saleActs } from './sales.ts';
import { type Setting, settingOf } from './setting.ts';
import { DAY, lateness, type Shop } from './shop.ts';
import { knownBy, visited } from './visit.ts';

/** Some weeks of a shop, as its doors write them down, in the order of their receipt. */
export interface AttributionWorld {
  seed: number;
  setting: Setting;
  acts: Act[];
}

/** The clocks of Berlin go back on 25 October, in the middle of it. */
const STARTS_AT = Date.UTC(2026, 9, 1);
const DAYS = 45;

/** People who see ads, come by them or otherwise, on devices of their own and of others, and sometimes buy. */
export function attributionWorld(seed: number): AttributionWorld {
  const setting = settingOf(seed);
  const dice = chance(mixSeed(seed, 0));
  const shop: Shop = {
    ...{ setting, chance: dice, tablet: newDevice(dice), address: hash(dice) },
    ...{ addressed: new Set(), orders: 0 },
  };
  const people = peopleOf(setting, dice);
  const visits = people.flatMap((person) =>
    Array.from({ length: dice.between(1, 8) }, () => ({ person, at: someTime(dice) })),
  );
  // One after the other, whoever comes: a shared device remembers who was there before, and nobody who comes later.
  visits.sort((a, b) => a.at - b.at);
  const acts = [
    ...visits.flatMap(({ person, at }) => actsOf(person, visitOf(person, at, shop))),
    ...people.flatMap((person) => actsOf(person, viewsOf(person, shop))),
    ...edgeActs(dice, STARTS_AT),
  ];
  acts.sort((a, b) => a.record.receivedAt - b.record.receivedAt);
  return { seed, setting, acts };
}

function someTime(dice: Chance): number {
  return STARTS_AT + dice.between(0, DAYS * DAY);
}

function actsOf({ person }: Person, records: readonly DoorRecord[]): Act[] {
  return records.map((record) => (record.kind === 'payment' ? { record } : { record, person }));
}

function visitOf(person: Person, at: number, shop: Shop): DoorRecord[] {
  const { setting, chance: dice } = shop;
  const device = dice.in(setting.tablet) ? shop.tablet : pick(dice, person.devices);
  if (device !== shop.tablet && dice.in(setting.cleared)) clearDevice(device, dice);
  const way = wayOf(dice, setting);
  const redirected = dice.in(0.25);
  const isKnown = dice.in(setting.known);
  const first = visited({ at, device, person, redirected, isKnown, ...(way ? { way } : {}) }, dice);
  // An app's own browser hands the address on to the device's: the same click, and another cookie.
  const next =
    way?.ttclid !== undefined && dice.in(0.1)
      ? visited({ at: first.endsAt, device: newDevice(dice), person, redirected: false, isKnown, way }, dice)
      : undefined;
  const records = [...first.records, ...(next?.records ?? [])];
  const { who, endsAt } = next ?? first;
  if (way?.ttclid !== undefined && dice.in(0.1)) {
    // A partner tells the same click once more, from its own logs and by its own clock.
    const click = {
      id: id(dice),
      type: 'click' as const,
      at: at - dice.between(0, 5000),
      ad: importedAd(way.parameters),
    };
    records.push(importRecord({ ...click, user: { ttclid: way.ttclid } }, at + lateness(shop)));
  }
  if (dice.in(0.3)) records.push(...saleActs(person, who, endsAt + 1000, shop));
  else if (dice.in(0.15)) records.push(...leadActs(person, who, endsAt + 1000, shop));
  return records;
}

function wayOf(dice: Chance, { others, direct }: Setting): Way | undefined {
  if (dice.in(direct)) return undefined;
  return dice.in(others / (1 - direct)) ? otherWay(dice) : adWay(dice);
}

function viewsOf(person: Person, shop: Shop): DoorRecord[] {
  return Array.from({ length: shop.chance.between(0, shop.setting.views) }, () => viewOf(person, shop));
}

/** A view as a partner tells it, of somebody whom it knows, or as the picture does, of nobody. */
function viewOf(person: Person, shop: Shop): DoorRecord {
  const { chance: dice } = shop;
  const at = someTime(dice);
  const ad = adParameters(dice);
  if (dice.in(0.2)) return pictureRecord(id(dice), at, ad);
  const type = dice.pick(['view', 'view', 'engagedView'] as const);
  return importRecord({ id: id(dice), type, at, ad: importedAd(ad), user: knownBy(person, dice) }, at + lateness(shop));
}

function pick<T>(dice: Chance, from: readonly T[]): T {
  return from[dice.between(0, from.length - 1)] as T;
}
