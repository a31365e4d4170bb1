/** What a world is like. Shares are from 0 to 1. */
export interface Setting {
  name: string;
  people: number;
  /** devices of one person, at most */
  devices: number;
  /** a device's cookies are cleared before a visit */
  cleared: number;
  /** visits in which the visitor says who they are */
  known: number;
  /** people who share one device with another */
  family: number;
  /** visits that happen at a tablet in the shop */
  tablet: number;
  /** visitors whose orders carry the shop's own e-mail address in place of theirs; the spec ties up to 10 */
  shopAddress: number;
  /** views and engaged views of a person, at most, as a partner's import tells them */
  views: number;
  /** imports and payments that come days late */
  late: number;
  /** visits that come from another channel, and those that nothing led to */
  others: number;
  direct: number;
  /** orders that somebody else than a page tells */
  hooked: number;
}

const USUAL: Setting = {
  name: 'usual',
  people: 60,
  devices: 2,
  cleared: 0.05,
  known: 0.3,
  family: 0,
  tablet: 0,
  shopAddress: 0,
  views: 2,
  late: 0.1,
  others: 0.2,
  direct: 0.3,
  hooked: 0.2,
};

const SETTINGS: readonly Setting[] = [
  USUAL,
  { ...USUAL, name: 'several devices', devices: 4, known: 0.6 },
  { ...USUAL, name: 'several devices, rarely known', devices: 4, known: 0.1 },
  { ...USUAL, name: 'cleared cookies', cleared: 0.6, known: 0.4 },
  { ...USUAL, name: 'shared devices', family: 0.5, tablet: 0.1 },
  { ...USUAL, name: 'shop’s address on 10 visitors', shopAddress: 10 },
  { ...USUAL, name: 'shop’s address on 11 visitors', shopAddress: 11 },
  { ...USUAL, name: 'late views', views: 8, late: 0.8, known: 0.5 },
  { ...USUAL, name: 'other channels', others: 0.6, direct: 0.15 },
  { ...USUAL, name: 'orders by webhook', hooked: 0.9 },
  {
    ...USUAL,
    ...{ name: 'all at once', people: 90, devices: 4, cleared: 0.3, known: 0.4, family: 0.2, tablet: 0.05 },
    ...{ shopAddress: 14, views: 6, late: 0.5, others: 0.3, hooked: 0.5 },
  },
];

/** The settings take turns, so that each has its seeds. */
export function settingOf(seed: number): Setting {
  return SETTINGS[seed % SETTINGS.length] as Setting;
}
