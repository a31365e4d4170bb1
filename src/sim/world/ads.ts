import type { Chance } from './random.ts';

interface Ad {
  campaign: string;
  campaignId: string;
  adGroupId: string;
  ad: string;
  adId: string;
}

const ADS: readonly [Ad, ...Ad[]] = [
  {
    campaign: 'Slow mornings',
    campaignId: '1841200000000101',
    adGroupId: '1841200000000201',
    ad: 'Cup, steam',
    adId: '1841200000000301',
  },
  {
    campaign: 'Slow mornings',
    campaignId: '1841200000000101',
    adGroupId: '1841200000000202',
    ad: 'Kettle, pour',
    adId: '1841200000000302',
  },
  {
    campaign: 'Winter light',
    campaignId: '1841200000000102',
    adGroupId: '1841200000000203',
    ad: 'Lamp, dusk',
    adId: '1841200000000303',
  },
  {
    campaign: 'Winter light',
    campaignId: '1841200000000102',
    adGroupId: '1841200000000203',
    ad: 'Candle, 40 h',
    adId: '1841200000000304',
  },
  {
    campaign: 'Gifts under 30',
    campaignId: '1841200000000103',
    adGroupId: '1841200000000204',
    ad: 'Notebook',
    adId: '1841200000000305',
  },
];

const PLACEMENTS = ['TikTok', 'TikTok', 'TikTok', 'Pangle'] as const;
const CLICK_ID_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The landing query of an ad click: TikTok's click id, and the ad's own parameters with their macros. */
export function adClick(chance: Chance): string {
  const ad = chance.pick(ADS);
  // Advertisers do publish ads whose macros never expand; then the literal text arrives.
  const mistake = chance.pick(['', '', '', '', '', '', '', '', '', '', '', '', '', '', '__', '_'] as const);
  const macro = (name: string, value: string): string => (mistake === '' ? value : `${mistake}${name}${mistake}`);
  return new URLSearchParams({
    utm_source: 'tiktok',
    utm_medium: 'paid_social',
    utm_campaign: macro('CAMPAIGN_NAME', ad.campaign),
    utm_id: macro('CAMPAIGN_ID', ad.campaignId),
    utm_content: macro('CID_NAME', ad.ad),
    tt_adgroup: macro('AID', ad.adGroupId),
    tt_ad: macro('CID', ad.adId),
    tt_placement: macro('PLACEMENT', chance.pick(PLACEMENTS)),
    ttclid: `E.C.P.${chance.text(96, CLICK_ID_ALPHABET)}`,
  }).toString();
}
