import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Compile } from 'typebox/schema';
import { parse } from 'yaml';
import { defaultSpec, ruleFor } from './default.ts';
import { DEFAULT_TRACKING_YAML } from './default-text.ts';
import { parseSpec } from './parse.ts';
import { jsonSchema } from './shape.ts';
import type { Spec } from './spec.ts';
import { sameMeaning, specHash } from './version.ts';

test('the commented example means what the default means', () => {
  const example = parseSpec(readFileSync('examples/tracking.yaml', 'utf8'));
  assert.ok(example.ok);
  assert.deepEqual(example.value, defaultSpec());
});

test('the examples of the guide are valid', () => {
  const guide = readFileSync('docs/guides/tracking-spec.md', 'utf8');
  const [smallest = '', ...parts] = [...guide.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  assert.ok(parts.length > 2);
  for (const part of ['', ...parts]) assert.deepEqual(parseSpec(smallest + part).ok, true, part);
});

test('the default asks for the parameters that most shops need', () => {
  const { events, delivery, freeze, money } = defaultSpec();
  assert.deepEqual(
    Object.entries(events).map(([name, rule]) => [name, rule.require.join(' '), rule.guarded]),
    [
      ['ViewContent', 'content_id content_type page_category', false],
      ['AddToCart', 'content_id quantity value currency', false],
      ['InitiateCheckout', 'num_items value currency step', false],
      ['Purchase', 'order_id value currency contents', true],
    ],
  );
  assert.deepEqual([delivery.merge, delivery.drop, freeze, money.rates], [240_000, 169_200_000, null, []]);
});

test('an unlisted event needs nothing and goes by both legs, guarded only by its name', () => {
  const spec = defaultSpec();
  for (const name of ['Search', 'constructor', '__proto__', '']) {
    const { legs, require, guarded, confirm } = ruleFor(spec, name);
    assert.deepEqual(
      { legs, require, guarded, confirm },
      { legs: 'hybrid', require: [], guarded: false, confirm: 'none' },
    );
  }
  for (const name of ['Lead', 'CompleteRegistration', 'Subscribe']) assert.ok(ruleFor(spec, name).guarded);
  assert.equal(ruleFor(spec, 'Purchase'), spec.events['Purchase']);
});

test('an event listed without fields has the rule of an unlisted one', () => {
  const listed = parseSpec(DEFAULT_TRACKING_YAML.replace('events:\n', 'events:\n  Search: {}\n  Lead: {}\n'));
  assert.ok(listed.ok);
  for (const name of ['Search', 'Lead']) assert.deepEqual(listed.value.events[name], ruleFor(defaultSpec(), name));
});

test('comments, spacing, order of keys and spelling of durations leave the hash as it is', () => {
  const other = parseSpec(
    DEFAULT_TRACKING_YAML.replace('linger: 1s\n  firstRetry: 1s', '# quick\n  firstRetry:   1000ms\n  "linger": 1s')
      .replace('within: 30m', 'within: 1800s')
      .replace('viewThrough: { marketing: 1, finance: 0 }', 'viewThrough:\n  finance: 0%\n  marketing: 100%')
      .replaceAll('\n', '\r\n'),
  );
  assert.ok(other.ok);
  assert.equal(other.value.hash, defaultSpec().hash);
  assert.match(other.value.hash, /^[0-9a-f]{64}$/);
});

test('a change of any value changes the hash, and the version does not', () => {
  const spec = defaultSpec();
  const changes: ((copy: Spec) => void)[] = [
    (copy) => (copy.delivery.linger += 1),
    (copy) => copy.sites.urlParameters.push('gclid'),
    (copy) => (copy.leads.ladder['new'] = '1.00 EUR'),
    (copy) => delete copy.events['AddToCart'],
    (copy) => (copy.freeze = { until: '2026-12-15', because: 'test', what: ['money'] }),
    (copy) => copy.attribution.match.reverse(),
  ];
  for (const change of changes) {
    const copy = structuredClone(spec);
    change(copy);
    assert.ok(!sameMeaning(spec, copy), change.toString());
  }
  const later: Spec = { ...spec, version: 99, hash: '' };
  assert.ok(sameMeaning(spec, later));
  assert.equal(specHash(spec), spec.hash);
});

test('the schema for editors accepts what the parser accepts', () => {
  const schema = Compile(jsonSchema());
  const [smallest = ''] =
    /(?<=```yaml\n)assay.*?(?=```)/s.exec(readFileSync('docs/guides/tracking-spec.md', 'utf8')) ?? [];
  for (const text of [readFileSync('examples/tracking.yaml', 'utf8'), DEFAULT_TRACKING_YAML, smallest])
    assert.deepEqual(schema.Errors(parse(text)), [true, []]);
  for (const wrong of ['delay: 5 seconds', 'delai: 5s'])
    assert.ok(!schema.Check(parse(DEFAULT_TRACKING_YAML.replace('delay: 5s', wrong))), wrong);
});

test('the schema for editors explains every field and asks only for what must be written', () => {
  const schema = jsonSchema() as Record<string, unknown>;
  assert.equal(schema['$schema'], 'https://json-schema.org/draft/2020-12/schema');
  assert.deepEqual(schema['required'], ['assay', 'business', 'sites', 'destinations']);
  const bare: string[] = [];
  const walk = (part: unknown, path: string) => {
    const {
      properties = {},
      items,
      patternProperties,
      anyOf = [],
    } = part as Record<'properties' | 'items' | 'patternProperties', object> & { anyOf?: object[] };
    for (const [key, field] of Object.entries(properties)) {
      if (!(field as { description?: string }).description && !path.startsWith('.scenarios'))
        bare.push(`${path}.${key}`);
      walk(field, `${path}.${key}`);
    }
    for (const inner of [items, ...Object.values(patternProperties ?? {}), ...anyOf]) if (inner) walk(inner, path);
  };
  walk(schema, '');
  assert.deepEqual(bare, []);
});
