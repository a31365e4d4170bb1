import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AssayError } from '../../event/error.ts';
import { moveInto } from './durable.ts';
import type { StoreFile } from './open.ts';

/** One step of a file's shape: SQL, a function, or a shape in which all is derived again. */
export type Step = string | ((db: DatabaseSync) => void) | Derivation;

/** Empties the file and gives it this shape. Steps before it are not run: nothing that they made would be left. */
interface Derivation {
  /** SQL of the whole shape */
  derive: string;
  /** throws where what stands in the file could not be derived again from what is beside it */
  check(db: DatabaseSync, folder: string): void;
}

/** Where the state before an upgrade is kept, in the store's folder. */
export const UPGRADE_BACKUPS = 'backup';
const BACKUPS_KEPT = 3;

/**
 * Brings an open file to the shape of this program, all steps in one transaction: an upgrade that is interrupted leaves
 * the old state. A file that holds something is copied first; `say` is told where to.
 */
export function upgrade(db: DatabaseSync, folder: string, file: StoreFile, say: (line: string) => void): void {
  const from = versionOf(db);
  const to = file.schema.length;
  if (from >= to) return;
  const begin = Math.max(from, file.schema.findLastIndex(isDerivation));
  const steps = file.schema.slice(begin);
  if (from > 0) {
    for (const step of steps) if (isDerivation(step)) step.check(db, folder);
    const kept = backUp(db, folder, file, from);
    say(`${file.name} is brought from version ${from} to ${to}; as it was it is kept in ${kept}`);
  }
  takeAll(steps, db, to);
}

/**
 * The same for a copy of a file, which nobody needs a copy of. Nothing is done, and the answer is false, where its shape
 * can only be derived again.
 */
export function upgradeCopy(path: string, { schema }: StoreFile): boolean {
  const db = new DatabaseSync(path);
  try {
    const from = versionOf(db);
    if (from < schema.findLastIndex(isDerivation) + 1) return false;
    if (from < schema.length) takeAll(schema.slice(from), db, schema.length);
    return true;
  } finally {
    db.close();
  }
}

function takeAll(steps: readonly Step[], db: DatabaseSync, to: number): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const step of steps) take(step, db);
    db.exec(`PRAGMA user_version = ${to}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** The version of a file's shape, 0 when it is empty. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

function take(step: Step, db: DatabaseSync): void {
  if (typeof step === 'string') db.exec(step);
  else if (typeof step === 'function') step(db);
  else {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
    for (const { name } of tables) db.exec(`DROP TABLE "${String(name)}"`);
    db.exec(step.derive);
  }
}

function isDerivation(step: Step): step is Derivation {
  return typeof step === 'object';
}

function backUp(db: DatabaseSync, folder: string, { name }: StoreFile, version: number): string {
  const kept = join(folder, UPGRADE_BACKUPS);
  const file = name.replace(/\.db$/, '');
  const time = new Date().toISOString().replace(/[-:.]/g, '');
  const path = join(kept, `${file}-v${version}-${time}.db`);
  const partial = `${path}.partial`;
  try {
    mkdirSync(kept, { recursive: true, mode: 0o700 });
    for (const left of readdirSync(kept)) if (left.endsWith('.partial')) rmSync(join(kept, left));
    db.prepare('VACUUM INTO ?').run(partial);
    moveInto(partial, path);
  } catch (cause) {
    if (existsSync(partial)) rmSync(partial);
    throw new AssayError(
      'backup_failed',
      `${name} has to be upgraded and is not: a copy of it could not be made first, in ${kept}. Make room there, or look for what is broken with the version before: assay verify. (${String(cause)})`,
      { cause },
    );
  }
  const all = readdirSync(kept).filter((one) => one.startsWith(`${file}-v`) && one.endsWith('.db'));
  const madeAt = (one: string): string => one.slice(one.lastIndexOf('-'));
  for (const old of all.sort((a, b) => (madeAt(a) < madeAt(b) ? 1 : -1)).slice(BACKUPS_KEPT)) rmSync(join(kept, old));
  return path;
}
