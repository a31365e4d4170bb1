import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { AssayError } from '../../event/error.ts';
import { temporaryFolder } from '../test-folder.ts';
import { type Manifest, readManifest, writeManifest } from './manifest.ts';

const WHOLE: Manifest = {
  ...{ format: 1, assay: '1.2.3', begunAt: 1, offset: 7, journal: { first: 1, last: 7, lastAt: null } },
  files: ['ledger.db', 'journal.db'].map((name) => ({ name, version: 1, bytes: 1, sha256: 'a' })),
};

test('a backup’s list is read back as it was written', async (t) => {
  const folder = await temporaryFolder(t);
  writeManifest(folder, WHOLE);
  assert.deepEqual(readManifest(folder), WHOLE);
});

test('any other list is refused, and never believed in part', async (t) => {
  const folder = await temporaryFolder(t);
  const spoiled = fc
    .tuple(fc.constantFrom(...(Object.keys(WHOLE) as (keyof Manifest)[])), fc.jsonValue())
    .filter(([key]) => key !== 'assay')
    .map(([key, value]) => ({ ...WHOLE, [key]: typeof value === 'number' ? `${value}` : value }));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), spoiled), (told) => {
      writeFileSync(join(folder, 'backup.json'), JSON.stringify(told));
      assert.throws(
        () => readManifest(folder),
        (error) => error instanceof AssayError && error.code === 'backup_unreadable',
      );
    }),
    { seed: 5, numRuns: 300 },
  );
});
