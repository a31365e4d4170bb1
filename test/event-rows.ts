import fc from 'fast-check';
import type { EventRow, JsonObject, MatchKeys } from '../src/event/event.ts';
import { eventRow } from '../src/store/sample-rows.ts';

/** Text as it may come from outside: words that look like JSON, quotes, what is escaped, and what is not Latin. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string(),
  fc.array(fc.constantFrom('"', '\\', ':[', ']', '{', '}', ',', 'a', 'ü', '😀', '\n', '\u2028', '\ud800')).map(join),
);
const name = fc.oneof(
  fc.constantFrom('value', 'currency', 'source', 'origin', '__proto__', '7', '07', 'content_id', 'contents'),
  text,
);
const hash = fc.constantFrom('a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64));
const hashes = fc.array(hash, { maxLength: 3 });
const object: fc.Arbitrary<JsonObject> = fc
  .dictionary(name, fc.oneof(text, fc.jsonValue() as fc.Arbitrary<JsonObject>), { maxKeys: 5 })
  .map((told) => JSON.parse(JSON.stringify(told)) as JsonObject);
const user: fc.Arbitrary<MatchKeys> = fc.record(
  { email: hashes, ttclid: text, phone: hashes, user_agent: text, external_id: hashes, ip: text },
  { requiredKeys: [] },
);
const page = fc.record({ url: text, referrer: text }, { requiredKeys: [] });
const money = fc.constantFrom('59.90 EUR', '0.00 EUR', '5990 JPY', '12345678.10 USD', '0.001 KWD');

/** Events as the ledger gives them back: of every source, with any of their parts. */
export const eventRows: fc.Arbitrary<EventRow> = fc
  .record(
    {
      source: fc.constantFrom('web', 'app', 'offline', 'crm'),
      name: fc.oneof(fc.constantFrom('Purchase', 'Lead', 'AddToCart'), text),
      eventId: text,
      origin: fc.constantFrom('visitor', 'system'),
      consent: fc.constantFrom('granted', 'denied', 'unknown'),
      occurredAt: fc.integer({ min: 0, max: 4e12 }),
      properties: object,
      sendValue: fc.option(money),
      visitor: text,
      orderId: text,
      rate: fc.constant({ rate: '1.1', date: '2026-01-01' }),
      app: object,
      ad: object,
      lead: fc.oneof(object, fc.record({ lead_id: text, lead_event_source: text, status: text })),
      limitedDataUse: fc.boolean(),
      personal: fc.option(fc.record({ user, page }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  )
  .chain((more) =>
    fc.option(money).map((value) => {
      const { value: _, ...row } = eventRow(1, more as Partial<EventRow>);
      return JSON.parse(JSON.stringify(value === null ? row : { ...row, value })) as EventRow;
    }),
  );

function join(parts: readonly string[]): string {
  return parts.join('');
}
