import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

/** A place for a server's files that can run out of room, and get it back. */
export interface SmallDisk {
  folder: string;
  /** `file system` of its own, or the `file sizes` of the process are limited */
  how: 'file system' | 'file sizes';
  /** Nothing more fits. */
  fill(pid: number): void;
  free(pid: number): void;
}

const BYTES = 32 * 1024 * 1024;

/** A small file system where one may be mounted; elsewhere the system's limit on the size of a process's files. */
export function smallDisk(t: TestContext): SmallDisk {
  return smallFileSystem(t) ?? limitedFiles(t);
}

/** A file system of 32 MB; undefined where this account may mount none. */
export function smallFileSystem(t: TestContext): (SmallDisk & { readOnly(only: boolean): void }) | undefined {
  const at = mkdtempSync(join(tmpdir(), 'assay-disk-'));
  const mounted = process.getuid?.() === 0 && run('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'tmpfs', at]);
  if (!mounted) {
    rmSync(at, { recursive: true });
    return undefined;
  }
  t.after(() => {
    execFileSync('umount', ['--lazy', at]);
    rmSync(at, { recursive: true });
  });
  const folder = join(at, 'assay');
  mkdirSync(folder);
  const filler = join(at, 'filler');
  return {
    folder,
    how: 'file system',
    fill: () => fillUp(filler),
    free: () => rmSync(filler),
    readOnly: (only) => void execFileSync('mount', ['-o', `remount,${only ? 'ro' : 'rw'}`, at]),
  };
}

/** No file of the process can be written beyond its first 4 KB, as if there were no room. Needs no special rights. */
export function limitedFiles(t: TestContext): SmallDisk {
  if (!run('prlimit', ['--version']))
    throw new Error('neither a file system can be mounted here nor is there prlimit, so that no disk can be full');
  const folder = mkdtempSync(join(tmpdir(), 'assay-disk-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const limit = (pid: number, bytes: string): void =>
    void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
  return {
    folder,
    how: 'file sizes',
    fill: (pid) => limit(pid, '4096'),
    free: (pid) => limit(pid, 'unlimited'),
  };
}

function run(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** To the last byte. */
function fillUp(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 8))
      for (const part = Buffer.alloc(bytes); ; ) if (writeSync(file, part) < part.length) break;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(file);
  }
}
