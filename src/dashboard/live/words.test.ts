import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOurDoor, isOurs, kindSays, nameOf } from './words.ts';

const table = `
  # kind        event       reasons             name
  event         ViewContent first_observation   ViewContent
  order         Purchase    first_observation   Purchase
  payment       -           orphan_payment      Payment
  payment       Purchase    order_paid          Payment
  lead          -           lead_noted          Lead step
  touch         -           ad_click            Ad click
  touch         -           ad_view             Ad view
  consent       -           consent_withdrawn   Consent withdrawn
  engagement    -           engagement_noted    Page visit
  foreign       -           foreign_call        Foreign pixel call
  fired         Purchase    handout_fired       Pixel fired
  key           -           key_changed         Key changed
  test          -           test_session        Test session
  sent          -           noted               Sent to TikTok
  unread        -           body_not_json       Unreadable request
  new_thing     -           -                   new_thing
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [kind = '', event = '', reasons = '', name] = line.trim().split(/\s{2,}|(?<=\S) (?=first)/);
  test(`a record of kind ${kind} with ${reasons} is called ${name}`, () => {
    assert.equal(nameOf({ kind, verdict: 'admitted', reasons: [reasons], ...(event === '-' ? {} : { event }) }), name);
  });
}

test('what Assay writes about its own sending is ours, and what anybody tells is not', () => {
  assert.deepEqual(
    ['sent', 'answer', 'handout', 'expired'].map((kind) => isOurs({ kind })),
    [true, true, true, true],
  );
  assert.deepEqual(
    ['event', 'fired', 'spec', 'key', 'unread'].some((kind) => isOurs({ kind })),
    false,
  );
  assert.deepEqual(['answer', 'timer', 'browser', 'operator'].map(isOurDoor), [true, true, false, false]);
});

test('a request that was refused is called so', () => {
  assert.equal(nameOf({ kind: 'unread', verdict: 'refused', reasons: ['key_unknown'] }), 'Refused request');
});

test('a kind that has no words speaks for itself', () => {
  assert.equal(kindSays('new_thing'), 'new_thing');
});
