import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../event/event.ts';
import { blank, cleanProperties } from './parameters.ts';

const TEXTS = `content_name content_category brand order_id shop_id search_string query description status event_channel
  page_category step coupon city region country checkin_date checkout_date departing_departure_date
  returning_departure_date departing_arrival_date returning_arrival_date origin_airport destination_airport travel_class
  travel_start travel_end postal_code make model year state_of_vehicle exterior_color interior_color transmission
  body_style fuel_type drivetrain trim vin condition_of_vehicle viewcontent_type search_type registration_type`.split(
  /\s+/,
);
const WHOLES = ['num_items', 'num_adults', 'num_children', 'num_infants', 'preferred_num_stops'];
const NUMBERS = ['predicted_ltv', 'user_score', 'price'];
const LISTS = ['content_ids', 'suggested_hotels', 'destination_ids', 'suggested_destinations'];

test('every property comes out as the type that TikTok takes', () => {
  for (const name of TEXTS)
    for (const [told, clean] of [
      [' a ', 'a'],
      [7, '7'],
      [1.5, '1.5'],
    ] as const)
      assert.deepEqual(cleaned({ [name]: told }), { [name]: clean });
  for (const name of WHOLES)
    for (const [told, clean] of [
      ['3', 3],
      [0, 0],
      ['1e2', 100],
    ] as const)
      assert.deepEqual(cleaned({ [name]: told }), { [name]: clean });
  for (const name of NUMBERS)
    for (const [told, clean] of [
      ['29.95', 29.95],
      [' 2 ', 2],
      ['-0', 0],
      [0.5, 0.5],
    ] as const)
      assert.deepEqual(cleaned({ [name]: told }), { [name]: clean });
  for (const name of LISTS) {
    assert.deepEqual(cleaned({ [name]: ['a ', 7, '', null] }), { [name]: ['a', '7'] });
    assert.deepEqual(cleaned({ [name]: 'a' }), { [name]: ['a'] });
    assert.deepEqual(cleaned({ [name]: [] }), {});
  }
  for (const [told, clean] of [
    ['3', 3],
    [1, 1],
  ] as const)
    assert.deepEqual(cleaned({ quantity: told }), { quantity: clean });
  assert.deepEqual(cleaned({ preferred_price_range: ['10', 20] }), { preferred_price_range: [10, 20] });
  assert.deepEqual(cleaned({ mileage: { unit: ' KM ', value: '12000' } }), { mileage: { unit: 'KM', value: 12000 } });
  for (const type of ['product', 'product_group'])
    assert.deepEqual(cleaned({ content_type: ` ${type}`, content_ids: ['a'] }), {
      content_type: type,
      content_ids: ['a'],
    });
  for (const how of ['in_store', 'curbside', 'home_delivery'])
    assert.deepEqual(cleaned({ delivery_category: how }), { delivery_category: how });
});

test('what can’t be brought to its type is a problem at its place', () => {
  const wrong: [JsonObject, string][] = [
    ...TEXTS.map((name): [JsonObject, string] => [{ [name]: { a: 1 } }, name]),
    ...TEXTS.map((name): [JsonObject, string] => [{ [name]: 'x'.repeat(1001) }, name]),
    ...WHOLES.flatMap((name): [JsonObject, string][] =>
      [1.5, -1, 'two', true, 2 ** 53].map((told) => [{ [name]: told }, name]),
    ),
    ...NUMBERS.flatMap((name): [JsonObject, string][] =>
      ['9,99', '€9', -1, [], true].map((told) => [{ [name]: told }, name]),
    ),
    ...[0, 1.5, -1, 'two'].flatMap((told): [JsonObject, string][] => [
      [{ quantity: told }, 'quantity'],
      [{ contents: [{ content_id: 'a', quantity: told }] }, 'contents[0].quantity'],
    ]),
    ...[-0.01, '9,99', 'free'].map((told): [JsonObject, string] => [
      { contents: [{ content_id: 'a', price: told }] },
      'contents[0].price',
    ]),
    ...LISTS.map((name): [JsonObject, string] => [{ [name]: ['a', { b: 1 }] }, `${name}[1]`]),
    [{ mileage: '12000 KM' }, 'mileage'],
    [{ mileage: { value: 1 } }, 'mileage.unit'],
    [{ content_type: 'Product' }, 'content_type'],
    [{ content_type: 7 }, 'content_type'],
    [{ delivery_category: 'drone' }, 'delivery_category'],
    [{ contents: 'SKU-1' }, 'contents'],
    [{ contents: ['SKU-1'] }, 'contents[0]'],
    [{ contents: [{ price: 1 }] }, 'contents[0].content_id'],
    [{ contents: [{ content_id: {} }] }, 'contents[0].content_id'],
    [{ contents: [{ content_id: 'a' }, { content_id: 'b', price: 'x' }] }, 'contents[1].price'],
    [{ contents: Array.from({ length: 201 }, () => ({ content_id: 'a' })) }, 'contents'],
  ];
  for (const [told, where] of wrong) {
    const { problems } = cleanProperties(told);
    assert.ok(
      problems.some((problem) => problem.where === `properties.${where}` && problem.what && problem.fix),
      `${JSON.stringify(told).slice(0, 80)}: ${JSON.stringify(problems)}`,
    );
  }
});

test('products stand in one place: contents, or content_ids, and a lone content_id is a content', () => {
  assert.deepEqual(cleaned({ content_id: 7, price: '1', quantity: 2, content_type: 'product' }), {
    content_type: 'product',
    contents: [{ content_id: '7', price: 1, quantity: 2 }],
  });
  assert.deepEqual(cleanProperties({ contents: [{ content_id: 'a' }], content_ids: ['b'] }), {
    properties: { contents: [{ content_id: 'a' }] },
    problems: [],
    notes: ['content_ids_left_out'],
  });
  assert.deepEqual(cleaned({ content_id: 'a', content_ids: ['b'] }), { content_id: 'a', content_ids: ['b'] });
  assert.deepEqual(cleaned({ contents: [{ content_id: ' a ', quantity: '2', brand: '', own: true }] }), {
    contents: [{ content_id: 'a', own: true, quantity: 2 }],
  });
});

test('a blank says nothing and is left out', () => {
  for (const told of ['', '  ', 'undefined', 'null', 'NaN', ' null ', null]) {
    assert.ok(blank(told));
    assert.deepEqual(
      cleanProperties({ status: told, num_items: told, contents: told, content_type: told, mine: told }),
      { properties: {}, problems: [], notes: [] },
    );
  }
  for (const told of ['0', 0, false, 'Null', [], {}]) assert.equal(blank(told), false);
});

test('a key of the sender’s own goes along where it is small', () => {
  assert.deepEqual(cleaned({ mine: ' x ', n: 1.5, flag: false, nested: { a: [1] } }), {
    mine: 'x',
    n: 1.5,
    flag: false,
    nested: { a: [1] },
  });
  for (const told of [
    { big: { text: 'x'.repeat(1001) } },
    { ['n'.repeat(101)]: 1 },
    JSON.parse('{"__proto__":{"a":1}}'),
  ])
    assert.deepEqual(cleanProperties(told as JsonObject), {
      properties: {},
      problems: [],
      notes: ['parameter_left_out'],
    });
  assert.equal((cleaned({ long: 'x'.repeat(2000) })['long'] as string).length, 1000);
  assert.deepEqual(cleaned({ value: 1, currency: 'EUR' }), {}, 'money is judged elsewhere');
});

test('a price for people is refused with the price for programs', () => {
  const { problems } = cleanProperties({ contents: [{ content_id: 'a', price: '1.299,00 €' }] });
  assert.equal(problems[0]?.fix, 'send digits alone, such as 1299.00');
});

test('ids lose what nobody sees, and other texts their control characters', () => {
  const hidden = '\u200b SKU\u0000-\u00ad1\ufeff\u202e';
  assert.deepEqual(cleaned({ order_id: hidden, content_ids: [hidden], lead_id: hidden, customer_id: 77 }), {
    order_id: 'SKU-1',
    content_ids: ['SKU-1'],
    lead_id: 'SKU-1',
    customer_id: '77',
  });
  assert.deepEqual(cleaned({ order_id: '\u200b', shop_id: '\u2060null' }), {});
  assert.deepEqual(cleaned({ status: ' a\n\tb ', own: 'می\u200cخواهم\u0007' }), {
    status: 'a b',
    own: 'می\u200cخواهم',
  });
});

test('a content_type without content is left out', () => {
  assert.deepEqual(cleanProperties({ content_type: 'product', status: 'x' }), {
    properties: { status: 'x' },
    problems: [],
    notes: ['content_type_alone'],
  });
});

test('cleaning twice changes nothing', () => {
  fc.assert(
    fc.property(properties(), (told) => {
      const { properties: once, problems } = cleanProperties(told);
      if (problems.length > 0) return;
      assert.deepEqual(cleanProperties(once), { properties: once, problems: [], notes: [] });
      assert.equal(Object.getPrototypeOf(once), Object.prototype);
    }),
    { numRuns: 3000, seed: 5 },
  );
});

test('the order of the fields changes nothing', () => {
  fc.assert(
    fc.property(properties(), (told) => {
      const turned = Object.fromEntries(Object.entries(told).reverse());
      assert.deepEqual(cleanProperties(turned), cleanProperties(told));
      assert.equal(JSON.stringify(cleanProperties(turned)), JSON.stringify(cleanProperties(told)));
    }),
    { numRuns: 1000, seed: 5 },
  );
});

function cleaned(told: JsonObject): JsonObject {
  const { properties: clean, problems } = cleanProperties(told);
  assert.deepEqual(problems, [], JSON.stringify(told));
  return clean;
}

function properties(): fc.Arbitrary<JsonObject> {
  const names = [
    ...WHOLES,
    ...NUMBERS,
    ...LISTS,
    ...TEXTS.slice(0, 8),
    'content_id',
    'content_type',
    'mileage',
    'preferred_price_range',
    'own',
    'own_id',
    '__proto__',
  ];
  const long = fc.constantFrom(`${'x'.repeat(999)} y`, `${'x '.repeat(600)}`, '\u00a0 a');
  const value = fc.oneof(
    fc.string(),
    fc.nat(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom<Json>('2', 'product', '1.50', []),
    long,
    fc.array(fc.string(), { maxLength: 3 }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const item = fc.dictionary(
    fc.constantFrom('content_id', 'price', 'quantity', 'brand', 'own'),
    fc.oneof(fc.string(), fc.nat()),
    { noNullPrototype: true },
  );
  return fc
    .tuple(
      fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true, maxKeys: 8 }),
      fc.option(fc.array(item, { maxLength: 3 }), { nil: undefined }),
    )
    .map(([bag, contents]) => JSON.parse(JSON.stringify({ ...bag, contents })) as JsonObject);
}
