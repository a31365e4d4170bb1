import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, durationText, HOUR, MINUTE, parseDuration, SECOND } from './time.ts';

const table = `
  250ms  250
  5s     5000
  10m    600000
  36h    129600000
  14d    1209600000
  0s     0
`;
for (const row of table.trim().split('\n')) {
  const [text = '', ms] = row.trim().split(/\s+/);
  test(`${text} is ${ms} milliseconds`, () => {
    assert.equal(parseDuration(text), Number(ms));
  });
}

for (const text of ['', '5', 's', '5 s', '-5s', '1.5h', '5S', '5w', '1h30m', '9999999999d'])
  test(`"${text}" is no duration`, () => {
    assert.equal(parseDuration(text), undefined);
  });

test('a duration is written in its largest whole unit', () => {
  assert.equal(durationText(36 * HOUR), '36h');
  assert.equal(durationText(2 * DAY), '2d');
  assert.equal(durationText(90 * SECOND), '90s');
  assert.equal(durationText(10 * MINUTE), '10m');
  assert.equal(durationText(1500), '1500ms');
  assert.equal(durationText(0), '0ms');
});

test('a written duration reads back as itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 400 * DAY }), (ms) => {
      // Nine digits of milliseconds are eleven days; a longer odd number of them is never written by people.
      const whole = ms > 10 * DAY ? ms - (ms % SECOND) : ms;
      assert.equal(parseDuration(durationText(whole)), whole);
    }),
  );
});
