import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spanText } from './duration.ts';

const table = `
  # ms          text
  -5            0.0 s
  0             0.0 s
  420           0.4 s
  1000          1 s
  59999         59 s
  60000         1 min
  200000        3 min 20 s
  3600000       1 h
  3661000       1 h 1 min
  93600000      1 d 2 h
  86401000      1 d
  2592000000    30 d
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [ms, text] = line.trim().split(/\s{2,}/);
  test(`${ms} ms are told as ${text}`, () => {
    assert.equal(spanText(Number(ms)), text);
  });
}
