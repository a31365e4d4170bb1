import { type Html, html } from '../http/html.ts';
import { type CartLine, countOf, QUANTITY_MAX, totalCents } from './cart.ts';
import type { Contact, ContactProblems } from './contact.ts';
import type { Page } from './layout.ts';
import { amountText, priceText } from './money.ts';
import type { ShopOrder } from './orders.ts';
import { PICTURES } from './pictures.ts';
import { PRODUCTS, type Product } from './products.ts';
import { addToCart, browserOrder, type Call, initiateCheckout, purchase, viewContent } from './tracking.ts';

export function homePage(): Page {
  const categories = [...new Set(PRODUCTS.map((product) => product.category))];
  return {
    title: 'Small things for slow mornings',
    main: html`<section class="hero"><div><h1>Small things<br>for slow mornings.</h1>
<p>Cups, lamps, wool and paper, chosen one by one and made to be used every day.</p><a class="button" href="#goods">See the goods</a></div>
<div class="still" aria-hidden="true"><span class="tile kitchen">${PICTURES.cup}</span><span class="tile light">${PICTURES.lamp}</span><span class="tile paper">${PICTURES.print}</span></div></section>
<div id="goods">${categories.map(
      (category) =>
        html`<section class="shelf"><h2>${category}</h2><ul class="grid">${PRODUCTS.filter(
          (product) => product.category === category,
        ).map(card)}</ul></section>`,
    )}</div>`,
  };
}

function card(product: Product): Html {
  return html`<li><a class="card" href="/product/${product.id}"><span class="tile ${tone(product)}">${product.picture}</span>
<span class="name">${product.name}</span><span class="price">${priceText(product.priceCents)}</span></a></li>`;
}

function tone(product: Product): string {
  return product.category.toLowerCase();
}

export function productPage(product: Product): Page {
  const at = PRODUCTS.indexOf(product);
  const others = [1, 3, 5, 6].flatMap((step) => PRODUCTS[(at + step) % PRODUCTS.length] ?? []);
  return {
    title: product.name,
    calls: [viewContent(product)],
    main: html`<p class="crumbs"><a href="/#goods">Goods</a> / ${product.category}</p>
<article class="product"><div class="tile ${tone(product)}">${product.picture}</div>
<div class="buy"><h1>${product.name}</h1><p class="price">${priceText(product.priceCents)}</p><p class="says">${product.says}</p>
<form method="post" action="/cart/add" data-add="${JSON.stringify(addToCart(product))}">
<input type="hidden" name="product" value="${product.id}">
<label for="quantity">Quantity</label>
<div class="row"><input id="quantity" name="quantity" type="number" inputmode="numeric" min="1" max="${QUANTITY_MAX}" value="1" required><button>Add to cart</button></div></form>
<ul class="facts">${product.facts.map((fact) => html`<li>${fact}</li>`)}</ul></div></article>
<section class="shelf"><h2>Goes well with it</h2><ul class="grid">${others.map(card)}</ul></section>`,
  };
}

export function cartPage(lines: readonly CartLine[], cancelled: boolean): Page {
  const note = cancelled
    ? html`<p class="note" role="status">The payment was cancelled. Your cart is as you left it.</p>`
    : undefined;
  if (lines.length === 0)
    return {
      title: 'Cart',
      main: html`<div class="narrow">${note}<h1>Your cart is empty</h1><p>There is a cup somewhere on this page that would like to change that.</p><a class="button" href="/#goods">See the goods</a></div>`,
    };
  return {
    title: 'Cart',
    main: html`${note}<h1>Your cart</h1><div class="split"><ul class="lines">${lines.map(cartLine)}</ul>
<aside class="sum">${summary(lines)}<a class="button wide" href="/checkout">Check out</a><p class="small">Free delivery. No account needed.</p></aside></div>`,
  };
}

function cartLine({ product, quantity }: CartLine): Html {
  return html`<li><a class="tile ${tone(product)}" href="/product/${product.id}" tabindex="-1" aria-hidden="true">${product.picture}</a>
<div class="what"><a href="/product/${product.id}">${product.name}</a><span class="small">${priceText(product.priceCents)} each</span></div>
<form method="post" action="/cart/update"><input type="hidden" name="product" value="${product.id}">
<label class="hidden" for="q-${product.id}">Quantity of ${product.name}</label>
<input id="q-${product.id}" name="quantity" type="number" inputmode="numeric" min="0" max="${QUANTITY_MAX}" value="${quantity}" required>
<button class="quiet">Update</button><button class="link" name="remove" value="1" formnovalidate aria-label="Remove ${product.name}">Remove</button></form>
<b class="price">${priceText(product.priceCents * quantity)}</b></li>`;
}

function summary(lines: readonly CartLine[]): Html {
  const count = countOf(lines);
  return html`<h2>Summary</h2><dl><div><dt>${count} ${count === 1 ? 'item' : 'items'}</dt><dd>${priceText(totalCents(lines))}</dd></div>
<div><dt>Delivery</dt><dd>Free</dd></div><div class="total"><dt>Total</dt><dd>${priceText(totalCents(lines))}</dd></div></dl>`;
}

export function checkoutPage(lines: readonly CartLine[], contact: Contact, problems: ContactProblems): Page {
  const field = (name: keyof Contact, label: string, type: string, autocomplete: string, required: boolean): Html => {
    const problem = problems[name];
    return html`<div class="field"><label for="${name}">${label}${required ? undefined : html` <span class="small">optional</span>`}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${contact[name]}" maxlength="254"${required ? html` required` : undefined}${problem === undefined ? undefined : html` aria-invalid="true" aria-describedby="${name}-problem"`}>
${problem === undefined ? undefined : html`<p class="problem" id="${name}-problem">${problem}</p>`}</div>`;
  };
  return {
    title: 'Checkout',
    calls: [initiateCheckout(lines)],
    main: html`<h1>Checkout</h1><div class="split"><form class="details" method="post" action="/checkout">
${field('name', 'Name', 'text', 'name', true)}
${field('email', 'E-mail', 'email', 'email', true)}
${field('phone', 'Phone', 'tel', 'tel', false)}
<button class="wide">Continue to payment</button><p class="small">You pay on the bank's own page. Any name and address will do: this is a demo.</p></form>
<aside class="sum">${summary(lines)}<ul class="brief">${lines.map(
      (line) =>
        html`<li><span>${line.quantity} × ${line.product.name}</span><span>${priceText(line.product.priceCents * line.quantity)}</span></li>`,
    )}</ul></aside></div>`,
  };
}

/** Between checkout and bank: the page says who orders, and what it knows of the order, then moves on by itself. */
export function payPage(order: ShopOrder, payUrl: string, createdBy: 'server' | 'browser' | 'provider'): Page {
  const create =
    createdBy === 'browser'
      ? html` data-order="${JSON.stringify(browserOrder(order.orderId, amountText(order.totalCents), order.lines))}"`
      : undefined;
  return {
    title: `Order ${order.orderId}`,
    calls: [['identify', identified(order)], ...handoutCall(order)],
    main: html`<div class="narrow centred"><div class="spinner" aria-hidden="true"></div><h1>On to the bank</h1>
<p role="status">Order ${order.orderId} is ready. Taking you to the payment page for ${priceText(order.totalCents)}.</p>
<a class="button" id="pay" href="${payUrl}"${create}>Pay ${priceText(order.totalCents)}</a></div>`,
  };
}

function identified(order: ShopOrder): Record<string, string> {
  const { email, phone } = order.contact;
  return { email, ...(phone === '' ? {} : { phone }), external_id: order.customer };
}

/** The page may ask for the word on its own order: the capability goes to the customer who placed it only. */
function handoutCall(order: ShopOrder): Call[] {
  return order.handout === undefined ? [] : [['order', { order_id: order.orderId, handout: order.handout }]];
}

export function thanksPage(order: ShopOrder, tracked: boolean): Page {
  return {
    title: 'Thank you',
    calls: [...handoutCall(order), ...(tracked ? [purchase(order.orderId, order.lines)] : [])],
    main: html`<div class="narrow"><p class="stamp" aria-hidden="true">✓</p><h1>Thank you${order.contact.name === '' ? '' : html`, ${order.contact.name}`}.</h1>
<p>Order <b>${order.orderId}</b> is with us. Your bank tells us in a few seconds that it is paid.</p>
<div class="sum">${summary(order.lines)}<ul class="brief">${order.lines.map(
      (line) =>
        html`<li><span>${line.quantity} × ${line.product.name}</span><span>${priceText(line.product.priceCents * line.quantity)}</span></li>`,
    )}</ul></div>
<a class="button" href="/">Back to the shop</a></div>`,
  };
}

/** For an order that this browser did not place: nothing about it is told. */
export function strangerPage(orderId: string): Page {
  return {
    title: 'Thank you',
    main: html`<div class="narrow"><h1>Thank you.</h1><p>${orderId === '' ? 'No order is named in this address.' : html`We can't show order <b>${orderId}</b> here: it was not placed in this browser.`}</p><a class="button" href="/">Back to the shop</a></div>`,
  };
}

export function missingPage(what: string): Page {
  return {
    title: 'Not found',
    main: html`<div class="narrow"><h1>Not on our shelves</h1><p>There is nothing at <b class="address">${what}</b>.</p><a class="button" href="/#goods">See the goods</a></div>`,
  };
}
