import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { goldenInputs } from '../../test/golden-inputs.ts';
import type { EventRow, Json, JsonObject, Personal, Source } from '../event/event.ts';
import type { ToldEvent } from '../event/told.ts';
import { defaultSpec } from '../spec/default.ts';
import type { JournalRecord } from '../store/journal.ts';
import { newEvent } from './events.ts';
import { normalise } from './normalise.ts';
import { Working } from './working.ts';

const NOW = Date.UTC(2026, 7, 1, 12);
const spec = { ...defaultSpec(), version: 1 };
const PERSONAL: Personal = { user: { email: ['h'] }, page: { url: 'https://shop.example/' } };

test('normalising twice changes nothing: neither the row nor its key', () => {
  let accepted = 0;
  fc.assert(
    fc.property(told(), (body) => {
      const [first, key] = rowOf(body);
      if (!first) return;
      accepted++;
      const [again, keyAgain] = rowOf(toldFrom(first, body.draft));
      assert.deepEqual(again, first);
      assert.deepEqual(keyAgain, key);
    }),
    { numRuns: 2000, seed: 11 },
  );
  assert.ok(accepted > 400, `only ${accepted} were accepted`);
});

test('the order of the fields changes nothing', () => {
  fc.assert(
    fc.property(told(), (body) => {
      const [row, key] = rowOf(body);
      const [turned, turnedKey] = rowOf(backwards(body as unknown as JsonObject) as unknown as ToldEvent);
      assert.deepEqual(Object.keys(turned?.properties ?? {}), Object.keys(row?.properties ?? {}));
      assert.deepEqual([turned, turnedKey], [row, key]);
    }),
    { numRuns: 1000, seed: 12 },
  );
});

test('nothing hostile makes it throw, and all that it refuses says why', () => {
  fc.assert(
    fc.property(told(anything()), (body) => {
      for (const { where, what, fix, code } of normalise(body, PERSONAL, spec, NOW).problems)
        assert.ok(where !== '' && what !== '' && fix !== '' && code !== '');
    }),
    { numRuns: 3000, seed: 13 },
  );
});

test('a draft’s key is never a live event’s', () => {
  fc.assert(
    fc.property(told(), (body) => {
      const { draft: _draft, ...live } = body;
      const [row, key] = rowOf(live);
      const [draft, draftKey] = rowOf({ ...live, draft: true });
      if (!row || !draft) return;
      assert.notEqual(draft.sourceId, row.sourceId);
      assert.ok(draft.eventId.startsWith('draft-') && !row.eventId.startsWith('draft-'));
      assert.notDeepEqual(draftKey, key);
    }),
    { numRuns: 1000, seed: 14 },
  );
});

/** The row of an accepted event as its first observation makes it, without what only the receipt knows. */
function rowOf(body: ToldEvent): [row: EventRow | undefined, key: Uint32Array] {
  const record = { seq: 1, kind: 'event', door: 'server', keyId: 'k', receivedAt: NOW, body: {}, personal: PERSONAL };
  const draft = normalise(body, PERSONAL, spec, NOW);
  if (draft.problems.length > 0) return [undefined, draft.key];
  const none = { guard: undefined as never, specs: new Map(), keys: new Map(), tests: new Map() };
  const context = { spec, working: new Working(), ...none };
  return [{ ...newEvent(record as unknown as JournalRecord, draft, context), observations: [] }, draft.key];
}

/** An event told again in its own normalised form. */
function toldFrom(row: EventRow, draft: true | undefined): ToldEvent {
  const [value, currency] = row.value?.split(' ') ?? [];
  return {
    event: row.name,
    event_id: row.eventId,
    time: row.occurredAt / 1000,
    source: row.source,
    consent: row.consent,
    origin: row.origin,
    properties: { ...row.properties, ...(value && currency ? { value, currency } : {}) },
    ...(row.visitor === undefined ? {} : { visitor: row.visitor }),
    ...(row.session === undefined ? {} : { session: row.session }),
    ...(row.app ? { app: row.app } : {}),
    ...(row.ad ? { ad: row.ad } : {}),
    ...(row.lead ? { lead: row.lead } : {}),
    ...(draft ? { draft } : {}),
  };
}

function backwards(value: Json): Json {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, inner]) => [name, backwards(inner)]),
  );
}

/** Events as senders tell them, changed here and there. */
function told(odd: fc.Arbitrary<Json> = slightly()): fc.Arbitrary<ToldEvent> {
  const sources: Source[] = ['web', 'app', 'offline', 'crm'];
  const golden = sources.flatMap((source) => goldenInputs(source)).map(({ user: _user, page: _page, ...body }) => body);
  const fields = fc.constantFrom(
    'status',
    'order_id',
    'price',
    'contents',
    'value',
    'currency',
    'own',
    'own_id',
    'step',
    'content_type',
  );
  return fc
    .record({
      body: fc.constantFrom(...golden),
      properties: fc.dictionary(fields, odd, { maxKeys: 3, noNullPrototype: true }),
      event: fc.option(fc.oneof(fc.string(), fc.constantFrom('CompletePayment', 'PlaceAnOrder')), {
        nil: undefined,
        freq: 6,
      }),
      event_id: fc.option(fc.oneof(fc.uuid(), fc.string()), { nil: undefined }),
      sent_at: fc.option(fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }), { nil: undefined }),
      origin: fc.constantFrom('visitor', 'system', undefined),
      visitor: fc.constantFrom('v-1', undefined),
      draft: fc.constantFrom(true, undefined),
    })
    .map(({ body, properties, ...more }) => {
      const set = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
      return {
        ...body,
        ...set,
        properties: { ...(body['properties'] as JsonObject), ...properties },
      } as unknown as ToldEvent;
    });
}

function slightly(): fc.Arbitrary<Json> {
  return fc.oneof(
    fc.nat(),
    fc.string(),
    fc.constantFrom<Json>('59.90', ' 7 ', 'EUR', 'jpy', 'product', 'a\u200bb', '0042', 1.239, [
      { content_id: 'a', own_id: 7 },
    ]),
  );
}

function anything(): fc.Arbitrary<Json> {
  const hostile = fc.constantFrom<Json>(
    '__proto__',
    '\u0000',
    '\ud800',
    '9'.repeat(5000),
    'e'.repeat(500),
    '1e999',
    '-0',
    1e308,
    -1e308,
    5e-324,
    '٣',
    '<script>',
  );
  return fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.jsonValue() as fc.Arbitrary<Json>);
}
