import type { JsonObject } from '../../event/event.ts';
import type { Chance } from '../world/random.ts';
import type { Setting } from './setting.ts';

/** A browser: its cookie, and what the script keeps in it. */
export interface Device {
  visitor: string;
  /** what the last landing said, and the last click's id: the script repeats them for 30 days */
  memory?: { ad: JsonObject; ttclid?: string; until: number };
}

/** A human being. Nobody but the simulator knows who that is. */
export interface Person {
  person: string;
  devices: Device[];
  email: string;
  phone: string;
  externalId: string;
}

const HEX = '0123456789abcdef';

/** People with their devices; some share one. */
export function peopleOf(setting: Setting, chance: Chance): Person[] {
  const people = Array.from({ length: setting.people }, (_, n): Person => {
    const devices = Array.from({ length: chance.between(1, setting.devices) }, () => newDevice(chance));
    return {
      ...{ person: `person-${n}`, devices },
      ...{ email: hash(chance), phone: hash(chance), externalId: hash(chance) },
    };
  });
  for (const [n, person] of people.entries()) {
    const other = people[n + 1];
    if (other && n % 2 === 0 && chance.in(setting.family)) person.devices.push(other.devices[0] as Device);
  }
  return people;
}

export function newDevice(chance: Chance): Device {
  return { visitor: id(chance) };
}

/** The cookies are gone, and with them all that the script kept. */
export function clearDevice(device: Device, chance: Chance): void {
  device.visitor = id(chance);
  delete device.memory;
}

export function id(chance: Chance): string {
  return chance.text(32, HEX);
}

/** Stands for the SHA-256 of a contact. */
export function hash(chance: Chance): string {
  return chance.text(64, HEX);
}
