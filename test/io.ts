import { createReadStream, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Io } from '../src/cli/io.ts';

/** A terminal that remembers what was written to it. */
export interface TestIo extends Io {
  out(): string;
  err(): string;
}

export function testIo({
  env = {},
  stdin = '',
  now = Date.UTC(2026, 7, 1, 12),
}: {
  env?: Record<string, string>;
  stdin?: string;
  now?: number;
} = {}): TestIo {
  let out = '';
  let err = '';
  return {
    out: () => out,
    err: () => err,
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    readFile: (path) => readFileSync(path, 'utf8'),
    stdin: () => Promise.resolve(stdin),
    open: (path) => (path === '-' ? Readable.from([stdin]) : createReadStream(path, { encoding: 'utf8' })),
    openBytes: (path) => (path === '-' ? Readable.from([Buffer.from(stdin)]) : createReadStream(path)),
    interactive: false,
    env,
    now: () => now,
    random: () => 0.5,
    ended: () => Promise.resolve(),
    exit: () => undefined,
  };
}
