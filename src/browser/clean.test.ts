import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanProperties, cleanUrl } from './clean.ts';

const urls = `
  https://shop.example/p?q=shoes                        https://shop.example/p?q=shoes
  https://shop.example/p?email=jo@x.de&q=a              https://shop.example/p?email=&q=a
  https://shop.example/p?e=jo%40x.de                    https://shop.example/p?e=
  https://shop.example/u/jo@x.de/edit                   https://shop.example/u//edit
  https://shop.example/p?tel=%2B49%20170%201234567&q=a  https://shop.example/p?tel&q=a
  https://shop.example/p?tel=+12133734253               https://shop.example/p?tel
  https://shop.example/p?page=12&size=42                https://shop.example/p?page=12&size=42
  https://shop.example/p/1234567890                     https://shop.example/p/1234567890
  https://shop.example/p#jo@x.de                        https://shop.example/p
`;
for (const [from = '', to] of rows(urls))
  test(`${from} leaves the page as ${to}`, () => assert.equal(cleanUrl(from), to));

test('properties lose contacts at any depth and keep the rest', () => {
  const properties = {
    email: 'x',
    Phone_number: '1',
    note: 'write to jo@x.de',
    contents: [{ content_id: 'a', mail: 'b' }],
  };
  assert.deepEqual(cleanProperties(properties), { contents: [{ content_id: 'a' }] });
});

function rows(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
}
