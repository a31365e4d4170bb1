import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { BUSY_MS, type StoreFile } from '../sqlite/open.ts';
import { versionOf } from '../sqlite/upgrade.ts';
import type { Passed } from './fault.ts';

/** A file of a copied store, as it has to be found again. */
export interface CopiedFile {
  name: string;
  /** of its shape */
  version: number;
  bytes: number;
  sha256: string;
}

/** Pages copied between two looks at how far it has come: some 8 MB. */
const PAGES = 1000;

/**
 * Copies one file of a store as it is at this moment, while others may write it. The copy is of one state, because the
 * connection reads that one all the while; the writer's log is not shortened until it is done.
 */
export async function copyFile(
  folder: string,
  file: StoreFile,
  to: string,
  passed: (so: Passed) => void,
): Promise<CopiedFile> {
  const db = new DatabaseSync(join(folder, file.name), { readOnly: true, timeout: BUSY_MS });
  const path = join(to, file.name);
  let version: number;
  try {
    db.exec('BEGIN');
    version = versionOf(db);
    await backup(db, path, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) => passed({ done: totalPages - remainingPages, of: totalPages }),
    });
  } finally {
    db.close();
  }
  return { name: file.name, version, ...(await digest(path)) };
}

/** Size and SHA-256 of a file, read piece by piece. */
export async function digest(path: string): Promise<Pick<CopiedFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { bytes: statSync(path).size, sha256: hash.digest('hex') };
}
