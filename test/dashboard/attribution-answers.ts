import type {
  AttributionAnswer,
  AttributionRow,
  ConversionPathAnswer,
  CreditedConversionsAnswer,
  Earned,
  MarkerAnswer,
  SharedIdentifiersAnswer,
  StatementAnswer,
  WindowsAnswer,
} from '../../src/api/attribution.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** 22 November 2026, 13:03:26 UTC. */
const AS_OF = Date.UTC(2026, 10, 22, 13, 3, 26);
const STAND = { asOf: AS_OF, specVersion: 7, timezone: 'Europe/Berlin' };
const eur = (amount: string) => ({ amount, currency: 'EUR' });
const earned = (conversions: number, value: string, net = value): Earned => ({
  conversions,
  value: eur(value),
  net: eur(net),
});
const NOTHING = earned(0, '0.00');

const standing: StatementAnswer = {
  ...{ statement: 12, role: 'standing', specVersion: 7, model: 'last', count: 'every', halfLife: '7d' },
  windows: { click: '7d', engagedView: '1d', view: '1d' },
  precedence: ['click', 'engagedView', 'view'],
  ...{ timezone: 'Europe/Berlin', asOf: AS_OF },
};

const past: StatementAnswer = {
  ...standing,
  ...{ statement: 9, role: 'past', specVersion: 5, asOf: AS_OF - 10 * DAY },
  windows: { click: '28d', engagedView: '7d', view: 'off' },
};

/** `n` campaigns, the largest first; every third was seen in no report of Ads Manager. */
export function campaigns(n: number): AttributionRow[] {
  return Array.from({ length: n }, (_, index): AttributionRow => {
    const conversions = Math.max(1, Math.round(412 / (index + 1)));
    const spend = `${Math.max(3, Math.round(5200 / (index + 1.4)))}.50`;
    return {
      key: `17${String(90_210_033_112 + index)}`,
      name: `${['Autumn sale', 'Prospecting', 'Retargeting', 'Creators'][index % 4]} DE ${index + 1}`,
      channel: 'tiktok / paid',
      campaign: `${['Autumn sale', 'Prospecting', 'Retargeting', 'Creators'][index % 4]} DE ${index + 1}`,
      of: { channel: 'tiktok / paid', campaign: `17${String(90_210_033_112 + index)}` },
      ...{ adgroup: null, ad: null },
      earned: earned(conversions, `${conversions * 59}.90`, `${conversions * 52}.10`),
      views: index % 2 === 0 ? earned(Math.ceil(conversions / 9), `${Math.ceil(conversions / 9) * 59}.90`) : NOTHING,
      touches: { click: conversions * 41, engagedView: index % 2 === 0 ? conversions * 3 : 0, view: conversions * 900 },
      adsManager:
        index % 3 === 2
          ? null
          : {
              basis: 'conversion',
              ...{ spend: eur(spend), impressions: conversions * 8100, clicks: conversions * 44 },
              ...{ conversions: Math.round(conversions * 1.3), value: eur(`${conversions * 71}.00`) },
              ...{ clickConversions: conversions, engagedViewConversions: index === 0 ? null : 2 },
              ...{ viewConversions: Math.round(conversions * 0.3), pulledAt: AS_OF - 3 * HOUR },
            },
    };
  });
}

/** What came from elsewhere, and what nobody can name. */
const others: AttributionRow[] = [
  {
    ...{ key: 'black friday', name: 'black friday', channel: 'newsletter / email', campaign: 'black friday' },
    ...{ adgroup: null, ad: null, earned: earned(31.33, '1877.20'), views: NOTHING, adsManager: null },
    of: { channel: 'newsletter / email', campaign: 'black friday' },
    touches: { click: 802, engagedView: 0, view: 0 },
  },
  {
    ...{ key: '', name: '', channel: 'google / organic', campaign: null, adgroup: null, ad: null },
    ...{ earned: earned(12, '718.80', '-20.00'), views: NOTHING, adsManager: null },
    of: { channel: 'google / organic', campaign: '' },
    touches: { click: 240, engagedView: 0, view: 0 },
  },
];

const FIRST_DAY = Date.UTC(2026, 9, 24);

/** Thirty days of one line. */
function daysOf(row: Pick<AttributionRow, 'key' | 'of'>, size: number): AttributionAnswer['series'][number] {
  const days = Array.from({ length: 30 }, (_, n) => {
    const conversions = Math.max(0, Math.round(size * (1 + Math.sin(n / 3 + size))));
    const day = new Date(FIRST_DAY + n * DAY).toISOString().slice(0, 10);
    return { day, conversions, value: `${conversions * 59}.00` };
  });
  return { key: row.key, of: row.of, days };
}

const rows = [...campaigns(7), ...others];

/** A change of the rules and the end of a freeze. */
export const markers: MarkerAnswer[] = [
  {
    ...{ day: '2026-11-09', what: 'activated', version: 7 },
    says: ['Frozen until 2026-11-20: attribution (holiday sale)', 'attribution.click: was 28d, becomes 7d'],
  },
  { day: '2026-11-20', what: 'freezeEnds', version: 7, says: ['What it kept may change again: attribution'] },
];

/** Two of those that came with too many visitors. */
export const shared: SharedIdentifiersAnswer = {
  ...{ ...STAND, sharedBy: 10, count: 3 },
  identifiers: [
    { kind: 'email', value: '3f9a01bc…', visitors: 1840 },
    { kind: 'phone', value: '77aa10e2…', visitors: 12 },
  ],
};
export const noShared: SharedIdentifiersAnswer = { ...shared, count: 0, identifiers: [] };

export const attribution: AttributionAnswer = {
  ...STAND,
  statement: standing,
  asked: {
    ...{ from: '2026-10-24', to: '2026-11-22', by: 'campaign', model: 'last', click: '7d', engagedView: '1d' },
    ...{ view: '1d', count: 'every', basis: 'conversion', name: [], currency: 'EUR' },
  },
  statements: [standing, past],
  names: ['Purchase', 'Lead'],
  currencies: ['EUR', 'JPY'],
  totals: {
    earned: earned(1112.33, '66504.10', '57810.40'),
    views: earned(82, '4911.80'),
    nobody: earned(391, '23420.90', '20110.00'),
    why: [
      { why: 'no_touch', conversions: 301 },
      { why: 'outside_windows', conversions: 88 },
      { why: 'counted_once', conversions: 2 },
    ],
  },
  rows,
  more: 0,
  series: rows.slice(0, 7).map((row, index) => daysOf(row, 14 / (index + 1))),
  viewThrough: { marketing: 1, finance: 0 },
  markers,
};

/** The same days, one a line. */
export const byDay: AttributionAnswer = {
  ...attribution,
  asked: { ...attribution.asked, by: 'day' },
  rows: daysOf({ key: '', of: {} }, 14).days.map(({ day, conversions, value }) => ({
    ...{ key: day, name: day, channel: '', of: {}, campaign: null, adgroup: null, ad: null },
    ...{ earned: earned(conversions, value), views: NOTHING, adsManager: null },
    touches: { click: conversions * 30, engagedView: 0, view: 0 },
  })),
  series: [],
};

/** A statement of an older spec, which is not kept up to date. */
export const pastAttribution: AttributionAnswer = {
  ...attribution,
  statement: past,
  asked: { ...attribution.asked, click: '28d', engagedView: '7d', view: 'off', statement: 9 },
};

/** Before the first conversion. */
export const noAttribution: AttributionAnswer = {
  ...attribution,
  ...{ names: [], currencies: ['EUR'], statements: [standing], rows: [], series: [] },
  totals: { earned: NOTHING, views: NOTHING, nobody: NOTHING, why: [] },
};

export const credited: CreditedConversionsAnswer = {
  ...STAND,
  statement: standing,
  conversions: [
    {
      ...{ conversion: 8120, name: 'Purchase', at: AS_OF - 2 * HOUR, order_id: '10045', lead_id: null, share: 1 },
      ...{ value: eur('1259.90'), net: eur('1059.90'), whole: eur('1259.90'), touch: 7990, kind: 'click', why: null },
    },
    {
      ...{ conversion: 8011, name: 'Lead', at: AS_OF - 9 * HOUR, order_id: null, lead_id: 'L-77', share: 0.3333 },
      ...{ value: eur('13.33'), net: eur('13.33'), whole: eur('40.00'), touch: 7001, kind: 'engagedView', why: null },
    },
    {
      ...{ conversion: 7650, name: 'Purchase', at: AS_OF - 30 * HOUR, order_id: '10012', lead_id: null, share: 0 },
      ...{ value: eur('24.00'), net: eur('24.00'), whole: eur('24.00'), touch: null, kind: null, why: 'no_touch' },
    },
  ],
  next: 'MTIz',
};

export const path: ConversionPathAnswer = {
  ...STAND,
  statement: standing,
  conversion: {
    ...{ conversion: 8120, name: 'Purchase', at: AS_OF - 2 * HOUR, order_id: '10045', lead_id: null, confirmed: true },
    ...{ value: eur('1259.90'), net: eur('1059.90') },
  },
  says: 'earned by one click, 2 days 3 hours before',
  touches: [
    {
      ...{ touch: 7990, at: AS_OF - 53 * HOUR, kind: 'click', source: 'landing', channel: 'tiktok / paid' },
      ...{ campaign: 'Autumn sale DE 1', adgroup: 'Women 25–34', ad: 'Kitchen video 3', age: 51 * HOUR },
      ...{ visitor: 'v-7f3a9c01e2b4', share: 1, value: eur('1259.90') },
      says: 'the last click within 7 days earns all',
    },
    {
      ...{ touch: 6011, at: AS_OF - 12 * DAY, kind: 'click', source: 'redirect', channel: 'newsletter / email' },
      ...{ campaign: 'black friday', adgroup: null, ad: null, age: 12 * DAY - 2 * HOUR },
      ...{
        visitor: 'v-19c01e2b4',
        share: 0,
        value: null,
        says: 'its window of 7 days had closed 4 days 22 hours before',
      },
    },
    {
      ...{ touch: 8144, at: AS_OF - HOUR, kind: 'view', source: 'import', channel: 'tiktok / paid' },
      ...{ campaign: null, adgroup: null, ad: null, age: -HOUR, visitor: '~8144', share: 0, value: null },
      says: 'it came after the conversion',
    },
  ],
  differs: false,
  ties: [
    {
      ...{ kind: 'email', value: '973dfe463ec8…' },
      visitors: [
        { visitor: 'v-19c01e2b4', at: AS_OF - 12 * DAY, seq: 6020 },
        { visitor: 'v-7f3a9c01e2b4', at: AS_OF - 2 * HOUR, seq: 8120 },
      ],
    },
  ],
};

const lagPoints = (days: number) =>
  Array.from({ length: 60 }, (_, n) => {
    const ageMs = Math.round(MINUTE * (days * 1440) ** ((n + 1) / 60));
    const share = Math.min(1, ((n + 1) / 60) ** 1.4);
    return { ageMs, share, low: Math.max(0, share - 0.041), high: Math.min(1, share + 0.041) };
  });

export const windows: WindowsAnswer = {
  ...STAND,
  statement: standing,
  ...{ from: '2026-10-24', to: '2026-11-22', name: [], currency: 'EUR', conversions: 1585 },
  windows: (
    [
      ['28d', 1201, 0],
      ['14d', 1166, 35],
      ['7d', 1112, 89],
      ['1d', 640, 561],
    ] as const
  ).map(([click, conversions, lost]) => ({
    ...{ click, engagedView: '1d', view: '1d', standing: click === '7d', widest: click === '28d' },
    earned: earned(conversions, `${conversions * 59}.90`, `${conversions * 52}.10`),
    views: earned(82, '4911.80'),
    lost: {
      conversions: lost,
      share: lost / 1201,
      low: Math.max(0, lost / 1201 - (lost ? 0.014 : 0)),
      high: lost / 1201 + (lost ? 0.016 : 0.003),
    },
  })),
  lag: [
    { kind: 'click', conversions: 1112, points: lagPoints(28) },
    { kind: 'engagedView', conversions: 44, points: lagPoints(6) },
  ],
  ranks: [
    { key: '1790210033113', name: 'Prospecting DE 2', channel: 'tiktok / paid', places: [1, 1, 2, 3], isClear: true },
    { key: '1790210033112', name: 'Autumn sale DE 1', channel: 'tiktok / paid', places: [2, 2, 1, 1], isClear: true },
    { key: '1790210033119', name: 'Creators DE 8', channel: 'tiktok / paid', places: [9, 9, 8, null], isClear: false },
  ],
  says: [
    'Against 28 days, a click window of 7 days loses 89 of 1,201 conversions, 6.0 to 9.0 %.',
    'Between 14 and 28 days the evidence can’t tell a difference from chance.',
  ],
  markers,
};

/** Too few to tell anything. */
export const fewWindows: WindowsAnswer = {
  ...windows,
  conversions: 0,
  lag: [],
  ranks: [],
  says: [],
};
