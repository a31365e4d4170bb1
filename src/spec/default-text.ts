/** The tracking spec of the demo, which runs when there is no file. */
export const DEFAULT_TRACKING_YAML = `assay: 1
business: { id: demo, name: Demo Shop, country: DE, currency: EUR, timezone: Europe/Berlin }
sites:
  origins: ["https://shop.example"]
  domains: [shop.example, pay.example]
  urlParameters: [utm_*, ttclid, q]
destinations:
  - id: main
    pixel: CD9079RC77U0N3GBV16Y
    token: env:TIKTOK_TOKEN
    eventNames: current
    crmEventSet: "7300000000000000001"
    offlineEventSet: "7300000000000000002"
    appId: "7300000000000000003"
consent: { mode: required, ads: marketing }
events:
  ViewContent:
    legs: hybrid
    require: [content_id, content_type, page_category]
    oncePer: [session, content_id]
    within: 30m
  AddToCart:
    legs: hybrid
    require: [content_id, quantity, value, currency]
    zeroValue: quarantine
  InitiateCheckout:
    legs: hybrid
    require: [num_items, value, currency, step]
    optional: [coupon]
    oncePer: [session, step]
  Purchase:
    legs: hybrid
    require: [order_id, value, currency, contents]
    guarded: true
    confirm: webhook
    confirmAt: paidInFull
    confirmWithin: 14d
    delay: 5s
    timeOf: act
    precedence: [webhook, server, browser]
    zeroValue: allow
    orphans: book
    renewals: book
leads:
  events: { new: SubmitApplication, qualified: Lead, approved: ApplicationApproval }
  ladder: { new: null, qualified: "40.00 EUR", approved: "120.00 EUR", rejected: null }
  values: replace
money: { rounding: half-even, unsupportedCurrency: convert, rates: {}, contentsTolerance: 1% }
taxonomy: {}
pairWithin: 10m
attribution:
  click: 7d
  engagedView: 1d
  view: 1d
  precedence: [click, engagedView, view]
  match: [ttclid, visitor, external_id, email, phone]
viewThrough: { marketing: 1, finance: 0 }
freeze: null
pages: []
delivery:
  linger: 1s
  firstRetry: 1s
  factor: 2
  ceiling: 15m
  giveUp: 40h
  merge: 4m
  drop: 47h
  keep: 24h
  warnAge: 7d
  maxAge: 28d
  clockTolerance: 30s
  freeKeys: true
  batch: 1000
  atOnce: 32
  rate: { start: 50, max: 900 }
health: { duplicates: { warn: 1%, fail: 3% }, sourceBalance: { min: 70% } }
retention: { personal: 30d, journal: 400d }
scenarios:
  - name: reload of the thank-you page
    given: [{ order: created }, { webhook: paid }, { browser: thankYou, times: 3 }]
    expect: { tiktok: { Purchase: 1 } }
`;
