import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/event/event.ts';
import type { Chance } from '../../src/sim/world/random.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import type { NewRecord } from '../../src/store/journal.ts';

/** The part of a tracking spec that differs from seed to seed. */
export interface Variant {
  consent: 'required' | 'none';
  confirm: 'none' | 'server' | 'webhook';
  confirmAt: 'paidInFull' | 'firstPayment';
  timeOf: 'act' | 'confirmed';
  guarded: boolean;
  delay: '0s' | '5s' | '60s';
  /** one to three; those without `crm` have no place for leads */
  destinations: { id: DestinationId; eventNames: 'current' | 'legacy'; crm: boolean }[];
}

export type DestinationId = 'main' | 'north' | 'west';
const ALL: readonly DestinationId[] = ['main', 'north', 'west'];

interface Account {
  pixel: string;
  token: string;
  crmEventSet: string;
}

/** What a destination is at TikTok, whatever a spec says of it. */
export const ACCOUNTS: Readonly<Record<DestinationId, Account>> = {
  main: { pixel: 'CD9079RC77U0N3GBV160', token: 'token-main', crmEventSet: '7300000000000000010' },
  north: { pixel: 'CD9079RC77U0N3GBV161', token: 'token-north', crmEventSet: '7300000000000000011' },
  west: { pixel: 'CD9079RC77U0N3GBV162', token: 'token-west', crmEventSet: '7300000000000000012' },
};

export function variantOf(luck: Chance): Variant {
  const confirm = luck.pick(['none', 'server', 'webhook', 'webhook'] as const);
  const sent = ALL.slice(0, luck.pick([1, 1, 2, 2, 3]));
  return {
    consent: luck.pick(['required', 'none']),
    confirm,
    confirmAt: luck.pick(['paidInFull', 'paidInFull', 'firstPayment']),
    timeOf: confirm !== 'none' && luck.in(0.2) ? 'confirmed' : 'act',
    guarded: confirm !== 'none' || luck.in(0.6),
    delay: luck.pick(['0s', '5s', '60s']),
    destinations: sent.map((id) => ({ id, eventNames: luck.in(0.3) ? 'legacy' : 'current', crm: luck.in(0.8) })),
  };
}

/** The next spec of the same business: other names, another delay, another set of destinations. */
export function changed(variant: Variant, luck: Chance): Variant {
  const ids = luck.in(0.5) ? variant.destinations.map(({ id }) => id) : ALL.slice(0, luck.between(1, 3));
  return {
    ...variant,
    delay: luck.pick(['0s', '5s', '60s']),
    destinations: ids.map((id) => ({ id, eventNames: luck.in(0.4) ? 'legacy' : 'current', crm: luck.in(0.9) })),
  };
}

/** The variant as a tracking file. */
export function specText(variant: Variant): string {
  const list = variant.destinations.map(({ id, eventNames, crm }) => {
    const { pixel, crmEventSet } = ACCOUNTS[id];
    const set = crm ? `, crmEventSet: "${crmEventSet}"` : '';
    return `  - { id: ${id}, pixel: ${pixel}, token: env:TOKEN, eventNames: ${eventNames}${set} }\n`;
  });
  return DEFAULT_TRACKING_YAML.replace(/^destinations:\n(?: .*\n)+/m, `destinations:\n${list.join('')}`)
    .replace('mode: required', `mode: ${variant.consent}`)
    .replace('guarded: true', `guarded: ${variant.guarded}`)
    .replace('confirm: webhook', `confirm: ${variant.confirm}`)
    .replace('confirmAt: paidInFull', `confirmAt: ${variant.confirmAt}`)
    .replace('timeOf: act', `timeOf: ${variant.timeOf}`)
    .replace('delay: 5s', `delay: ${variant.delay}`);
}

/** The record that makes a variant active. */
export function activation(variant: Variant, receivedAt: number): NewRecord {
  const text = specText(variant);
  const hash = createHash('sha256').update(text).digest('hex');
  const body: JsonObject = { text, rates: null, hash };
  return { kind: 'spec', door: 'spec', keyId: '', receivedAt, body, personal: null };
}
