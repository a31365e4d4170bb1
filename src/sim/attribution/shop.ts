import type { Chance } from '../world/random.ts';
import type { Device } from './people.ts';
import type { Setting } from './setting.ts';

export const DAY = 86_400_000;

/** What everybody of one world shares. */
export interface Shop {
  setting: Setting;
  chance: Chance;
  tablet: Device;
  /** the shop's own e-mail address, and whose orders it went along with */
  address: string;
  addressed: Set<string>;
  orders: number;
}

/** From something that happened until we hear of it, ms. */
export function lateness({ chance, setting }: Pick<Shop, 'chance' | 'setting'>): number {
  return chance.in(setting.late) ? chance.between(DAY, 10 * DAY) : chance.between(1000, 3_600_000);
}
