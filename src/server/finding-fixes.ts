/** What to do about a finding, by its check. */
const FIXES: Readonly<Record<string, string>> = {
  order_clash: 'See that the shop gives each order one id, and gives its capability to that visitor’s page alone.',
  session_lost:
    'Declare every domain of the shop in sites.domains, and send the ids of the cookie _assay along with the payment.',
  payment_currency: 'Tell the order in the currency it is charged in.',
  fact_differs: 'Give each fact of an order a reference of its own: a refund has another than its payment.',
  order_unconfirmed: 'Check the payment provider’s webhook, or raise confirmWithin in the spec.',
  fired_without_handout: 'Look for another tag in the shop’s pages that fires the pixel.',
  draft_fired: 'Keep drafts out of pages that load TikTok’s pixel, or tell them by a server.',
  contents_value: 'Compare the value with the contents at the sender: a sum, a unit or a discount is missing.',
  foreign_pixel: 'Remove the other tag, or its event: TikTok may count it beside ours.',
  foreign_pixel_merged: 'Remove the other tag, or its event: one sender of a copy is enough.',
  dispatch_impossible: 'Run assay verify; if it finds nothing, report it with the trace.',
  frozen_change: 'Put the parts back, wait for the freeze’s end, or start once with ASSAY_SPEC_OVERRIDE and a reason.',
  lead_currency: 'Write the whole of leads.ladder in one currency.',
  store_restored:
    'Follow docs/guides/backup-and-upgrade.md: what came since is told again by its senders, while TikTok drops second copies.',
  orphan_not_sent: 'Create orders with POST /v1/orders before the redirect to payment.',
};

const ANY_FIX = 'Follow it to its trace.';

export function findingFix(check: string): string {
  return FIXES[check] ?? ANY_FIX;
}
