import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outdated, referenceFiles } from '../scripts/reference/files.ts';
import { REASONS } from '../src/server/reasons.ts';

const FOLDER = join(import.meta.dirname, '../docs/reference');

test('the reference says what the code says now: npm run reference writes it', () => {
  assert.deepEqual(outdated(referenceFiles(), FOLDER), []);
});

test('a file that is missing, changed or left over is named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-reference-'));
  try {
    writeFileSync(join(folder, 'same.md'), 'same');
    writeFileSync(join(folder, 'changed.md'), 'old');
    writeFileSync(join(folder, 'left-over.md'), '');
    const files = new Map([
      ['same.md', 'same'],
      ['changed.md', 'new'],
      ['missing.md', ''],
    ]);
    assert.deepEqual(outdated(files, folder), ['changed.md', 'left-over.md', 'missing.md']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('every reason stands in the reference once, with its meaning', () => {
  const text = referenceFiles().get('reasons.md') ?? '';
  for (const { code, means } of REASONS)
    assert.equal(text.split(`| \`${code}\` | ${means.replaceAll('|', '\\|')} |`).length, 2, code);
});
