/** A shop's tracking spec, under which its past is told: its own currency, days and country. */
export function shopSpec(shop: { id: string; country: string; currency: string; timezone: string }): string {
  return `assay: 1
business: { id: ${shop.id}, name: ${shop.id}, country: ${shop.country}, currency: ${shop.currency}, timezone: ${shop.timezone} }
sites: { origins: ["${SHOP}"], domains: [shop.example] }
destinations: [{ id: main, pixel: CD9079RC77U0N3GBV16Y, token: env:CHECK_DATA_TOKEN }]
consent: { mode: required, ads: marketing }
events:
  Purchase:
    legs: hybrid
    require: [order_id, value, currency]
    guarded: true
    confirm: webhook
    confirmAt: firstPayment
    delay: 5s
    zeroValue: allow
    orphans: book
leads:
  events: { new: SubmitApplication, won: ApplicationApproval }
  ladder: { new: null, won: null }
  values: replace
money: { rounding: half-even }
`;
}

export const SHOP = 'https://shop.example';
