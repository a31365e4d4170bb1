/** What a column of a mart holds. `money` is a decimal in major units, exact; `time` is UTC. */
export type MartType = 'whole' | 'real' | 'money' | 'text' | 'time' | 'date' | 'flag';

interface MartColumn {
  name: string;
  type: MartType;
  says: string;
  /** is it null where there is none? */
  nullable?: true;
}

/** A table for analysts: rows that mean something without the rest, whose columns stay as they are documented. */
export interface Mart {
  /** without `mart_`, as `assay export` calls it */
  name: 'conversions' | 'touches' | 'marketing';
  says: string;
  columns: readonly MartColumn[];
}

const CHANNEL: MartColumn = {
  name: 'channel',
  type: 'text',
  says: 'where from, such as `tiktok / paid` or `google / organic`',
};

const AD: readonly MartColumn[] = [
  { name: 'campaign_id', type: 'text', says: 'as the ad’s link told it', nullable: true },
  { name: 'campaign', type: 'text', says: 'its name', nullable: true },
  { name: 'adgroup_id', type: 'text', says: 'as the ad’s link told it', nullable: true },
  { name: 'adgroup', type: 'text', says: 'its name', nullable: true },
  { name: 'ad_id', type: 'text', says: 'as the ad’s link told it', nullable: true },
  { name: 'ad', type: 'text', says: 'its name', nullable: true },
];

const PERSON: readonly MartColumn[] = [
  { name: 'visitor', type: 'text', says: 'visitor id; `~` and a number where none was told' },
  { name: 'person', type: 'text', says: 'the smallest visitor id of all that are one person' },
];

const DAY: MartColumn = { name: 'day', type: 'date', says: 'in the time zone of the standing statement' };

/** A file is passed on without what it came from: so each row says what it was computed under. */
const RULES: readonly MartColumn[] = [
  {
    name: 'model',
    type: 'text',
    says: 'of the standing statement, such as `last`; these are its rules',
    nullable: true,
  },
  { name: 'click_window', type: 'text', says: 'such as `7d`, or `off`', nullable: true },
  { name: 'engaged_view_window', type: 'text', says: 'such as `1d`, or `off`', nullable: true },
  { name: 'view_window', type: 'text', says: 'such as `1d`, or `off`', nullable: true },
  { name: 'count', type: 'text', says: 'is a conversion counted `every` time or `once`', nullable: true },
  { name: 'spec_version', type: 'whole', says: 'of the tracking spec that says so', nullable: true },
  { name: 'timezone', type: 'text', says: 'whose days they are', nullable: true },
  { name: 'as_of', type: 'time', says: 'when the newest record came in that was counted', nullable: true },
];

export const MARTS: readonly Mart[] = [
  {
    name: 'conversions',
    says: 'One row for each conversion, with what earned it under the standing statement. Where a model shares it among touches, the touch is the one with the largest share, the latest of those.',
    columns: [
      { name: 'conversion', type: 'whole', says: 'journal sequence of its event; the key' },
      { name: 'name', type: 'text', says: 'of the event, such as `Purchase`' },
      { name: 'occurred_at', type: 'time', says: 'when it happened' },
      DAY,
      { name: 'shop', type: 'text', says: 'the business that the order was placed at', nullable: true },
      { name: 'order_id', type: 'text', says: 'the shop’s number', nullable: true },
      { name: 'lead_id', type: 'text', says: 'the lead’s id', nullable: true },
      ...PERSON,
      { name: 'confirmed', type: 'flag', says: 'is it counted? What waits for its payment is not' },
      { name: 'currency', type: 'text', says: 'of value and net', nullable: true },
      { name: 'value', type: 'money', says: 'what the marketing book counts' },
      { name: 'net', type: 'money', says: 'what is left of it in the cash book, after refunds and chargebacks' },
      { name: 'kind', type: 'text', says: '`click`, `engagedView` or `view`: what earned it', nullable: true },
      { name: 'share', type: 'real', says: 'the touch’s share, 1 where it earned all', nullable: true },
      {
        name: 'why',
        type: 'text',
        says: 'why nothing earned it: `no_touch`, `outside_windows`, `counted_once`',
        nullable: true,
      },
      { name: 'touch', type: 'whole', says: 'key of the touch in mart_touches', nullable: true },
      { name: 'touched_at', type: 'time', says: 'when the touch was', nullable: true },
      { ...CHANNEL, nullable: true },
      ...AD,
      {
        name: 'dispatches',
        type: 'text',
        says: 'what became of each copy for TikTok: `main api delivered; main pixel withheld`',
        nullable: true,
      },
      { name: 'delivered', type: 'flag', says: 'did TikTok take any copy?' },
      ...RULES,
    ],
  },
  {
    name: 'touches',
    says: 'One row for each touch: a click, a watched or a seen ad, a visit from another channel; with what it earned under the standing statement.',
    columns: [
      { name: 'touch', type: 'whole', says: 'the smallest journal sequence that shows it; the key' },
      { name: 'kind', type: 'text', says: '`click`, `engagedView` or `view`' },
      { name: 'occurred_at', type: 'time', says: 'when it was' },
      DAY,
      { name: 'source', type: 'text', says: 'who saw it: `redirect`, `landing`, `picture` or `import`' },
      ...PERSON,
      CHANNEL,
      ...AD,
      { name: 'placement', type: 'text', says: 'where the ad was shown', nullable: true },
      { name: 'referrer', type: 'text', says: 'host that the visitor came from, if it is not yours', nullable: true },
      { name: 'conversions', type: 'real', says: 'sum of its shares' },
      { name: 'currencies', type: 'text', says: 'of what it earned, such as `EUR` or `EUR, USD`', nullable: true },
      {
        name: 'value',
        type: 'money',
        says: 'its share of the value; null where it earned in several currencies',
        nullable: true,
      },
      { name: 'net', type: 'money', says: 'its share of the net, likewise', nullable: true },
      ...RULES,
    ],
  },
  {
    name: 'marketing',
    says: 'One row for each day, ad and currency: what Ads Manager says beside what was credited here. Credits are booked to the day of their touch. Rows without money, such as touches, have no currency, so that every column can be added up. Ads Manager’s rows are those of its finest level of that day; its figures are never added to ours.',
    columns: [
      DAY,
      CHANNEL,
      ...AD,
      { name: 'currency', type: 'text', says: 'of all money of the row', nullable: true },
      { name: 'clicks', type: 'whole', says: 'touches by click' },
      { name: 'engaged_views', type: 'whole', says: 'touches by engaged view' },
      { name: 'views', type: 'whole', says: 'touches by view' },
      { name: 'conversions', type: 'real', says: 'earned by clicks and engaged views' },
      { name: 'value', type: 'money', says: 'of those' },
      { name: 'net', type: 'money', says: 'of those, after refunds and chargebacks' },
      { name: 'view_conversions', type: 'real', says: 'earned by views of persons, and in no other figure' },
      { name: 'view_value', type: 'money', says: 'of those' },
      {
        name: 'ads_basis',
        type: 'text',
        says: 'day that Ads Manager books to: `impression` or `conversion`',
        nullable: true,
      },
      { name: 'ads_spend', type: 'money', says: 'as Ads Manager says', nullable: true },
      { name: 'ads_impressions', type: 'whole', says: 'as Ads Manager says', nullable: true },
      { name: 'ads_clicks', type: 'whole', says: 'as Ads Manager says', nullable: true },
      { name: 'ads_conversions', type: 'whole', says: 'as Ads Manager says, view-through among them', nullable: true },
      { name: 'ads_value', type: 'money', says: 'as Ads Manager says', nullable: true },
      { name: 'ads_click_conversions', type: 'whole', says: 'of those, by click', nullable: true },
      { name: 'ads_engaged_view_conversions', type: 'whole', says: 'of those, by engaged view', nullable: true },
      { name: 'ads_view_conversions', type: 'whole', says: 'of those, by view', nullable: true },
      { name: 'ads_pulled_at', type: 'time', says: 'when Ads Manager gave the figures', nullable: true },
      ...RULES,
    ],
  },
];
