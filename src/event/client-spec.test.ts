import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClientConfig, placeOf, writeParts } from './client-spec.ts';

const CONFIG: ClientConfig = {
  version: 7,
  shop: `a"b\\c\u2028$& \`$\{1}\` '`,
  pixels: ['CODE'],
  consent: 'required',
  domains: ['shop.example'],
  events: {
    Purchase: { guarded: true },
    'odd "name': { pixel: false },
    '7days': { oncePer: ['x,"y":'], within: 60_000 },
  },
  key: 'wk',
  collector: 'https://collect.shop.example',
  pixelScript: 'https://tiktok.example/events.js',
};
const run = (script: string): unknown => new Function(`return ${writeParts(script, CONFIG)}`)();

test('a part stands in its place in any quotes, alone and inside a longer text', () => {
  for (const quote of ['"', "'", '`'])
    assert.equal(run(`${quote}<${placeOf('shop')}>${quote}`), `<${CONFIG.shop}>`, quote);
  assert.equal(run(`"${placeOf('shop')}"`), CONFIG.shop);
  assert.equal(run(`"${placeOf('collector')}/v1/" + "${placeOf('version')}"`), 'https://collect.shop.example/v1/7');
});

test('a part that is no text keeps its form, whatever the names in it', () => {
  const rules = { Purchase: [1], 'odd "name': [2], '7days': [0, 60, ['x,"y":']] };
  assert.deepEqual(run(`"${placeOf('rules')}"`), rules);
  assert.match(writeParts(`"${placeOf('rules')}"`, CONFIG), /^\{Purchase:\[1\],/);
  assert.deepEqual(run(`["${placeOf('pixels')}", "${placeOf('choices')}"]`), [['CODE'], ['granted']]);
});
