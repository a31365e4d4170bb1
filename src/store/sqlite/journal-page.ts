import type { NewRecord } from '../journal.ts';
import type { Told } from './journal-writer.ts';

/** Records as JSON lists: their lines and, where any has some, their personal fields. */
export interface Lines {
  count: number;
  records: string;
  personal: string | null;
  chars: number;
}

// Measured: text costs this thread what the objects would, and spares the writer all but the disk's own work.
export function linesOf(records: readonly NewRecord[]): Lines {
  const text = JSON.stringify(
    records.map(({ receivedAt, door, keyId, kind, body }) => [receivedAt, door, keyId, kind, body]),
  );
  const hasPersonal = records.some(({ personal }) => personal !== null);
  const personal = hasPersonal ? JSON.stringify(records.map((record) => record.personal)) : null;
  return { count: records.length, records: text, personal, chars: text.length + (personal?.length ?? 0) };
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
  #records = new List();
  #personal = new List();
  #hasPersonal = false;
  #count = 0;
  chars = 0;

  add({ count, records, personal, chars }: Lines): Promise<number> {
    const place = this.#count;
    if (count > 0) {
      this.#records.add(records);
      this.#personal.add(personal ?? `[${'null,'.repeat(count).slice(0, -1)}]`);
    }
    this.#hasPersonal ||= personal !== null;
    this.#count += count;
    this.chars += chars;
    return new Promise((resolve, reject) => this.#appends.push({ place, resolve, reject }));
  }

  get isFull(): boolean {
    return this.#count >= RECORDS_MAX || this.chars >= CHARS_MAX;
  }

  told(): Told {
    const personal = this.#hasPersonal ? this.#personal.bytes() : null;
    return { count: this.#count, records: this.#records.bytes(), personal };
  }

  resolve(first: number): void {
    for (const append of this.#appends) append.resolve(first + append.place);
  }

  reject(error: Error): void {
    for (const append of this.#appends) append.reject(error);
  }
}

const utf8 = new TextEncoder();
const BYTES_FIRST = 8 * 1024;
/** UTF-8 of one UTF-16 unit, at most. */
const BYTES_A_CHAR = 3;
const [COMMA, OPEN, CLOSE] = [',', '[', ']'].map((sign) => sign.charCodeAt(0)) as [number, number, number];

/**
 * One JSON list in UTF-8, joined out of many. Bytes change threads without being copied, and what waits for the disk
 * as bytes is nothing that a garbage collection would have to move.
 */
class List {
  #bytes = new Uint8Array(BYTES_FIRST);
  #length = 0;

  /** `list` is a JSON list with something in it. */
  add(list: string): void {
    const from = Math.max(0, this.#length - 1);
    const most = from + list.length * BYTES_A_CHAR;
    if (most > this.#bytes.length) this.#grow(most);
    this.#length = from + utf8.encodeInto(list, this.#bytes.subarray(from)).written;
    // Its opening bracket stands where the closing one of the list before it stood.
    if (from > 0) this.#bytes[from] = COMMA;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#length === 0 ? Uint8Array.of(OPEN, CLOSE) : this.#bytes.subarray(0, this.#length);
  }

  #grow(most: number): void {
    const larger = new Uint8Array(Math.max(most, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
