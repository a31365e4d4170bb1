import type { Json } from '../../src/event/event.ts';

/** What a parser made of an input. `kept` is what would be written down or sent. */
export interface Result {
  accepted: boolean;
  kept?: unknown;
}

/** One parser, and what it is fed with. */
export interface Fuzzed {
  name: string;
  /** of all inputs, in parts */
  share: number;
  /** `json` gets values, as a door reads them from bytes; `text` and `bytes` get those */
  takes: 'json' | 'text' | 'bytes';
  /** inputs that it accepts, as text */
  seeds: readonly string[];
  /** for what nobody waits behind; without it, READ_MS_MAX */
  readMsMax?: number;
  /** a throw that the parser’s contract names */
  mayThrow?(error: unknown): boolean;
  read(input: never): Result | Promise<Result>;
}

export function jsonParser(
  name: string,
  share: number,
  seeds: readonly (object | string | number)[],
  read: (value: Json) => Result | Promise<Result>,
): Fuzzed {
  return { name, share, takes: 'json', seeds: seeds.map((seed) => JSON.stringify(seed)), read };
}

export function textParser(
  name: string,
  share: number,
  seeds: readonly string[],
  read: (text: string) => Result | Promise<Result>,
): Fuzzed {
  return { name, share, takes: 'text', seeds, read };
}

export function bytesParser(
  name: string,
  share: number,
  seeds: readonly string[],
  read: (bytes: Buffer) => Result | Promise<Result>,
): Fuzzed {
  return { name, share, takes: 'bytes', seeds, read };
}
