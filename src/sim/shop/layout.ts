import type { Consent } from '../../event/event.ts';
import { documentText } from '../http/document.ts';
import { type Html, html } from '../http/html.ts';
import { type Call, trackingScripts } from './tracking.ts';

/** What every page needs to know of the visit that it is rendered for. */
export interface Visit {
  nonce: string;
  consent: Consent;
  cartCount: number;
  /** click id in this page's address: kept only if the visitor accepts */
  ttclid: string;
  sdkUrl: string;
  liveUrl: string | undefined;
}

export interface Page {
  title: string;
  calls?: readonly Call[];
  main: Html;
}

const NUGGET = html`<svg class="nugget" viewBox="0 0 32 32" aria-hidden="true"><path d="M6 20l4-11 9-4 8 7-2 11-9 5z" fill="#d9a441"/><path d="M10 9l9-4 8 7-10 3z" fill="#f3cf7f"/><path d="M17 15l10-3-2 11-9 5z" fill="#b07d2b"/></svg>`;

export function layout(page: Page, visit: Visit): string {
  return documentText({
    title: html`${page.title} · Nugget &amp; Co`,
    style: '/shop.css',
    head: html`
${trackingScripts(visit.sdkUrl, visit.nonce, visit.consent, page.calls ?? [])}
<script defer nonce="${visit.nonce}" src="/shop.js"></script>`,
    body: html`<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="brand" href="/">${NUGGET}<span>Nugget <em>&amp;</em> Co</span></a>
<nav aria-label="Shop"><a href="/#goods">Goods</a><a href="/cart" class="to-cart">Cart${visit.cartCount > 0 ? html` <b>${visit.cartCount}</b>` : undefined}</a></nav>
</header>
<main id="main" tabindex="-1">${page.main}</main>
<footer>
<p>A demo shop. Nothing is sold and no card is charged.</p>
<p class="links">${visit.liveUrl === undefined ? undefined : html`<a href="${visit.liveUrl}">What happens behind this page: Assay Live</a>`}<button type="button" class="link" data-consent-open>Privacy choices</button></p>
</footer>
${banner(visit)}`,
  });
}

/** Works without the page's script too: the choice is a form. */
function banner(visit: Visit): Html {
  return html`<section class="consent" id="consent" aria-labelledby="consent-title"${visit.consent === 'unknown' ? undefined : html` hidden`}>
<div><h2 id="consent-title">May we measure our ads?</h2>
<p>With your yes we tell TikTok what you looked at and bought, so that we know which ads work. The shop works the same with a no.</p></div>
<form method="post" action="/consent"><input type="hidden" name="ttclid" value="${visit.ttclid}">
<button class="quiet" name="choice" value="denied">Decline</button><button name="choice" value="granted">Accept</button></form>
</section>`;
}
