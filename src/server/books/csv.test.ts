import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvRow } from './csv.ts';

const table: readonly (readonly [told: string, cell: string])[] = [
  ['10045', '10045'],
  ['', ''],
  ['Müller & Söhne', 'Müller & Söhne'],
  ['a,b', '"a,b"'],
  ['a;b', '"a;b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['=1+1', "'=1+1"],
  ['+49 30', "'+49 30"],
  ['-5', "'-5"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  [' =1+1', "' =1+1"],
  ['\t=1+1', '"\'\t=1+1"'],
  ['\rx', '"\'\rx"'],
  ['=HYPERLINK("https://x.example","y")', '"\'=HYPERLINK(""https://x.example"",""y"")"'],
  ['a=b', 'a=b'],
  ['5-3', '5-3'],
];

for (const [told, cell] of table)
  test(`${JSON.stringify(told)} is written as ${JSON.stringify(cell)}`, () => {
    assert.equal(csvRow([{ text: told }, { text: 'x' }]), `${cell},x\r\n`);
  });

test('numbers of ours stay numbers, and what is not there is empty', () => {
  assert.equal(csvRow([{ number: '-5.00' }, { number: 0 }, { number: null }, { text: null }]), '-5.00,0,,\r\n');
});
