import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DispatchRow } from '../../event/dispatch.ts';
import { AssayError } from '../../event/error.ts';
import { setAside } from '../duckdb/files.ts';
import { syncFile, syncFolder } from '../sqlite/durable.ts';
import { journalFile } from '../sqlite/journal-file.ts';
import { ledgerFile } from '../sqlite/ledger-file.ts';
import { SNAPSHOT_FOLDER } from '../sqlite/ledger-snapshots.ts';
import { openReader } from '../sqlite/open.ts';
import { lastAt } from './backup.ts';
import { digest } from './copy.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { STORE_FILES } from './stores.ts';
import { BESIDE, holding, settle } from './swap.ts';
import { type Looking, type Verified, verify } from './verify.ts';

export interface Restored {
  manifest: Manifest;
  verified: Verified;
  /** how many dispatches were open in the backup */
  open: number;
  /** the records that the folder's store had beyond the backup; undefined where there was none that could be read */
  lost: { from: number; to: number; lastAt: number | null } | undefined;
  /** where the folder's store of before was put */
  kept: string | undefined;
}

/** Where a store is put together before it takes its place. */
const STAGE = 'restoring';

/**
 * Puts a backup in the place of a folder's store. It is put together beside it first: copied, marked by `mark`, which
 * says how many dispatches were open, and verified; then it takes its place at once. A store that was there is kept in a
 * folder beside it.
 */
export async function restore(
  from: string,
  folder: string,
  around: {
    force: boolean;
    now(): number;
    mark(folder: string, manifest: Manifest): Promise<number>;
    looking: Looking;
  },
): Promise<Restored> {
  const manifest = readManifest(from);
  refuseNewer(manifest);
  mkdirSync(folder, { recursive: true });
  const there = readdirSync(folder).filter((name) => name !== STAGE && !name.endsWith('.lock'));
  if (there.length > 0 && !around.force)
    throw new AssayError(
      'restore_refused',
      `${folder} is not empty: name another folder with --data, or put the backup in its place with --force; what is there is kept beside it`,
    );
  await checkFiles(from, manifest, around.looking);
  const stage = join(folder, STAGE);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { mode: 0o700 });
  try {
    for (const { name } of manifest.files) copyFileSync(join(from, name), join(stage, name));
    if (manifest.journal.first > 1) keepSnapshot(from, stage, manifest.offset);
    const open = await around.mark(stage, manifest);
    const verified = verify(stage, around.looking);
    if (verified.faults.length > 0 && !around.force)
      throw new AssayError(
        'restore_refused',
        `the backup is not sound: assay verify --data ${from} lists why. Take another one, or take it as it is with --force`,
      );
    return holding(folder, STORE_FILES, () => {
      const lost = lostSince(folder, manifest);
      const kept = takePlace(stage, folder, around.now());
      return { manifest, verified, open, lost, kept };
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The dispatches of a store that have not ended. */
export function openDispatches(folder: string): DispatchRow[] {
  const { db, close } = openReader(folder, ledgerFile);
  try {
    const rows = db.prepare("SELECT doc FROM dispatch WHERE state IN ('held', 'queued', 'inFlight')").all();
    return rows.map(({ doc }) => JSON.parse(String(doc)) as DispatchRow);
  } finally {
    close();
  }
}

function refuseNewer({ files, assay }: Manifest): void {
  for (const file of STORE_FILES) {
    const { version = 0 } = files.find(({ name }) => name === file.name) ?? {};
    if (version > file.schema.length)
      throw new AssayError(
        'store_newer',
        `the backup’s ${file.name} has version ${version} and was made by Assay ${assay}; this program knows ${file.schema.length}. Restore it with that program, or a newer one`,
      );
  }
}

async function checkFiles(from: string, { files }: Manifest, looking: Looking): Promise<void> {
  for (const { name, bytes, sha256 } of files) {
    looking(`checksum of ${name}`);
    const path = join(from, name);
    const found = existsSync(path) ? await digest(path) : undefined;
    if (found?.bytes === bytes && found.sha256 === sha256) continue;
    const what = !found
      ? 'is missing'
      : found.bytes === bytes
        ? 'was changed'
        : `has ${found.bytes} bytes, not ${bytes}`;
    throw new AssayError('backup_damaged', `${path} ${what} since the backup was made: take another backup`);
  }
}

/** Where records are gone, the ledger of the backup is what a later rebuild begins with. */
function keepSnapshot(from: string, stage: string, offset: number): void {
  const within = join(stage, SNAPSHOT_FOLDER);
  mkdirSync(within, { mode: 0o700 });
  const path = join(within, `ledger-${offset}.db`);
  copyFileSync(join(from, ledgerFile.name), path);
  syncFile(path);
  syncFolder(within);
}

function lostSince(folder: string, { journal }: Manifest): Restored['lost'] {
  try {
    const { db, close } = openReader(folder, journalFile);
    const sql = 'SELECT max(seq + count - 1) AS last FROM page';
    const to = Number(db.prepare(sql).get()?.['last'] ?? 0);
    close();
    return to > journal.last ? { from: journal.last + 1, to, lastAt: lastAt(folder) } : undefined;
  } catch {
    return undefined;
  }
}

/** Moves the store of a folder aside, and the one put together into its place: the journal first, which all follows from. */
function takePlace(stage: string, folder: string, now: number): string | undefined {
  for (const { name } of STORE_FILES) {
    settle(join(stage, name));
    syncFile(join(stage, name));
  }
  const names = [...STORE_FILES.flatMap(({ name }) => [name, ...BESIDE.map((end) => name + end)]), SNAPSHOT_FOLDER];
  const old = names.filter((name) => existsSync(join(folder, name)));
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const kept = old.length > 0 ? join(folder, `before-restore-${time}`) : undefined;
  if (kept !== undefined) {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    for (const name of old) renameSync(join(folder, name), join(kept, name));
    syncFolder(kept);
  }
  // It follows from the ledger that goes; the next start makes one from the ledger that comes, and of what only this one
  // knows, that takes what came before the backup.
  setAside(folder);
  if (existsSync(join(stage, SNAPSHOT_FOLDER))) renameSync(join(stage, SNAPSHOT_FOLDER), join(folder, SNAPSHOT_FOLDER));
  for (const { name } of [...STORE_FILES].reverse()) renameSync(join(stage, name), join(folder, name));
  syncFolder(folder);
  return kept;
}
