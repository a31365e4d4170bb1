import type { FunnelAnswer, FunnelRow } from '../../src/api/attribution.ts';
import { markers } from './attribution-answers.ts';

/** 22 November 2026, 13:03:26 UTC. */
const AS_OF = Date.UTC(2026, 10, 22, 13, 3, 26);
const STEPS = ['ViewContent', 'AddToCart', 'InitiateCheckout', 'Purchase'];
const RATES = [1, 0.182, 0.44, 0.61];

/** A ladder that begins with so many visitors. */
function ladder(first: number): FunnelRow['steps'] {
  let before = 0;
  return RATES.map((share, n) => {
    const visitors = n === 0 ? first : Math.round(before * share);
    const step = {
      visitors,
      rate: n === 0 || before === 0 ? null : visitors / before,
      low: n === 0 || before === 0 ? null : Math.max(0, visitors / before - 0.031),
      high: n === 0 || before === 0 ? null : Math.min(1, visitors / before + 0.034),
      dropped: n === 0 ? null : before - visitors,
      medianMs: n === 0 || visitors === 0 ? null : n * 340_000,
    };
    before = visitors;
    return step;
  });
}

export const funnel: FunnelAnswer = {
  ...{ asOf: AS_OF, specVersion: 7, timezone: 'Europe/Berlin', from: '2026-10-24', to: '2026-11-22' },
  ...{ by: 'campaign', steps: STEPS, more: 0, markers },
  total: { key: '', name: '', channel: '', of: {}, steps: ladder(48_210) },
  rows: [
    {
      of: { channel: 'tiktok / paid', campaign: '1790210033112' },
      key: '1790210033112',
      name: 'Autumn sale DE 1',
      channel: 'tiktok / paid',
      steps: ladder(20_411),
    },
    {
      of: { channel: 'tiktok / paid', campaign: '1790210033113' },
      key: '1790210033113',
      name: 'Prospecting DE 2',
      channel: 'tiktok / paid',
      steps: ladder(9_004),
    },
    {
      of: { channel: 'newsletter / email', campaign: 'black friday' },
      key: 'black friday',
      name: 'black friday',
      channel: 'newsletter / email',
      steps: ladder(812),
    },
    { of: { channel: '', campaign: '' }, key: '', name: '', channel: '', steps: ladder(3) },
  ],
};

/** Before anybody came. */
export const noFunnel: FunnelAnswer = {
  ...funnel,
  rows: [],
  total: { ...funnel.total, steps: ladder(0) },
};
