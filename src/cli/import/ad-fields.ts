import type { AdBasis, AdLevel } from '../../event/ad-report.ts';
import type { Field } from '../attribute/fields.ts';

/** What the conversions of a report are: what the ad groups optimise for, or purchases on the website. */
export type AdCounts = 'conversion' | 'purchase';

/** Names of a figure, in TikTok's reports and in its tables, by what is counted. */
type Names = Record<AdCounts, readonly string[]>;

// Plain metrics are booked to the date of the ad's contact, real-time ones to that of the conversion. The split by kind
// of contact exists for plain ones alone.
const BY_CONTACT: Readonly<Record<string, Names>> = {
  conversions: {
    conversion: ['conversion'],
    purchase: ['complete_payment', 'purchases', 'purchases_(website)', 'complete_payment_(website)'],
  },
  value: {
    conversion: ['conversion_value', 'total_conversion_value'],
    // So it is called, and it is the sum of values.
    purchase: ['total_complete_payment_rate', 'total_purchase_value', 'purchase_value', 'complete_payment_value'],
  },
  click_conversions: { conversion: ['cta_conversion'], purchase: [] },
  engaged_view_conversions: {
    conversion: ['engaged_view_through_conversions'],
    purchase: ['evta_payments_completed'],
  },
  view_conversions: { conversion: ['vta_conversion'], purchase: ['vta_complete_payment'] },
  click_value: { conversion: [], purchase: [] },
  engaged_view_value: { conversion: [], purchase: [] },
  view_value: { conversion: [], purchase: ['vta_complete_payment_value'] },
};
const BY_CONVERSION: Readonly<Record<string, Names>> = {
  conversions: { conversion: ['real_time_conversion', 'real_time_conversions'], purchase: [] },
};

/** The date that a file's conversions are booked to, by the names of its columns. */
export function basisOf(names: readonly string[], counts: AdCounts): AdBasis {
  const has = (of: Names | undefined): boolean => of?.[counts].some((name) => names.includes(name)) === true;
  return has(BY_CONVERSION['conversions']) && !has(BY_CONTACT['conversions']) && !names.includes('conversions')
    ? 'conversion'
    : 'impression';
}

const LEVEL_NAMES: Record<AdLevel, readonly string[]> = {
  campaign: ['campaign'],
  adgroup: ['ad_group_name', 'adgroup', 'ad_group'],
  ad: ['ad'],
};

/** The columns of a report, as it is to be read. */
export function adFields(how: {
  level: AdLevel;
  basis: AdBasis;
  counts: AdCounts;
  needsCurrency: boolean;
}): readonly Field[] {
  const { level, basis, counts, needsCurrency } = how;
  const figures = basis === 'impression' ? BY_CONTACT : BY_CONVERSION;
  const needed = (name: string, aliases: readonly string[], isNeeded = true): Field =>
    isNeeded ? { name, aliases, needed: true } : { name, aliases };
  return [
    needed('day', ['date', 'by_day', 'stat_time_day', 'stat_date']),
    needed('campaign_id', [], level === 'campaign'),
    needed('adgroup_id', ['ad_group_id'], level === 'adgroup'),
    needed('ad_id', [], level === 'ad'),
    { name: `${level}_name`, aliases: LEVEL_NAMES[level] },
    needed('currency', [], needsCurrency),
    { name: 'timezone', aliases: ['time_zone'] },
    needed('spend', ['cost', 'total_cost', 'amount_spent']),
    needed('impressions', ['impression']),
    needed('clicks', ['clicks_(destination)', 'clicks_(all)', 'click']),
    ...Object.keys(BY_CONTACT).map((name) => needed(name, figures[name]?.[counts] ?? [], name === 'conversions')),
  ];
}
