import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanId, cleanText } from './text.ts';

const cases: [text: string, id: string, words: string][] = [
  [' SKU-1 ', 'SKU-1', 'SKU-1'],
  ['SKU\u200b-1', 'SKU-1', 'SKU\u200b-1'],
  ['\u202eSKU-1', 'SKU-1', '\u202eSKU-1'],
  ['SKU\n1', 'SKU1', 'SKU 1'],
  ['a\ud83db', 'ab', 'a b'],
  ['\ude00', '', ''],
  ['cup 😀', 'cup 😀', 'cup 😀'],
];
for (const [text, id, words] of cases)
  test(`${JSON.stringify(text)} is the id ${JSON.stringify(id)} and the text ${JSON.stringify(words)}`, () => {
    assert.equal(cleanId(text), id);
    assert.equal(cleanText(text), words);
    assert.equal(cleanId(id), id);
    assert.equal(cleanText(words), words);
  });
