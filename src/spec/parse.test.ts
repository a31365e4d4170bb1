import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ruleFor } from './default.ts';
import { DEFAULT_TRACKING_YAML } from './default-text.ts';
import { parseSpec } from './parse.ts';

const MINIMAL = `assay: 1
business: { id: demo, name: Demo, country: DE, currency: EUR, timezone: UTC }
sites: { origins: ["https://shop.example"] }
destinations: [{ id: main, pixel: CD9079RC77U0N3GBV16Y, token: env:TOKEN }]
`;

// The snippet stands after MINIMAL, from line 5; `|` starts a new line in it.
// snippet => line:column code, part of the fix
const BROKEN = `
  # form
  foo: 1                                                                    => 5:1 key_unknown, Known here: assay
  consents: {}                                                              => 5:1 key_unknown, Did you mean consent?
  assay: 1                                                                  => 5:1 key_twice, Keep one
  consent: { mode: none, mode: none }                                       => 5:24 key_twice, Keep one
  consent: { ? [a] : 1 }                                                    => 5:14 key_form, Write a word
  consent: [                                                                => 6:1 yaml_syntax, Close every bracket
  consent: "none                                                            => 6:1 yaml_syntax, missing quote
  consent:|	mode: none                                                      => 6:1 yaml_syntax, Indent with spaces
  ---|assay: 1                                                              => 5:1 yaml_syntax, one document
  consent: a: b                                                             => 5:10 yaml_syntax, colon in quotes
  consent: !odd { mode: none }                                              => 5:10 yaml_syntax, example
  pages: [{ match: *all, event: Search }]                                   => 5:18 alias_refused, in quotes
  consent: &one { mode: none }|health: *one                                 => 6:9 alias_refused, Write the value out
  consent:                                                                  => 5:9 value_empty, after the colon
  consent: none                                                             => 5:10 section_wanted, mode, ads
  events: [Purchase]                                                        => 5:9 section_wanted, name: value
  events: { Search: }                                                       => 5:19 value_empty, after the colon
  pages: { match: /a, event: Search }                                       => 5:8 list_wanted, [ ]
  pairWithin: [10m]                                                         => 5:13 value_wanted, Write 1m
  # values
  consent: { mode: requird }                                                => 5:18 choice_unknown, Did you mean required?
  consent: { mode: maybe }                                                  => 5:18 choice_unknown, Choose one of required, none
  consent: { mode: 1 }                                                      => 5:18 choice_unknown, Choose one of
  delivery: { factor: fast }                                                => 5:21 number_wanted, from 1 to 10
  delivery: { factor: 0.5 }                                                 => 5:21 number_wanted, from 1 to 10
  delivery: { factor: .nan }                                                => 5:21 number_wanted, from 1 to 10
  delivery: { freeKeys: "yes" }                                             => 5:23 boolean_wanted, true or false
  pairWithin: 10                                                            => 5:13 duration_form, Write 1m
  pairWithin: 10 minutes                                                    => 5:13 duration_form, such as 10m
  pairWithin: -1m                                                           => 5:13 duration_form, such as 10m
  pairWithin: 999999999d                                                    => 5:13 duration_form, such as 10m
  viewThrough: { marketing: 120% }                                          => 5:27 share_form, 0% to 100%
  viewThrough: { marketing: 1.5 }                                           => 5:27 share_form, 0 to 1
  viewThrough: { finance: half }                                            => 5:25 share_form, 0 to 1
  # events
  events: { purchase: {} }                                                  => 5:11 eventName_form, Write Purchase.
  events: { CompletePayment: {} }                                           => 5:11 eventName_form, Write Purchase.
  events: { SubmitForm: {} }                                                => 5:11 eventName_form, Write Lead.
  events: { Add_To_Cart: {} }                                               => 5:11 eventName_form, Write AddToCart.
  events: { StartCheckout: {} }                                             => 5:11 eventName_form, Write InitiateCheckout.
  events: { Purchase: { renewals: keep } }                                  => 5:33 choice_unknown, book, send
  taxonomy: { page-category: [home] }                                       => 5:13 property_form, such as content_id
  taxonomy: { page_category: home }                                         => 5:28 list_wanted, [ ]
  money: { contentsTolerance: 5 }                                           => 5:29 share_form, 0 to 1
  delivery: { clockTolerance: 10ms }                                        => 5:29 duration_range, 1s or more
  events: { 404: {} }                                                       => 5:11 eventName_form, Start with a letter
  events: { Ends_: {} }                                                     => 5:11 eventName_form, end with a letter
  events: { Größe: {} }                                                     => 5:11 eventName_form, Start with a letter
  events: { A23456789b123456789c123456789d123456789e123456789fg: {} }        => 5:11 eventName_form, at most 50
  events: { __proto__: {} }                                                 => 5:11 eventName_form, Start with a letter
  events: { Search: { delai: 5s } }                                         => 5:21 key_unknown, Did you mean delay?
  events: { Search: { require: value } }                                    => 5:30 list_wanted, [ ]
  events: { Search: { require: [value] } }                                  => 5:30 value_and_currency, Require both
  events: { Search: { require: [query, query] } }                           => 5:38 entry_twice, Remove one
  events: { Search: { require: [search term] } }                            => 5:31 property_form, content_id
  events: { Search: { require: [q], optional: [q] } }                       => 5:46 required_and_optional, one of the two
  events: { Search: { oncePer: [q] } }                                      => 5:31 once_unrequired, Add q to require
  events: { Search: { oncePer: [session], within: 3d } }                    => 5:49 once_range, 47h or less
  events: { Search: { oncePer: [session], within: 0s } }                    => 5:49 once_range, 1s or more
  events: { Search: { precedence: [] } }                                    => 5:33 too_few, at least 1
  events: { Search: { delay: 10m } }                                        => 5:28 delay_unmerged, 4m or less
  events: { Search: { timeOf: confirmed } }                                 => 5:29 time_unconfirmed, timeOf: act
  events: { Search: { confirm: server, require: [order_id] } }              => 5:30 confirm_unguarded, guarded: true
  events: { Search: { confirm: server, guarded: true } }                    => 5:30 confirm_without_order, Add order_id
  events: { Lead: { legs: pixel } }                                         => 5:25 guarded_pixel_alone, guarded: false
  events: { Purchase: { legs: pixel } }                                     => 5:29 guarded_pixel_alone, hybrid
  events: { Purchase: { guarded: false } }                                  => 5:32 confirm_unguarded, guarded: true
  events: { Purchase: { legs: pixel, guarded: false } }                     => 5:45 confirm_unguarded, hybrid with guarded
  events: { Purchase: { confirmWithin: 28d } }                              => 5:38 wait_too_long, 27d or less
  events: { Purchase: { confirm: sometimes } }                              => 5:32 choice_unknown, none, server, webhook
  # money and leads
  leads: { ladder: { new: 40.00 } }                                         => 5:25 money_form, Write "1.00 EUR"
  leads: { ladder: { new: "40,00 EUR" } }                                   => 5:25 money_form, "40.00 EUR"
  leads: { ladder: { new: "40.005 EUR" } }                                  => 5:25 money_form, "40.00 EUR"
  leads: { ladder: { new: "-4 EUR" } }                                      => 5:25 money_form, "40.00 EUR"
  leads: { ladder: { new: "40.00 USD" } }                                   => 5:25 ladder_currency, in EUR
  leads: { events: { new: SubmitForm } }                                    => 5:25 eventName_form, Write Lead.
  leads: { events: { two words: Lead } }                                    => 5:20 status_form, qualified
  leads: { crm: { hubspot: { statuses: { customer: closed } } } }           => 5:50 crm_status_target, Write one of new, qualified, approved
  leads: { crm: { hubspot: { property: life cycle } } }                     => 5:38 crmProperty_form, lifecyclestage
  leads: { crm: { hubspto: {} } }                                           => 5:17 key_unknown, Did you mean hubspot?
  leads: { crm: { salesforce: {} } }                                        => 5:17 key_unknown, hubspot, pipedrive
  money: { rounding: halfeven }                                             => 5:20 choice_unknown, Did you mean half-even?
  money: { rates: { EUR: "1 2026-01-01" } }                                 => 5:17 rate_of_own_currency, Remove it
  money: { rates: { XXX: "1 2026-01-01" } }                                 => 5:19 currency_form, ISO 4217
  money: { rates: { UYU: 0.023 } }                                          => 5:24 rate_form, "0.023 2026-11-01"
  money: { rates: { UYU: "0 2026-11-01" } }                                 => 5:24 rate_form, rate and date
  money: { rates: { UYU: "0.023 2026-02-30" } }                             => 5:24 rate_form, rate and date
  money: { rates: ../rates.csv }                                            => 5:17 rateFile_form, beside this one
  money: { rates: none.csv }                                                => 5:17 rates_unreadable, beside this one
  money: { rates: [] }                                                      => 5:17 value_wanted, rates.csv
  # the rest
  pages: [{ match: product, event: ViewContent }]                           => 5:18 path_form, Start with /
  pages: [{ match: /a }]                                                    => 5:9 key_missing, Add event: Purchase
  pages: [{ match: /a, event: Purchase }]                                   => 5:29 page_guarded, from your server
  pages: [{ match: /a, event: Search }, { match: /a, event: Contact }]      => 5:48 page_twice, one of the two
  freeze: { until: 15.12.2026, because: test, what: [money] }               => 5:18 date_form, 2026-12-15
  freeze: { until: 2026-02-30, because: test, what: [money] }               => 5:18 date_form, 2026-12-15
  freeze: { until: 2026-12-15, because: test, what: [mony] }                => 5:52 freeze_unknown, Did you mean money?
  freeze: { until: 2026-12-15, because: test, what: [leads.steps] }         => 5:52 freeze_unknown, leads.ladder
  freeze: { until: 2026-12-15, what: [money] }                              => 5:1 key_missing, because
  delivery: { giveUp: 47h }                                                 => 5:21 duration_order, delivery.drop
  delivery: { drop: 30h }                                                   => 5:19 duration_order, delivery.drop
  delivery: { drop: 48h }                                                   => 5:19 duration_range, 2879m or less
  delivery: { merge: 5m }                                                   => 5:20 duration_range, 299s or less
  delivery: { maxAge: 30d }                                                 => 5:21 duration_range, 28d or less
  delivery: { linger: 1h }                                                  => 5:21 duration_range, 1m or less
  delivery: { ceiling: 41h }                                                => 5:22 duration_order, delivery.giveUp
  delivery: { keep: 30s }                                                   => 5:19 duration_range, 1m or more
  delivery: { batch: 1001 }                                                 => 5:20 number_wanted, whole number from 1 to 1000
  delivery: { atOnce: 1.5 }                                                 => 5:21 number_wanted, whole number from 1
  delivery: { rate: { start: 60, max: 50 } }                                => 5:28 rate_order, never exceeded
  delivery: { firstRetry: 0s }                                              => 5:25 duration_range, 100ms or more
  attribution: { click: 1d, view: 91d }                                     => 5:33 duration_range, 90d or less
  pairWithin: 3d                                                            => 5:13 duration_order, delivery.drop
  health: { duplicates: { warn: 5% } }                                      => 5:31 share_order, smaller
  retention: { personal: 500d }                                             => 5:24 duration_order, retention.journal
  retention: { personal: 7d }                                               => 5:24 retention_too_short, Write 16d
  scenarios: [{ name: a, given: [], expect: 1 }, { name: a, given: [], expect: 2 }] => 5:56 scenario_twice, name of its own
`;

// A part of MINIMAL => what stands there instead => line:column code, part of the fix
const REPLACED = `
  assay: 1 => assay: 2                                 => 1:8 version_unknown, Write 1.
  assay: 1 => # nothing                                => 2:1 key_missing, Add assay: 1.
  country: DE => country: Germany                      => 2:44 country_form, DE
  country: DE => country: XX                           => 2:44 country_form, DE
  country: DE => country: de                           => 2:44 country_form, DE
  currency: EUR => currency: Euro                      => 2:58 currency_form, EUR
  currency: EUR => currency: XAU                       => 2:58 currency_form, EUR
  timezone: UTC => timezone: Berlin                    => 2:73 timezone_form, Europe/Berlin
  timezone: UTC => timezone: +01:00                    => 2:73 timezone_form, Europe/Berlin
  id: demo, => id: 2024,                               => 2:17 quotes_missing, "2024"
  id: demo, => id: My Shop,                            => 2:17 id_form, lower-case
  id: demo, => ident: demo,                            => 2:1 key_missing, Add id
  name: Demo => name: 2024                             => 2:29 quotes_missing, name: "2024"
  name: Demo => name: true                             => 2:29 quotes_missing, name: "true"
  https://shop.example => http://shop.example          => 3:20 origin_form, Write https://shop.example
  https://shop.example => https://shop.example/        => 3:20 origin_form, Write https://shop.example.
  https://shop.example => https://Shop.example         => 3:20 origin_form, Write https://shop.example.
  https://shop.example => https://shop.example:443     => 3:20 origin_form, Write https://shop.example.
  https://shop.example => shop.example                 => 3:20 origin_form, scheme and host
  https://shop.example => http://shop.example/home     => 3:20 origin_form, Write https://shop.example.
  https://shop.example => ftp://shop.example           => 3:20 origin_form, scheme and host
  https://shop.example => https://me:pw@shop.example   => 3:20 origin_form, scheme and host
  id: demo => id: draft => 2:17 id_reserved, another id
  "https://shop.example"] => "https://shop.example"], domains: [pay.example] => 3:20 origin_outside, Add shop.example
  "https://shop.example"] => "https://shop.example"], domains: ["https://a.b"] => 3:55 host_form, name alone
  "https://shop.example"] => "https://shop.example"], urlParameters: [?q] => 3:61 urlParameter_form, utm_*
  sites: => sitez:                                     => 3:1 key_unknown, Did you mean sites?
  CD9079RC77U0N3GBV16Y => cd9079rc77u0n3gbv16y         => 4:35 pixel_form, 20 capital letters
  CD9079RC77U0N3GBV16Y => 12345678901234567890         => 4:35 quotes_missing, pixel: "12345678901234567890"
  CD9079RC77U0N3GBV16Y => 73000000                     => 4:35 pixel_form, CD9079RC77U0N3GBV16Y
  env:TOKEN => 0123456789abcdef                        => 4:64 token_form, env:TIKTOK_TOKEN
  env:TOKEN => 12345                                   => 4:64 token_form, env:TIKTOK_TOKEN
  env:TOKEN => env:MY-TOKEN                            => 4:64 token_form, env:TIKTOK_TOKEN
  env:TOKEN => env:T, crmEventSet: 7300000000000000001 => 4:84 quotes_missing, crmEventSet: "7300000000000000001"
  env:TOKEN => env:T, appId: "73 00"                   => 4:78 digits_form, in quotes
  env:TOKEN => env:T, testCode: "a b"                  => 4:81 testCode_form, Test Events
  env:TOKEN => env:T, eventNames: old                  => 4:83 choice_unknown, current, legacy
  destinations: [ => destinations: [{ id: main, pixel: CD9079RC77U0N3GBV16Z, token: env:T }, => 4:78 destination_twice, id of its own
  destinations: [ => destinations: [{ id: two, pixel: CD9079RC77U0N3GBV16Y, token: env:T }, => 4:90 pixel_twice, Remove one
  [{ id: main, pixel: CD9079RC77U0N3GBV16Y, token: env:TOKEN }] => [] => 4:15 too_few, at least 1
`;

const rows = (table: string): string[] =>
  table.split('\n').filter((row) => row.trim() !== '' && !row.trim().startsWith('#'));
const cells = (row: string): string[] => row.split('=>').map((cell) => cell.trim());

describe('a broken tracking file is answered with place, cause and cure', () => {
  for (const row of rows(BROKEN)) {
    const [snippet = '', wanted = ''] = cells(row);
    test(`${snippet} gives ${wanted}`, () => expectProblem(`${MINIMAL}${snippet.replaceAll('|', '\n')}\n`, wanted));
  }
  for (const row of rows(REPLACED)) {
    const [before = '', after = '', wanted = ''] = cells(row);
    assert.ok(MINIMAL.includes(before), before);
    test(`${after} for ${before} gives ${wanted}`, () =>
      expectProblem(
        MINIMAL.replace(before, () => after),
        wanted,
      ));
  }
});

function expectProblem(text: string, wanted: string): void {
  const [, place = '', code = '', fix = ''] = /^(\S+) (\w+), (.*)$/.exec(wanted) ?? [];
  const parsed = parseSpec(text);
  assert.ok(!parsed.ok, 'the file was accepted');
  const found = parsed.problems.map((problem) => `${problem.line}:${problem.column} ${problem.code}, ${problem.fix}`);
  assert.ok(
    found.some((line) => line.startsWith(`${place} ${code}, `) && line.includes(fix)),
    `wanted ${wanted}, found:\n${found.join('\n')}`,
  );
}

test('every problem of a file is reported at once, in the order of its lines', () => {
  const parsed = parseSpec(`assay: 1
busines: {}
destinations: [{ id: main, pixel: short, token: secret }]
events: { Purchase: { delai: 5s, confirmWithin: 28d } }
delivery: { giveUp: 3d, factor: 0 }
delivery: {}
`);
  assert.ok(!parsed.ok);
  assert.deepEqual(
    parsed.problems.map(({ line, where, code }) => `${line} ${where} ${code}`),
    [
      '1 business key_missing',
      '1 sites key_missing',
      '2 busines key_unknown',
      '3 destinations[0].pixel pixel_form',
      '3 destinations[0].token token_form',
      '4 events.Purchase.delai key_unknown',
      '4 events.Purchase.confirmWithin wait_too_long',
      '5 delivery.giveUp duration_order',
      '5 delivery.factor number_wanted',
      '6 the file key_twice',
    ],
  );
});

test('a token that stands in the file is repeated in no problem', () => {
  for (const token of ['9f8e7d6c5b4a', '987654321', '{ a: 987654321 }']) {
    const parsed = parseSpec(MINIMAL.replace('env:TOKEN', token));
    assert.ok(!parsed.ok);
    assert.doesNotMatch(JSON.stringify(parsed.problems), /9f8e7d6c5b4a|987654321/);
  }
});

test('a file that says only what its owner can know gets the rest from the default', () => {
  const whole = parseSpec(DEFAULT_TRACKING_YAML);
  const parsed = parseSpec(MINIMAL);
  assert.ok(whole.ok && parsed.ok);
  const { business: _b, sites: _s, destinations: _d, leads: _l, scenarios: _c, hash: _h, ...rest } = whole.value;
  assert.deepEqual({ ...parsed.value, ...rest }, parsed.value);
  assert.deepEqual(parsed.value.sites.domains, ['shop.example']);
  assert.deepEqual(parsed.value.leads.events, whole.value.leads.events);
  assert.deepEqual(parsed.value.leads.ladder, {}, 'nobody inherits what the leads of the demo are worth');
});

test('a listed event overrides its default by field, and the other events stay', () => {
  const parsed = parseSpec(`${MINIMAL}events: { Purchase: { delay: 10s }, Quiz: { legs: pixel }, Subscribe: {} }\n`);
  assert.ok(parsed.ok);
  const rule = (name: string) => ruleFor(parsed.value, name);
  assert.deepEqual(
    [rule('Purchase').delay, rule('Purchase').confirm, rule('Purchase').guarded],
    [10_000, 'webhook', true],
  );
  assert.deepEqual([rule('Quiz').legs, rule('Quiz').guarded, rule('Quiz').require], ['pixel', false, []]);
  assert.equal(rule('Subscribe').guarded, true);
  assert.deepEqual(rule('ViewContent').require, ['content_id', 'content_type', 'page_category']);
});

test('http is accepted for the own machine', () => {
  for (const origin of [
    'http://localhost:3000',
    'http://shop.localhost:8080',
    'http://127.0.0.1:80801',
    'http://[::1]:3000',
  ]) {
    const parsed = parseSpec(MINIMAL.replace('https://shop.example', origin));
    assert.equal(parsed.ok, !origin.endsWith('80801'), origin);
  }
});

test('shares are read as a percentage or a number', () => {
  const parsed = parseSpec(`${MINIMAL}viewThrough: { marketing: 50%, finance: 0.25 }\n`);
  assert.deepEqual(parsed.ok && parsed.value.viewThrough, { marketing: 0.5, finance: 0.25 });
});

describe('rates', () => {
  const read = (rates: string, csv?: string) =>
    parseSpec(`${MINIMAL}money: { rates: ${rates} }\n`, { rates: (file) => (file === 'rates.csv' ? csv : undefined) });

  test('stand in the file or beside it and mean the same', () => {
    const inline = read('{ UYU: "0.023 2026-11-01", ALL: "0.01 2026-11-02" }');
    const beside = read(
      'rates.csv',
      '\uFEFFcurrency,rate,date\r\nALL, 0.01, 2026-11-02\r\n\r\nUYU,0.023,2026-11-01\r\n',
    );
    assert.ok(inline.ok && beside.ok);
    assert.equal(inline.value.hash, beside.value.hash);
    assert.deepEqual(inline.value.money.rates[1], { currency: 'UYU', rate: '0.023', date: '2026-11-01' });
  });

  test('name every faulty line of the file', () => {
    const parsed = read(
      'rates.csv',
      'currency;rate;date\nXXX,1,2026-01-01\nUYU,0,2026-01-01\nUYU,1,2026-01-02\nUYU,2,2026-01-02\nUYU,1,2026-01-03,x\nUYU,1,2026\n',
    );
    assert.ok(!parsed.ok);
    assert.deepEqual(
      parsed.problems.map(({ where, code, line, column }) => `${where} ${code} ${line}:${column}`),
      [
        'rates.csv:1 rates_header',
        'rates.csv:2 rates_currency',
        'rates.csv:3 rates_row',
        'rates.csv:5 rates_twice',
        'rates.csv:6 rates_row',
        'rates.csv:7 rates_row',
      ].map((line) => `${line} 5:17`),
    );
  });
});

describe('hostile files', () => {
  const hostile: Record<string, string> = {
    'nothing at all': '',
    'a zero byte': '\0',
    'more than 256 KB': `#${'x'.repeat(256 * 1024)}`,
    'endless lists': '['.repeat(100_000),
    'endless sections': '{a: '.repeat(60_000),
    'endless entries': '- '.repeat(120_000),
    'many keys': Array.from({ length: 30_000 }, (_, index) => `k${index}:`).join('\n'),
    'many events': `events:\n${Array.from({ length: 15_000 }, (_, index) => `  e${index}: {}`).join('\n')}`,
    'one key again and again': 'a:\n'.repeat(60_000),
    'laughs by the billion': `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghijk'].map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]},`.repeat(9)}]`).join('\n')}`,
    'a merge key': `${MINIMAL}<<: { assay: 2 }`,
    'a proto key': `${MINIMAL}__proto__: { polluted: true }`,
  };
  for (const [name, text] of Object.entries(hostile))
    test(`${name} gives problems, soon`, () => {
      const startedAt = performance.now();
      const parsed = parseSpec(text);
      assert.ok(!parsed.ok && parsed.problems.length > 0 && parsed.problems.length <= 500);
      assert.ok(performance.now() - startedAt < 5000, `took ${performance.now() - startedAt} ms`);
      assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    });

  test('a key named like the prototype is kept as a plain key in a scenario', () => {
    const parsed = parseSpec(
      `${MINIMAL}scenarios: [{ name: a, given: [{ __proto__: { polluted: 1 } }], expect: null }]\n`,
    );
    assert.ok(parsed.ok);
    assert.ok(Object.hasOwn(parsed.value.scenarios[0]?.given[0] as object, '__proto__'));
  });

  test('no mutation of the default throws, hangs or points outside the text', () => {
    const words = [
      '',
      ':',
      '"',
      '*a',
      '&a ',
      '[',
      '}',
      '\t',
      '\r\n',
      '- ',
      '? ',
      '|',
      '!!set ',
      '\u2028',
      '\ud800',
      '999999999999999999999',
      'null',
      '#',
      '<<',
      '%YAML 9',
      '---\n',
    ];
    const mutation = fc.record({
      at: fc.nat(DEFAULT_TRACKING_YAML.length),
      drop: fc.nat(12),
      put: fc.constantFrom(...words),
    });
    const tookMs: number[] = [];
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
        const text = mutations.reduce(
          (yaml, { at, drop, put }) => yaml.slice(0, at) + put + yaml.slice(at + drop),
          DEFAULT_TRACKING_YAML,
        );
        const startedAt = performance.now();
        const parsed = parseSpec(text);
        tookMs.push(performance.now() - startedAt);
        const lines = text.split('\n');
        for (const { line = 0, column = 0 } of parsed.ok ? [] : parsed.problems) {
          assert.ok(line >= 1 && line <= lines.length, `line ${line} of ${lines.length}`);
          assert.ok(
            column >= 1 && column <= (lines[line - 1] ?? '').length + 1,
            `column ${column} in ${lines[line - 1]}`,
          );
        }
      }),
      { numRuns: 800 },
    );
    // One run in a hundred may fall into a pause of the machine.
    const usualMs = tookMs.sort((a, b) => a - b)[Math.floor(tookMs.length * 0.99)] ?? Number.POSITIVE_INFINITY;
    assert.ok(usualMs < 50, `99 of 100 took up to ${usualMs} ms`);
  });
});
