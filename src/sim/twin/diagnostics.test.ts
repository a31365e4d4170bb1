import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../event/event.ts';
import { diagnose } from './diagnostics.ts';

const HASH = 'ab'.repeat(32);
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const ITEM = { content_id: 'S', price: 1, quantity: 1 };
const GOOD = { value: 1, currency: 'EUR', contents: [ITEM] };

// Event, user, properties, and the rules that point them out.
const cases: readonly [event: string, user: JsonObject, properties: JsonObject, rules: string][] = [
  ['Purchase', { email: HASH }, GOOD, ''],
  ['Purchase', { phone: HASH }, { ...GOOD, content_type: 'product_group' }, ''],
  ['Pageview', {}, {}, ''],
  ['undefined', { ttp: 't' }, {}, 'EMPTY_EVENT_TYPE_NAME'],
  ['a'.repeat(51), { ttp: 't' }, {}, 'LONG_EVENT_TYPE_NAME'],
  ['my event', { ttp: 't' }, {}, 'MISMATCHED_EVENT_TYPE_NAME_FOR_CUSTOM_EVENT'],
  ['Purchase', { email: HASH }, { contents: [ITEM] }, 'MISSING_VALUE_PARAMETER MISSING_CURRENCY_PARAMETER'],
  ['Contact', { ttp: 't' }, { value: 1 }, 'MISSING_CURRENCY_PARAMETER'],
  ['Contact', { ttp: 't' }, { currency: 'EUR' }, 'MISSING_VALUE_PARAMETER'],
  ['Contact', { ttp: 't' }, { value: '12.5', currency: 'EUR' }, ''],
  ['Contact', { ttp: 't' }, { value: '12,5', currency: 'EUR' }, 'INVALID_EVENT_PARAMETER_VALUE'],
  ['Contact', { ttp: 't' }, { value: -1, currency: 'EUR' }, 'INVALID_EVENT_PARAMETER_VALUE'],
  ['Contact', { ttp: 't' }, { value: 1, currency: 'UYU' }, 'INVALID_CURRENCY_CODE'],
  ['ViewContent', { ttp: 't' }, {}, 'MISSING_CONTENT_ID'],
  ['ViewContent', { ttp: 't' }, { content_id: 'S' }, ''],
  ['ViewContent', { ttp: 't' }, { content_ids: ['S'] }, ''],
  ['ViewContent', { ttp: 't' }, { contents: [ITEM, {}] }, 'MISSING_CONTENT_ID'],
  ['ViewContent', { ttp: 't' }, { contents: [{ content_id: ' ' }] }, 'INVALID_CONTENT_ID'],
  ['Search', { ttp: 't' }, { content_type: 'shirt' }, 'INVALID_CONTENT_TYPE'],
  ['Search', { ttp: 't' }, { contents: [ITEM], content_ids: ['S'] }, 'CONTENTS_AND_CONTENT_IDS'],
  ['Purchase', { ttp: 't' }, GOOD, 'MISSING_EMAIL_AND_PHONE'],
  ['Contact', {}, {}, 'MISSING_MATCH_KEYS'],
  ['Contact', { email: '' }, {}, 'MISSING_MATCH_KEYS INVALID_EMAIL_INFORMATION'],
  ['Contact', { email: NOTHING }, {}, 'INVALID_EMAIL_INFORMATION'],
  ['Contact', { email: [HASH, 'a@b.example'] }, {}, 'INVALID_EMAIL_FORMAT'],
  ['Contact', { phone: '0151 1' }, {}, 'INVALID_PHONE_NUMBER_FORMAT'],
  ['Contact', { phone: 'undefined', ttp: 't' }, {}, 'INVALID_PHONE_NUMBER_INFORMATION'],
  ['Contact', { external_id: 'user_1' }, {}, 'INVALID_EXTERNAL_ID_FORMAT'],
  ['Contact', { ttp: 't', ttclid: 'null' }, {}, 'EMPTY_MATCH_KEY'],
  ['Contact', { ip: '192.168.0.1' }, {}, 'INVALID_IP'],
  ['Contact', { ip: '2001:db8::1' }, {}, ''],
  ['Contact', { ttp: 't', phone_number: HASH }, {}, 'UNKNOWN_FIELD'],
];

for (const [event, user, properties, rules] of cases) {
  const shown = `${event.slice(0, 20)} ${JSON.stringify(user).slice(0, 40)} ${JSON.stringify(properties)}`;
  test(`${shown} is pointed out as ${rules || 'nothing'}`, () => {
    assert.equal(rulesOf({ event, event_id: 'e', user, properties }), rules);
  });
}

test('an event without an id, or with a field in the wrong place, is pointed out', () => {
  assert.equal(rulesOf({ event: 'Contact', user: { ttp: 't' } }), 'MISSING_EVENT_ID');
  const misplaced = { event: 'Contact', event_id: 'e', user: { ttp: 't' }, test_event_code: 'T', timestamp: 'x' };
  assert.equal(rulesOf(misplaced), 'MISPLACED_TEST_EVENT_CODE UNKNOWN_FIELD');
});

test('a CRM event needs no match keys beside its lead', () => {
  const body = { event: 'Qualified', event_id: 'e', lead: { lead_id: '1' } };
  assert.equal(rulesOf(body, 'crm'), '');
});

function rulesOf(body: JsonObject, source: 'web' | 'crm' = 'web'): string {
  const receipt = {
    source,
    sourceId: 'p',
    channel: 'api',
    at: 0,
    requestId: 'r',
    test: undefined,
    body,
    raw: body,
  } as const;
  return diagnose(receipt)
    .map(({ rule }) => rule)
    .join(' ');
}
