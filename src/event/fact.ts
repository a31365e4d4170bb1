import type { Origin, Source } from './event.ts';

/**
 * Facts as reports and attribution read them: flat, one row each, derived from the ledger's rows. Drafts are never among
 * them. Times are UTC ms, money is whole minor units beside its currency, and what is not known is null.
 */

/** Contact with an ad, from the strongest kind to the weakest. A visit from another channel is a click on that channel. */
export const TOUCH_KINDS = ['click', 'engagedView', 'view'] as const;
export type TouchKind = (typeof TOUCH_KINDS)[number];

/** Where a touch was seen: our redirect, a page that the visitor landed on, our picture in the ad, or an import. */
export type TouchSource = 'redirect' | 'landing' | 'picture' | 'import';

/** One live event. The key is `seq`. */
export interface EventFact {
  /** journal sequence of its first observation */
  seq: number;
  name: string;
  occurredAt: number;
  receivedAt: number;
  source: Source;
  origin: Origin;
  visitor: string | null;
  session: string | null;
  orderId: string | null;
  leadId: string | null;
  minor: bigint | null;
  currency: string | null;
  /** the first content's id, and how many contents there are */
  contentId: string | null;
  contents: number;
  /** host and path of the page, without its parameters */
  page: string | null;
  /** the door that told it first */
  door: string;
  bot: boolean;
  specVersion: number;
  /** of an order's event, which may change hands: the touches and links that it told of when it was last read, as `showsText` writes them; null of any other */
  shows: string | null;
}

/** What the business counts: a live event that the spec names as a conversion. The key is `conversion`. */
export interface ConversionFact {
  /** sequence of its event */
  conversion: number;
  name: string;
  occurredAt: number;
  /** who did it; `~<sequence>` where nobody knows, so that an identifier may still tell */
  visitor: string;
  shop: string | null;
  orderId: string | null;
  leadId: string | null;
  /** is it counted: its confirmation rule is met, or it has none */
  confirmed: boolean;
  /** what the marketing book counts; 0 where it has no value */
  minor: bigint;
  /** what is left of it in the cash book: of an order its net, of anything else the same as `minor` */
  net: bigint;
  /** empty where there is no money */
  currency: string;
  specVersion: number;
}

/** What an ad, or another channel's link, says of itself. Ids and names stand as they were told. */
export interface Creative {
  /** such as `tiktok / paid`, `google / cpc`, `newsletter / email`, `blog.example / referral` */
  channel: string;
  campaignId: string | null;
  campaign: string | null;
  adgroupId: string | null;
  adgroup: string | null;
  adId: string | null;
  ad: string | null;
  placement: string | null;
}

/** One contact with an ad or a link. All sightings with the same `key` are one touch. */
export interface TouchFact extends Creative {
  /** the smallest sequence of its sightings */
  touch: number;
  /** `click:<hash of the ttclid>`, else what else makes two sightings the same contact */
  key: string;
  /** of its earliest sighting */
  occurredAt: number;
  kind: TouchKind;
  source: TouchSource;
  /** of its first sighting that knew one; `~<sequence>` where none did */
  visitor: string;
  ttclid: string | null;
  /** host that the visitor came from, if it is not ours */
  referrer: string | null;
  /** how many fields of `Creative` its deciding sighting knew: that with most, then that of the smallest sequence */
  known: number;
  /** sequence of the deciding sighting, and of the one that named the visitor (0: none) */
  decidedBy: number;
  visitorBy: number;
}

/** What two visitors may have in common. An address and a browser are never among them: whole offices share those. */
export type IdentifierKind = 'ttclid' | 'external_id' | 'email' | 'phone' | 'order' | 'lead';

/** A visitor came with an identifier. The key is (visitor, kind, value); contacts are hashes. */
export interface LinkFact {
  visitor: string;
  kind: IdentifierKind;
  value: string;
  /** UTC ms of the first record that shows it */
  firstAt: number;
  /** UTC ms of the beginning of the last day, UTC, on which a record showed it */
  lastAt: number;
  /** sequence of the first record: the evidence */
  seq: number;
}

/** An order as the books have it. The key is (shop, orderId). */
export interface OrderFact {
  shop: string;
  orderId: string;
  status: string;
  /** sequence of its Purchase event */
  event: number | null;
  createdAt: number | null;
  confirmedAt: number | null;
  visitor: string | null;
  currency: string | null;
  total: bigint | null;
  net: bigint | null;
}

/** One fact of an order's life. The key is (shop, orderId, reference). */
export interface EntryFact {
  shop: string;
  orderId: string;
  reference: string;
  kind: string;
  provider: string | null;
  occurredAt: number;
  minor: bigint | null;
  currency: string | null;
}

/** A lead. The key is `leadId`. */
export interface LeadFact {
  leadId: string;
  status: string;
  createdAt: number;
  changedAt: number;
  visitor: string | null;
  minor: bigint | null;
  currency: string | null;
  steps: number;
}

/** What became of one event at one destination by one leg. The key is (event, destination, leg). */
export interface DispatchFact {
  event: number;
  destination: string;
  leg: string;
  state: string;
  why: string;
}

/** One row of an Ads Manager report: an aggregate, never a person. The key is (level, id, day, basis). */
export interface AdReportFact {
  /** `YYYY-MM-DD` in the ad account's time zone */
  day: string;
  level: 'campaign' | 'adgroup' | 'ad';
  id: string;
  name: string | null;
  campaignId: string | null;
  adgroupId: string | null;
  basis: 'impression' | 'conversion';
  timezone: string | null;
  currency: string;
  spend: bigint;
  impressions: number;
  clicks: number;
  conversions: number;
  minor: bigint | null;
  clickConversions: number | null;
  engagedViewConversions: number | null;
  viewConversions: number | null;
  pulledAt: number;
}
