import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockText, dayText, fullText, listText, preciseText, utcText, zoneName, zoneText } from './clock.ts';

const at = Date.UTC(2026, 10, 22, 23, 30, 5, 7);

test('a time of today is the clock alone, in the zone', () => {
  assert.equal(clockText(at, 'UTC', at + 60_000), '23:30:05');
  assert.equal(clockText(at, 'Europe/Berlin', at + 60_000), '00:30:05');
});

test('a time of another day in the zone carries its day', () => {
  assert.equal(clockText(at, 'UTC', at + 3_600_000), '22 Nov 23:30:05');
  assert.equal(clockText(at, 'Europe/Berlin', at + 3_600_000), '00:30:05');
});

test('in a list a time is as short as its day and year allow', () => {
  assert.equal(listText(at, 'UTC', at + 60_000), '23:30');
  assert.equal(listText(at, 'UTC', at + 3_600_000), '22 Nov 23:30');
  assert.equal(listText(at, 'UTC', at + 40 * 86_400_000), '22 Nov 2026');
});

test('the full text names day, clock and zone', () => {
  assert.equal(fullText(at, 'Europe/Berlin'), '23 Nov 2026, 00:30:05 CET');
  assert.equal(fullText(Date.UTC(2026, 6, 1, 10), 'Europe/Berlin'), '1 Jul 2026, 12:00:00 CEST');
});

test('the UTC text has every digit', () => {
  assert.equal(utcText(at), '2026-11-22 23:30:05.007 UTC');
});

test('the precise text keeps milliseconds with their zeros', () => {
  assert.equal(preciseText(at, 'UTC'), '23:30:05.007');
});

test('a zone is named with its short name, once', () => {
  assert.equal(zoneName(at, 'Europe/Berlin'), 'Europe/Berlin (CET)');
  assert.equal(zoneName(at, 'UTC'), 'UTC');
});

test('a zone that the machine does not know is shown as UTC', () => {
  assert.equal(dayText(at, 'Mars/Olympus'), '22 Nov 2026');
  assert.equal(zoneText(at, 'Mars/Olympus'), 'UTC');
});
