import { createReadStream, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** What a command may touch of the world around it. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  readFile(path: string): string;
  stdin(): Promise<string>;
  /** the text of a file piece by piece; `-` is standard input */
  open(path: string): AsyncIterable<string>;
  /** its bytes, likewise */
  openBytes(path: string): AsyncIterable<Uint8Array>;
  /** is a person in front of it? */
  interactive: boolean;
  env: Readonly<Record<string, string | undefined>>;
  now(): number;
  random(): number;
  /** resolves when the person, or the parent, wants it to end */
  ended(): Promise<void>;
  exit(code: number): void;
}

/** The real terminal. */
export function terminal(): Io {
  return {
    stdout: (line) => void process.stdout.write(line),
    stderr: (line) => void process.stderr.write(line),
    readFile: (path) => readFileSync(path, 'utf8'),
    stdin: () => text(process.stdin),
    open: (path) => (path === '-' ? process.stdin.setEncoding('utf8') : createReadStream(path, { encoding: 'utf8' })),
    openBytes: (path) => (path === '-' ? process.stdin : createReadStream(path)),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    env: process.env,
    now: Date.now,
    random: Math.random,
    ended: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
      }),
    exit: (code) => {
      process.exitCode = code;
    },
  };
}
