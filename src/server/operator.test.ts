import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { operatorToken, readOperator, writeOperator } from './operator.ts';

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-operator-'));
});
after(() => rmSync(folder, { recursive: true }));

test('what a server leaves is read by its owner alone, and is gone when it ends', () => {
  const operator = { url: 'http://127.0.0.1:8788', token: operatorToken(), pid: 7 };
  assert.equal(readOperator(folder), undefined);
  // One that anybody could read, as a careless copy may leave it.
  writeFileSync(join(folder, 'operator.json'), '{}', { mode: 0o644 });
  const left = writeOperator(folder, operator);
  assert.deepEqual(readOperator(folder), operator);
  assert.equal(statSync(join(folder, 'operator.json')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['operator.json']);
  left.close();
  assert.deepEqual(readdirSync(folder), []);
});

test('a file that is not whole is no word of a server', () => {
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '{"url":"http://127.0.0.1:1","token":"t"}',
    '{"url":"x","token":"t","pid":1}',
  ]) {
    writeFileSync(join(folder, 'operator.json'), text);
    assert.equal(readOperator(folder), undefined, text);
  }
});

test('every token is another', () => {
  assert.equal(new Set(Array.from({ length: 100 }, operatorToken)).size, 100);
  assert.match(operatorToken(), /^[\w-]{43}$/);
});
