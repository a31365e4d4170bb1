import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  BROWSER_RENAMES,
  CURRENCIES,
  currentName,
  isAllowedName,
  isWellFormedName,
  LEGACY_EVENTS,
  STANDARD_EVENTS,
} from './names.ts';

const published = JSON.parse(
  readFileSync(new URL('../../../test/data/tiktok-standard-events.json', import.meta.url), 'utf8'),
) as {
  web_offline_crm: { event: string }[];
  legacy: { event: string; current_name: string | null }[];
  pixel_2024_browser_side_renames: { map: Record<string, string> };
};

test('the standard events, old names and renames are the published ones', () => {
  assert.deepEqual(
    [...STANDARD_EVENTS],
    published.web_offline_crm.map(({ event }) => event),
  );
  for (const { event, current_name: current } of published.legacy) {
    assert.equal(LEGACY_EVENTS.has(event), event !== 'Pageview');
    assert.equal(currentName(event), current ?? event);
  }
  assert.deepEqual(BROWSER_RENAMES, published.pixel_2024_browser_side_renames.map);
});

test('62 currencies are supported', () => {
  assert.equal(CURRENCIES.size, 62);
  for (const code of CURRENCIES) assert.match(code, /^[A-Z]{3}$/);
});

test('offline takes standard names, old ones too, and the others take any', () => {
  assert.ok(isAllowedName('Purchase', 'offline'));
  assert.ok(isAllowedName('SubmitForm', 'offline'));
  assert.ok(!isAllowedName('Refund', 'offline'));
  assert.ok(isAllowedName('Refund', 'web'));
});

test('a custom name begins with a letter, ends with a letter or digit and has at most 50 characters', () => {
  for (const name of ['a', 'Refund', 'a_b-2', 'a'.repeat(50)]) assert.ok(isWellFormedName(name), name);
  for (const name of ['', '1a', '_a', 'a_', 'a b', 'ä', 'a'.repeat(51)]) assert.ok(!isWellFormedName(name), name);
});
