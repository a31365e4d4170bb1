import type { MatchKeys } from '../../event/event.ts';
import type { Chance } from '../world/random.ts';
import type { Way } from './ads.ts';
import { type Device, id, type Person } from './people.ts';
import { type DoorRecord, pageRecord, redirectRecord, type Who } from './records.ts';

const SITE = 'https://shop.example';
const MEMORY_MS = 30 * 86_400_000;

/** One visit of a person at a device. */
export interface Visit {
  at: number;
  device: Device;
  person: Person;
  /** absent: they came by themselves */
  way?: Way;
  /** the click goes through the collector first */
  redirected: boolean;
  /** they say who they are */
  isKnown: boolean;
}

/** What it leaves behind, who acted as the device tells it, and when the last page was seen. */
export interface Seen {
  records: DoorRecord[];
  who: Who;
  endsAt: number;
}

/** The landing and some pages after it. The script repeats what the landing said, as its pages do. */
export function visited({ at, device, person, way, redirected, isKnown }: Visit, chance: Chance): Seen {
  const records: DoorRecord[] = [];
  const session = id(chance);
  if (redirected && way?.ttclid !== undefined)
    records.push(
      redirectRecord(id(chance), at - chance.between(200, 2000), way.ttclid, way.parameters, cookieOf(device, chance)),
    );
  remember(device, way, at);
  const memory = device.memory;
  const user: MatchKeys = memory?.ttclid === undefined ? {} : { ttclid: memory.ttclid };
  const who: Who = { visitor: device.visitor, session, user, ...(memory ? { ad: memory.ad } : {}) };
  const landing = { url: addressOf('/', way), ...(way?.referrer === undefined ? {} : { referrer: way.referrer }) };
  let page: { url: string; referrer?: string } = landing;
  let now = at;
  for (let n = chance.between(1, 4); n > 0; n--) {
    records.push(
      pageRecord(page === landing ? 'Pageview' : 'Contact', id(chance), now, { ...who, user: { ...who.user } }, page),
    );
    now += chance.between(1000, 240_000);
    page = { url: `${SITE}/product/${chance.between(1, 9)}`, referrer: page.url };
    // They sign in on the way, so that only what follows says who they are.
    if (isKnown) Object.assign(who.user, knownBy(person, chance));
  }
  if (isKnown) records.push(pageRecord('Search', id(chance), now, { ...who, user: { ...who.user } }, page));
  return { records, who, endsAt: now };
}

function cookieOf({ visitor }: Device, chance: Chance): string | undefined {
  return chance.in(0.5) ? visitor : undefined;
}

/** A new landing takes the place of what the last one said, but only a new click that of the click’s id. */
function remember(device: Device, way: Way | undefined, at: number): void {
  if (device.memory && device.memory.until <= at) delete device.memory;
  if (!way || (Object.keys(way.parameters).length === 0 && way.ttclid === undefined)) return;
  const ttclid = way.ttclid ?? device.memory?.ttclid;
  device.memory = { ad: way.parameters, until: at + MEMORY_MS, ...(ttclid === undefined ? {} : { ttclid }) };
}

function addressOf(path: string, way: Way | undefined): string {
  const query = new URLSearchParams({ ...(way?.parameters as Record<string, string> | undefined) });
  if (way?.ttclid !== undefined) query.set('ttclid', way.ttclid);
  return `${SITE}${path}${query.size > 0 ? `?${query}` : ''}`;
}

/** Some of what a person goes by. */
export function knownBy({ email, phone, externalId }: Person, chance: Chance): MatchKeys {
  const way = chance.between(1, 4);
  return {
    ...(way !== 1 ? { email: [email] } : {}),
    ...(way === 1 || way === 4 ? { external_id: [externalId] } : {}),
    ...(way === 2 ? { phone: [phone] } : {}),
  };
}
