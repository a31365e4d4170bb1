import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cartText, QUANTITY_MAX, quantityOf, readCart, totalCents, withQuantity, worth } from './cart.ts';
import { amountNumber, amountText, priceText } from './money.ts';
import { PRODUCTS, productOf } from './products.ts';

const table = `
  # cookie                                 cart
  ember-cup:2                              ember-cup:2
  ember-cup:2,amber-lamp:1                 ember-cup:2,amber-lamp:1
  ember-cup:0                              -
  ember-cup:-1                             -
  ember-cup:1e3                            -
  ember-cup:999                            ember-cup:20
  no-such-thing:1                          -
  __proto__:1                              -
  <script>:1,market-tote:1                 market-tote:1
  ember-cup                                -
`;
for (const line of table.trim().split('\n').slice(1)) {
  const [cookie = '', cart = ''] = line.trim().split(/\s+/);
  test(`the cart cookie ${cookie} is read as ${cart}`, () => assert.equal(cartText(readCart(cookie)) || '-', cart));
}

test('any text is some cart, and a cart reads back as itself', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const cart = cartText(readCart(text));
      assert.equal(cartText(readCart(cart)), cart);
    }),
  );
});

test('adding goes up to the ceiling, and nothing left means no line', () => {
  const cup = productOf('ember-cup');
  assert.ok(cup);
  const full = withQuantity([{ product: cup, quantity: 15 }], cup, (before) => before + 15);
  assert.equal(full[0]?.quantity, QUANTITY_MAX);
  assert.deepEqual(
    withQuantity(full, cup, () => 0),
    [],
  );
  assert.equal(quantityOf('3'), 3);
});

test('money is text of whole cents, and the number at the edge reads the same', () => {
  assert.deepEqual([amountText(5), amountText(5_990), amountText(105_990)], ['0.05', '59.90', '1059.90']);
  assert.deepEqual(
    [priceText(1_250), priceText(105_990), priceText(123_456_789)],
    ['€12.50', '€1,059.90', '€1,234,567.89'],
  );
  fc.assert(
    fc.property(fc.nat(100_000_000), (cents) => assert.equal(amountNumber(cents).toFixed(2), amountText(cents))),
  );
});

test('an event tells the value of its own contents, to the cent', () => {
  const lines = PRODUCTS.map((product) => ({ product, quantity: 3 }));
  const cents = PRODUCTS.reduce((sum, product) => sum + product.priceCents * 3, 0);
  assert.equal(totalCents(lines), cents);
  assert.equal(worth(lines)['value'], Number(amountText(cents)));
});
