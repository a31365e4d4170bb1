import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../event/error.ts';
import type { CopiedFile } from './copy.ts';
import { STORE_FILES } from './stores.ts';

/** What a backup says of itself. It is written last: a folder without it is no whole backup. */
export interface Manifest {
  format: 1;
  /** version of the program that made it */
  assay: string;
  /** when it was begun, UTC ms: what was sent after that is not in it */
  begunAt: number;
  files: CopiedFile[];
  journal: {
    first: number;
    last: number /** of the last record, UTC ms; null when there is none */;
    lastAt: number | null;
  };
  /** the last record that the ledger has decided */
  offset: number;
}

const NAME = 'backup.json';

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, NAME), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** Reads what a backup says of itself; throws `backup_unreadable` with what to do. */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, NAME), 'utf8');
  } catch (cause) {
    throw unreadable(`${folder} is no whole backup: it has no ${NAME}. Name the folder that assay backup wrote`, cause);
  }
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch (cause) {
    throw unreadable(`${NAME} in ${folder} is no JSON: take another backup`, cause);
  }
  if (!isManifest(told)) throw unreadable(`${NAME} in ${folder} is not as assay backup writes it: take another backup`);
  return told;
}

function isManifest(told: unknown): told is Manifest {
  if (typeof told !== 'object' || told === null) return false;
  const { format, begunAt, files, journal, offset } = told as Partial<Manifest>;
  const numbers = [begunAt, offset, journal?.first, journal?.last];
  const names = STORE_FILES.map(({ name }) => name);
  return (
    format === 1 &&
    numbers.every((number) => Number.isSafeInteger(number)) &&
    Array.isArray(files) &&
    names.every((name) => files.some((file) => isCopied(file) && file.name === name)) &&
    // A name leads to a file of the store and nowhere else.
    files.every((file) => isCopied(file) && names.includes(file.name))
  );
}

function isCopied(file: unknown): file is CopiedFile {
  if (typeof file !== 'object' || file === null) return false;
  const { name, version, bytes, sha256 } = file as Partial<CopiedFile>;
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(version) &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string'
  );
}

function unreadable(message: string, cause?: unknown): AssayError {
  return new AssayError('backup_unreadable', message, { cause });
}
