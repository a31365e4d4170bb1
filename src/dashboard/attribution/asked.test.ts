import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addressOf,
  askedOf,
  behind,
  figureQuestion,
  questionOf,
  rowAsks,
  wayTo,
  widest,
  windowsQuestionOf,
} from './asked.ts';

test('an address is read and written alike, in one order', () => {
  const address =
    '?by=ad&from=2026-11-01&model=linear&click=28d&count=once&basis=touch&name=Purchase%2CLead&currency=EUR&channel=tiktok+%2F+paid&campaign=17&sort=-value';
  assert.equal(addressOf(askedOf(address)), address);
  assert.equal(addressOf(askedOf(`?sort=-value&x=1&${address.slice(1)}`)), address);
  assert.equal(addressOf(askedOf('')), '');
});

test('what is not known is asked for by an empty name, and nothing by none', () => {
  assert.equal(questionOf(askedOf('?campaign=&by=')), '?campaign=');
  assert.deepEqual(askedOf('?by=ad').line, {});
});

test('the server hears nothing of the order, and windows are compared whatever the rules', () => {
  const asked = askedOf('?by=ad&model=first&view=off&from=2026-11-01&currency=JPY&name=Lead&ad=7&sort=net');
  assert.equal(questionOf(asked), '?by=ad&from=2026-11-01&model=first&view=off&name=Lead&currency=JPY&ad=7');
  assert.equal(windowsQuestionOf(asked), '?from=2026-11-01&name=Lead&currency=JPY');
});

const of = { channel: 'tiktok / paid', campaign: '17' };

test('behind a row are the finer rows of it, and behind a day its campaigns', () => {
  const asked = askedOf('?model=first&sort=name');
  const way = [
    [
      'channel',
      { key: 'tiktok / paid', of: { channel: 'tiktok / paid' } },
      '?by=campaign&model=first&channel=tiktok+%2F+paid',
    ],
    ['campaign', { key: '17', of }, '?by=adgroup&model=first&channel=tiktok+%2F+paid&campaign=17'],
    [
      'adgroup',
      { key: '9', of: { ...of, adgroup: '9' } },
      '?by=ad&model=first&channel=tiktok+%2F+paid&campaign=17&adgroup=9',
    ],
    ['ad', { key: '3', of: { ...of, ad: '3' } }, undefined],
    ['day', { key: '2026-11-02', of: {} }, '?by=campaign&from=2026-11-02&to=2026-11-02&model=first'],
    ['campaign', { key: '', of: { campaign: '' } }, undefined],
  ] as const;
  for (const [by, row, to] of way) {
    const next = behind(asked, by, row);
    assert.equal(next && addressOf(next), to, by);
  }
});

test('each step of a narrowed view leads back to where it was opened', () => {
  const asked = askedOf('?by=ad&campaign=17&adgroup=9&view=off&sort=-net');
  assert.deepEqual(
    wayTo(asked).map((step) => [step.by, step.key, addressOf(step.asked)]),
    [
      ['campaign', '17', '?by=adgroup&view=off&campaign=17'],
      ['adgroup', '9', '?by=ad&view=off&campaign=17&adgroup=9'],
    ],
  );
  assert.equal(addressOf(widest(asked)), '?by=campaign&view=off');
});

test('a figure is asked for like its row, and a day by its dates', () => {
  const asked = askedOf('?from=2026-11-01&to=2026-11-30&by=day');
  const day = rowAsks('day', { key: '2026-11-02', of: {} });
  assert.equal(figureQuestion(asked, { ...day, of: 'views' }, ''), '?by=day&from=2026-11-02&to=2026-11-02&of=views');
  assert.equal(
    figureQuestion(askedOf(''), { ...rowAsks('campaign', { key: '17', of }), of: 'earned' }, 'MTIz'),
    '?channel=tiktok+%2F+paid&campaign=17&of=earned&after=MTIz',
  );
});
