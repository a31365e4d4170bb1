import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { moveInto, syncFile, syncFolder } from '../sqlite/durable.ts';

/** Columns by name, whatever their type; rows of one column are of one width. */
export interface SavedColumn {
  bytes: Uint8Array;
  /** bytes of a row */
  width: number;
  /** rows before this one are as they were saved last */
  changedFrom: number;
}

export interface ReadColumns {
  columns: Record<string, ArrayBuffer>;
  /** what was saved beside them */
  notes: unknown;
}

interface Manifest {
  layout: number;
  notes: unknown;
  columns: Record<string, { bytes: number; blocks: { file: string; bytes: number; checksum: number }[] }>;
}

const MANIFEST = 'manifest.json';
/** Another arrangement of the files gets another number; files of an older one count as missing. */
const LAYOUT = 2;
const BLOCK_ROWS = 2 ** 20;

/**
 * Saves columns as files of 2^20 rows each. Blocks that are as they were stay; new ones get new names and are on disk before the
 * manifest names them, so that a crash leaves either what was saved before or this.
 */
export function saveColumns(folder: string, columns: Record<string, SavedColumn>, notes: unknown): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const before = readManifest(folder);
  const used = new Set(Object.values(before?.columns ?? {}).flatMap(({ blocks }) => blocks.map(({ file }) => file)));
  const manifest: Manifest = { layout: LAYOUT, notes, columns: {} };
  for (const [name, { bytes, width, changedFrom }] of Object.entries(columns)) {
    const size = BLOCK_ROWS * width;
    const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, number) => {
      const block = bytes.subarray(number * size, (number + 1) * size);
      const old = before?.columns[name]?.blocks[number];
      if (old?.bytes === block.length && (number + 1) * BLOCK_ROWS <= changedFrom) return old;
      return writeBlock(folder, freeName(`${name}-${number}`, used), block);
    });
    manifest.columns[name] = { bytes: bytes.length, blocks };
  }
  syncFolder(folder);
  const path = join(folder, MANIFEST);
  const text = JSON.stringify(manifest);
  writeFileSync(`${path}.new`, `${crc32(text)}\n${text}`, { mode: 0o600 });
  moveInto(`${path}.new`, path);
  const kept = new Set(Object.values(manifest.columns).flatMap(({ blocks }) => blocks.map(({ file }) => file)));
  for (const file of readdirSync(folder)) if (file.endsWith('.block') && !kept.has(file)) rmSync(join(folder, file));
}

/** What was saved, or undefined where nothing was, or not all of it is there as it was written. */
export async function readColumns(folder: string): Promise<ReadColumns | undefined> {
  const manifest = readManifest(folder);
  if (!manifest) return undefined;
  // All at the same time: while one block is checked, the next ones are on their way.
  const read = Object.entries(manifest.columns).map(
    async ([name, column]) => [name, await readColumn(folder, column)] as const,
  );
  const columns: Record<string, ArrayBuffer> = {};
  for (const [name, column] of await Promise.all(read)) {
    if (!column) return undefined;
    columns[name] = column;
  }
  return { columns, notes: manifest.notes };
}

async function readColumn(
  folder: string,
  { bytes, blocks }: Manifest['columns'][string],
): Promise<ArrayBuffer | undefined> {
  const column = new Uint8Array(bytes);
  let at = 0;
  for (const block of blocks) {
    const part = column.subarray(at, at + block.bytes);
    if (!(await readBlock(join(folder, block.file), part)) || crc32(part) !== block.checksum) return undefined;
    at += block.bytes;
  }
  return at === bytes ? column.buffer : undefined;
}

/** Takes away what was saved. */
export function forgetColumns(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function writeBlock(folder: string, file: string, block: Uint8Array): Manifest['columns'][string]['blocks'][number] {
  const path = join(folder, file);
  writeFileSync(path, block, { mode: 0o600 });
  syncFile(path);
  return { file, bytes: block.length, checksum: crc32(block) };
}

async function readBlock(path: string, into: Uint8Array): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    for (let at = 0; at < into.length; ) {
      const { bytesRead } = await file.read(into, at, into.length - at, null);
      if (bytesRead === 0) return false;
      at += bytesRead;
    }
    return true;
  } finally {
    await file.close();
  }
}

/** A name that no block of the manifest has: a block in use is never written over. */
function freeName(name: string, used: ReadonlySet<string>): string {
  return used.has(`${name}.a.block`) ? `${name}.b.block` : `${name}.a.block`;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const [checksum, text = ''] = readFileSync(join(folder, MANIFEST), 'utf8').split('\n', 2);
    if (Number(checksum) !== crc32(text)) return undefined;
    const manifest = JSON.parse(text) as Manifest;
    return manifest.layout === LAYOUT ? manifest : undefined;
  } catch {
    return undefined;
  }
}
