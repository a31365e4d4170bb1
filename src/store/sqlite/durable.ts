import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** What stands in a file survives a power cut from here on. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** Gives a file its name at once and for good: what stood there is replaced whole, or not at all. */
export function moveInto(from: string, to: string): void {
  syncFile(from);
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** The names in a folder survive a power cut from here on. */
export function syncFolder(folder: string): void {
  // Windows keeps names by itself, and opens no folder.
  if (process.platform !== 'win32') sync(folder, 'r');
}

function sync(path: string, how: 'r' | 'r+'): void {
  const file = openSync(path, how);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
