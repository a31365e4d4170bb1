import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AssayError } from '../../event/error.ts';
import { syncFile, syncFolder } from '../sqlite/durable.ts';
import { journalFile } from '../sqlite/journal-file.ts';
import { openReader } from '../sqlite/open.ts';
import { type CopiedFile, copyFile } from './copy.ts';
import { type Manifest, writeManifest } from './manifest.ts';
import { STORE_FILES } from './stores.ts';
import { type Looking, type Verified, verify } from './verify.ts';

/**
 * Copies a store into a new folder, while a server may write it, and verifies the copy. The ledger is copied first: the
 * journal that follows has at least the records it has decided. The folder gets its name when all of it is on disk.
 */
export async function backUp(
  folder: string,
  to: string,
  around: { assay: string; now(): number; looking: Looking },
): Promise<{ manifest: Manifest; verified: Verified }> {
  if (existsSync(to) && readdirSync(to).length > 0)
    throw new AssayError('backup_exists', `${to} is not empty: name a folder that is, or a new one`);
  const partial = `${to}.partial`;
  clear(partial);
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  try {
    const begunAt = around.now();
    const files: CopiedFile[] = [];
    for (const file of STORE_FILES)
      files.push(await copyFile(folder, file, partial, (passed) => around.looking(`pages of ${file.name}`, passed)));
    const verified = verify(partial, around.looking);
    const { first, last } = verified.journal;
    const manifest: Manifest = {
      ...{ format: 1, assay: around.assay, begunAt, files },
      journal: { first, last, lastAt: lastAt(partial) },
      offset: verified.offset ?? 0,
    };
    // Reading it leaves files of its own beside it.
    for (const name of readdirSync(partial)) if (!files.some((file) => file.name === name)) rmSync(join(partial, name));
    for (const { name } of files) syncFile(join(partial, name));
    writeManifest(partial, manifest);
    syncFolder(partial);
    if (existsSync(to)) rmdirSync(to);
    renameSync(partial, to);
    syncFolder(dirname(to));
    return { manifest, verified };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Takes away what a backup left that was cut, and nothing else. */
function clear(partial: string): void {
  if (!existsSync(partial)) return;
  const foreign = readdirSync(partial).find((name) => !STORE_FILES.some((file) => name.startsWith(file.name)));
  if (foreign !== undefined)
    throw new AssayError(
      'backup_exists',
      `${partial} is no backup that was cut: it has ${foreign}. Name another folder`,
    );
  rmSync(partial, { recursive: true });
}

/** When the last record of a journal was received, UTC ms. */
export function lastAt(folder: string): number | null {
  const { db, close } = openReader(folder, journalFile);
  try {
    const page = db.prepare("SELECT records ->> '$[#-1][0]' AS at FROM page ORDER BY seq DESC LIMIT 1").get();
    return page === undefined ? null : Number(page['at']);
  } catch {
    return null;
  } finally {
    close();
  }
}
