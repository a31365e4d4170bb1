// Writes docs/reference from the objects that the code uses. With --check it only compares, and exits 1 when a file is out of date.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outdated, referenceFiles } from './reference/files.ts';

const FOLDER = join(import.meta.dirname, '../docs/reference');

const files = referenceFiles();
if (process.argv.includes('--check')) {
  for (const name of outdated(files, FOLDER)) {
    console.error(`docs/reference/${name} is out of date. Run: npm run reference`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(FOLDER, name), text);
}
