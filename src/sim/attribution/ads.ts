import type { JsonObject } from '../../event/event.ts';
import type { Chance } from '../world/random.ts';

/** Where a visit comes from: parameters of the address, the click's id, and the page before. */
export interface Way {
  parameters: JsonObject;
  ttclid?: string;
  referrer?: string;
}

/** Campaign, ad group and ad of TikTok's, as its macros write them. */
export function adParameters(chance: Chance): JsonObject {
  const campaign = chance.between(1, 4);
  const adGroup = campaign * 10 + chance.between(1, 2);
  const ad = adGroup * 10 + chance.between(1, 3);
  return {
    ...{ utm_source: 'tiktok', utm_medium: 'paid_social', utm_campaign: `Campaign ${campaign}` },
    ...{ utm_id: `18412000000001${campaign}0`, tt_adgroup: `184120000000${adGroup}00`, tt_ad: `18412000000${ad}00` },
  };
}

/** The same ad as a partner's import names it. */
export function importedAd(parameters: JsonObject): JsonObject {
  return {
    ...{ campaign_id: parameters['utm_id'] ?? '', campaign_name: parameters['utm_campaign'] ?? '' },
    ...{ adgroup_id: parameters['tt_adgroup'] ?? '', ad_id: parameters['tt_ad'] ?? '' },
  };
}

export function adWay(chance: Chance): Way {
  return { parameters: adParameters(chance), ttclid: `E.C.P.${chance.text(24, LETTERS)}` };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A newsletter, a search, a friend's page. */
export function otherWay(chance: Chance): Way {
  return chance.pick<Way>([
    { parameters: { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: `Week ${chance.between(40, 46)}` } },
    {
      parameters: { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'Brand' },
      referrer: 'https://www.google.com/',
    },
    { parameters: {}, referrer: 'https://www.google.com/' },
    { parameters: {}, referrer: 'https://l.instagram.com/' },
    { parameters: {}, referrer: 'https://blog.example/best-cups' },
  ]);
}
