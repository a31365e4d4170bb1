import type { JsonObject } from '../../event/event.ts';
import type { Creative } from '../../event/fact.ts';

const CHARS_MAX = 200;
/** A macro that was mistyped arrives as its own name. */
const NOT_EXPANDED = /^_{1,2}[A-Z_]+_{1,2}$/;

/** What an ad's parameters say of it, without its channel. Ids are told as numbers, names as anything else. */
export function creativeOf(ad: JsonObject | undefined): Omit<Creative, 'channel'> {
  const [campaignId, campaign] = named(
    ad,
    ['campaign_id', 'utm_id'],
    ['campaign', 'tt_campaign'],
    ['campaign_name', 'tt_campaign_name', 'utm_campaign'],
  );
  const [adgroupId, adgroup] = named(
    ad,
    ['adgroup_id', 'tt_adgroup_id'],
    ['adgroup', 'tt_adgroup'],
    ['adgroup_name', 'tt_adgroup_name'],
  );
  const [adId, adName] = named(
    ad,
    ['ad_id', 'creative_id', 'tt_ad_id'],
    ['ad', 'creative', 'tt_ad'],
    ['ad_name', 'creative_name', 'tt_ad_name', 'utm_content'],
  );
  return {
    campaignId,
    campaign,
    adgroupId,
    adgroup,
    adId,
    ad: adName,
    placement: first(ad, ['placement', 'tt_placement']),
  };
}

/** How much is known of a creative. */
export function knownOf({
  campaignId,
  campaign,
  adgroupId,
  adgroup,
  adId,
  ad,
  placement,
}: Omit<Creative, 'channel'>): number {
  return [campaignId, campaign, adgroupId, adgroup, adId, ad, placement].filter((field) => field !== null).length;
}

/** Do the parameters speak of an ad at TikTok? Its macros, or its name as the source. */
export function isTikTok(ad: JsonObject | undefined): boolean {
  const source = sourceOf(ad);
  if (source !== null) return TIKTOK.test(source);
  return ad !== undefined && Object.keys(ad).some((name) => MACRO.test(name));
}

const TIKTOK = /^(?:tt|tik[-_ ]?tok.*)$/;
const MACRO = /^(?:tt_|(?:campaign|adgroup|ad|creative)(?:_id|_name)?$|placement$)/;
/** A link in a profile or a post is none that was paid for. */
const UNPAID = /^(?:organic|bio|profile|post)$/;

/** The channel that parameters name; null where they name none. */
export function adChannel(ad: JsonObject | undefined): string | null {
  const source = sourceOf(ad);
  const medium = first(ad, ['utm_medium'])?.toLowerCase() ?? null;
  if (isTikTok(ad)) return medium !== null && UNPAID.test(medium) ? 'tiktok / organic' : 'tiktok / paid';
  if (source === null && medium === null && first(ad, ['utm_campaign', 'utm_id']) === null) return null;
  return `${source ?? '(unknown)'} / ${medium ?? '(none)'}`;
}

/** The channel of a visit that began at another host. */
export function referrerChannel(host: string): string {
  const known = HOSTS.find(([pattern]) => pattern.test(host));
  return known ? known[1] : `${host.replace(/^www\./, '')} / referral`;
}

/** Hosts of payment and sign-in pages: who comes back from there had come before. */
export function isReturn(host: string): boolean {
  return RETURNS.test(host);
}

const HOSTS: readonly [RegExp, string][] = [
  [/^(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}$/, 'google / organic'],
  [/(?:^|\.)bing\.com$/, 'bing / organic'],
  [/(?:^|\.)duckduckgo\.com$/, 'duckduckgo / organic'],
  [/(?:^|\.)search\.yahoo\.(?:com|co\.jp)$/, 'yahoo / organic'],
  [/(?:^|\.)ecosia\.org$/, 'ecosia / organic'],
  [/(?:^|\.)qwant\.com$/, 'qwant / organic'],
  [/(?:^|\.)startpage\.com$/, 'startpage / organic'],
  [/(?:^|\.)search\.brave\.com$/, 'brave / organic'],
  [/(?:^|\.)yandex\.(?:com|ru|com\.tr)$/, 'yandex / organic'],
  [/(?:^|\.)baidu\.com$/, 'baidu / organic'],
  [/(?:^|\.)(?:search\.)?naver\.com$/, 'naver / organic'],
  [/(?:^|\.)tiktok\.com$/, 'tiktok / social'],
  [/(?:^|\.)(?:facebook\.com|fb\.me)$/, 'facebook / social'],
  [/(?:^|\.)instagram\.com$/, 'instagram / social'],
  [/(?:^|\.)threads\.(?:net|com)$/, 'threads / social'],
  [/(?:^|\.)(?:youtube\.com|youtu\.be)$/, 'youtube / social'],
  [/(?:^|\.)(?:twitter\.com|x\.com|t\.co)$/, 'x / social'],
  [/(?:^|\.)(?:linkedin\.com|lnkd\.in)$/, 'linkedin / social'],
  [/(?:^|\.)(?:pinterest\.[a-z.]{2,6}|pin\.it)$/, 'pinterest / social'],
  [/(?:^|\.)reddit\.com$/, 'reddit / social'],
  [/(?:^|\.)snapchat\.com$/, 'snapchat / social'],
  [/(?:^|\.)vk\.com$/, 'vk / social'],
];

const RETURNS =
  /(?:^|\.)(?:paypal\.com|stripe\.com|klarna\.com|adyen\.com|mollie\.com|checkout\.com|braintreegateway\.com|squareup\.com|razorpay\.com|worldpay\.com|shop\.app|afterpay\.com|clearpay\.co\.uk|affirm\.com|sofort\.com|giropay\.de|twint\.ch|przelewy24\.pl|payu\.com|arcot\.com|cardinalcommerce\.com|pay\.google\.com|payments\.amazon\.[a-z.]{2,6}|pay\.amazon\.[a-z.]{2,6}|accounts\.google\.com|appleid\.apple\.com|login\.microsoftonline\.com)$/;

function sourceOf(ad: JsonObject | undefined): string | null {
  return first(ad, ['utm_source'])?.toLowerCase() ?? null;
}

/** The id and the name of one level; a field that may hold either counts as what it looks like. */
function named(
  ad: JsonObject | undefined,
  ids: string[],
  either: string[],
  names: string[],
): [id: string | null, name: string | null] {
  const word = first(ad, either);
  const isId = word !== null && /^\d+$/.test(word);
  return [first(ad, ids) ?? (isId ? word : null), first(ad, names) ?? (isId ? null : word)];
}

function first(ad: JsonObject | undefined, names: readonly string[]): string | null {
  if (ad === undefined) return null;
  for (const name of names) {
    const value = Object.hasOwn(ad, name) ? ad[name] : undefined;
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
    if (text !== '' && !NOT_EXPANDED.test(text)) return text.slice(0, CHARS_MAX);
  }
  return null;
}
