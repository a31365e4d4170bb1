import type { NewRecord } from '../journal.ts';
import type { Told } from './journal-writer.ts';

/** Records as JSON that can be joined to others: their lines and, where any has some, their personal fields. */
export interface Lines {
  count: number;
  records: string;
  personal: string | null;
  chars: number;
}

// Measured: text costs this thread what the objects would, and spares the writer all but the disk's own work.
export function linesOf(records: readonly NewRecord[]): Lines {
  let text = '';
  let personal = '';
  let hasPersonal = false;
  for (const record of records) {
    const comma = text === '' ? '' : ',';
    const { receivedAt, door, keyId, kind } = record;
    text += `${comma}[${receivedAt},${JSON.stringify(door)},${JSON.stringify(keyId)},"${kind}",${JSON.stringify(record.body)}]`;
    personal += comma + (record.personal === null ? 'null' : JSON.stringify(record.personal));
    hasPersonal ||= record.personal !== null;
  }
  const { length: count } = records;
  return { count, records: text, personal: hasPersonal ? personal : null, chars: text.length + personal.length };
}

const RECORDS_MAX = 500;
const CHARS_MAX = 512 * 1024;

interface Append {
  /** its first record's place in the page */
  place: number;
  resolve(first: number): void;
  reject(error: Error): void;
}

/** Appends that will be one page of the journal: all of them are written, or none. */
export class Page {
  #appends: Append[] = [];
  #parts: Lines[] = [];
  #count = 0;
  chars = 0;

  add(lines: Lines): Promise<number> {
    const place = this.#count;
    this.#parts.push(lines);
    this.#count += lines.count;
    this.chars += lines.chars;
    return new Promise((resolve, reject) => this.#appends.push({ place, resolve, reject }));
  }

  get isFull(): boolean {
    return this.#count >= RECORDS_MAX || this.chars >= CHARS_MAX;
  }

  told(): Told {
    const hasPersonal = this.#parts.some(({ personal }) => personal !== null);
    return {
      count: this.#count,
      records: listOf(this.#parts.map(({ records }) => records)),
      personal: hasPersonal ? listOf(this.#parts.map(personalOf)) : null,
    };
  }

  resolve(first: number): void {
    for (const append of this.#appends) append.resolve(first + append.place);
  }

  reject(error: Error): void {
    for (const append of this.#appends) append.reject(error);
  }
}

const utf8 = new TextEncoder();

/** Bytes change threads without being copied, and are what the writer's disk wants. */
function listOf(parts: readonly string[]): Uint8Array<ArrayBuffer> {
  return utf8.encode(`[${parts.join(',')}]`);
}

function personalOf({ personal, count }: Lines): string {
  return personal ?? Array.from({ length: count }, () => 'null').join(',');
}
