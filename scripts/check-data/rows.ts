import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

export type Cells = Readonly<Record<string, string>>;

/** The rows of a CSV file, packed or not, by the names of its header. Throws where a column that is needed is not there. */
export async function* rowsOf(path: string, columns: readonly string[]): AsyncGenerator<Cells> {
  const parser = parse({
    bom: true,
    columns: (header: string[]) => {
      const lacks = columns.filter((name) => !header.includes(name));
      if (lacks.length > 0) throw new Error(`it has no column ${lacks.join(', ')}`);
      return header;
    },
    skip_empty_lines: true,
  });
  const source = createReadStream(path);
  // A fault of any of them destroys the parser, whose reader is told.
  if (path.endsWith('.gz')) pipeline(source, createGunzip(), parser, () => undefined);
  else pipeline(source, parser, () => undefined);
  try {
    yield* parser as AsyncIterable<Cells>;
  } catch (error) {
    throw new Error(`${basename(path)} can’t be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** Some rows that can't be used, the first ones named. */
export class Unreadable {
  readonly #file: string;
  readonly #first: string[] = [];
  #count = 0;

  constructor(path: string) {
    this.#file = basename(path);
  }

  add(row: number, why: string): void {
    if (this.#count++ < 3) this.#first.push(`row ${row}: ${why}`);
  }

  get says(): string[] {
    return this.#count === 0 ? [] : [`${this.#file}: ${this.#count} rows can’t be used. ${this.#first.join('; ')}`];
  }
}

/** A JSON file that is an object. */
export function jsonOf(path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${basename(path)} is not JSON.`, { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${basename(path)} is no JSON object.`);
  return value as Record<string, unknown>;
}

/** The entries of a field that is an object; none where it is not there. */
export function entriesOf(value: unknown): [string, Record<string, unknown>][] {
  return typeof value === 'object' && value !== null
    ? (Object.entries(value) as [string, Record<string, unknown>][])
    : [];
}
