import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Source } from '../event/event.ts';
import { exponentOf } from '../event/money.ts';
import { TIKTOK_CURRENCIES } from './currencies.ts';
import {
  APP_EVENTS,
  checkName,
  currentName,
  type Generation,
  nameFor,
  otherName,
  PIXEL_RENAMED,
  STANDARD_EVENTS,
} from './names.ts';

const published = JSON.parse(
  readFileSync(new URL('../../test/data/tiktok-standard-events.json', import.meta.url), 'utf8'),
) as {
  web_offline_crm: { event: string }[];
  app: { events: { event: string }[] };
  legacy: { event: string; current_name: string | null }[];
  pixel_2024_browser_side_renames: { map: Record<string, string> };
};

test('the standard names are the published ones', () => {
  const isPageview = (name: string): boolean => name.toLowerCase() === 'pageview';
  assert.deepEqual(
    new Set<string>(STANDARD_EVENTS),
    new Set(published.web_offline_crm.map(({ event }) => event).filter((name) => !isPageview(name))),
  );
  assert.deepEqual(new Set<string>(APP_EVENTS), new Set(published.app.events.map(({ event }) => event)));
});

test('a renamed event has one name here, and its old one where a destination wants that', () => {
  for (const { event, current_name: current } of published.legacy) {
    assert.equal(currentName(event, 'web'), current ?? event);
    if (current) assert.equal(nameFor(current, 'web', 'legacy'), event);
    assert.equal(currentName(event, 'app'), event, 'app events were never renamed');
  }
  assert.equal(nameFor('Purchase', 'app', 'legacy'), 'Purchase');
  for (const name of [...STANDARD_EVENTS, 'constructor', 'toString', '__proto__']) {
    assert.equal(nameFor(name, 'web', 'current'), name);
    assert.equal(currentName(nameFor(name, 'web', 'legacy'), 'web'), name);
  }
});

test('a name that TikTok’s script turns into a standard one in the page is that event, on web alone', () => {
  const script = published.pixel_2024_browser_side_renames.map;
  for (const [told, current] of Object.entries(PIXEL_RENAMED)) {
    assert.equal(script[told], current);
    assert.equal(currentName(told, 'web'), current);
    for (const source of ['app', 'crm', 'offline'] as const) assert.equal(currentName(told, source), told);
  }
});

test('the name that a destination wants instead of the one told', () => {
  for (const [told, name, generations, wanted] of [
    ['CompletePayment', 'Purchase', ['current'], 'Purchase'],
    ['CompletePayment', 'Purchase', ['legacy'], undefined],
    ['Purchase', 'Purchase', ['current'], undefined],
    ['Purchase', 'Purchase', ['legacy'], 'CompletePayment'],
    ['Lead', 'Lead', ['current', 'legacy'], 'SubmitForm'],
    ['PageView', 'Pageview', ['legacy'], 'Pageview'],
    ['StartCheckout', 'InitiateCheckout', ['legacy'], 'InitiateCheckout'],
    ['Search', 'Search', ['legacy', 'current'], undefined],
    ['constructor', 'constructor', ['legacy'], undefined],
  ] as [string, string, Generation[], string | undefined][]) {
    const destinations = generations.map((eventNames) => ({ eventNames }));
    assert.equal(otherName(told, name, 'web', destinations), wanted, `${told} for ${generations}`);
    assert.equal(otherName(name, name, 'app', destinations), undefined, 'app events were never renamed');
  }
});

test('which names a source takes', () => {
  const rows: [string, Source, boolean][] = [
    ...STANDARD_EVENTS.flatMap((name) =>
      (['web', 'offline', 'crm'] as const).map((source): [string, Source, boolean] => [name, source, true]),
    ),
    ...APP_EVENTS.map((name): [string, Source, boolean] => [name, 'app', true]),
    ['Pageview', 'web', true],
    ['PlaceAnOrder', 'web', true],
    ['ClickButton', 'web', true],
    ['My-Event_2', 'web', true],
    ['a', 'web', true],
    ['a'.repeat(50), 'web', true],
    ['a'.repeat(51), 'web', false],
    ['purchase', 'web', false],
    ['VIEWCONTENT', 'app', false],
    ['2nd', 'web', false],
    ['ends_', 'web', false],
    ['with space', 'web', false],
    ['Größe', 'web', false],
    ['', 'web', false],
    ['PlaceAnOrder', 'offline', true],
    ['ClickButton', 'crm', true],
    ['MyEvent', 'offline', false],
    ['Pageview', 'offline', false],
    ['Terminvereinbarung: Büro', 'crm', true],
    ['', 'crm', false],
  ];
  for (const [name, source, ok] of rows) {
    const check = checkName(name, source);
    assert.equal(check.ok, ok, `${name} on ${source}`);
    if (!check.ok) assert.ok(check.what !== '' && check.fix !== '');
  }
});

test('TikTok’s 62 currencies all have their digits in the ISO table', () => {
  assert.equal(TIKTOK_CURRENCIES.size, 62);
  for (const code of TIKTOK_CURRENCIES) assert.notEqual(exponentOf(code), undefined, code);
  assert.deepEqual(['EUR', 'JPY', 'KWD', 'BHD', 'OMR', 'CLP', 'KRW', 'VND'].map(exponentOf), [2, 0, 3, 3, 3, 0, 0, 0]);
});
