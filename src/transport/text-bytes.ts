/** Characters that are gathered before they are written. */
const GATHERED = 16_384;
/** UTF-8 takes no more than this for one. */
const CHARACTER_BYTES_MAX = 3;

/**
 * UTF-8 that is written as its text is put together. As one text, a long body would be copied by each garbage collection
 * on the way, and once more when it leaves.
 */
export class TextBytes {
  #bytes: Buffer;
  #written = 0;
  #text = '';

  /** `memory` is written into as far as it goes. */
  constructor(memory: Buffer) {
    this.#bytes = memory;
  }

  add(text: string): void {
    this.#text += text;
    if (this.#text.length > GATHERED) this.#write();
  }

  /** Would there be no more than `max` bytes with so much text? */
  hasRoom(text: string, max: number): boolean {
    const atMost = this.#written + (this.#text.length + text.length) * CHARACTER_BYTES_MAX;
    if (atMost <= max) return true;
    this.#write();
    return this.#written + Buffer.byteLength(text) <= max;
  }

  /** All that was added. Nothing is added after this. */
  end(): Buffer {
    this.#write();
    return this.#bytes.subarray(0, this.#written);
  }

  #write(): void {
    if (!this.#fits()) {
      const longer = Buffer.allocUnsafe(2 * (this.#written + Buffer.byteLength(this.#text)));
      this.#bytes.copy(longer, 0, 0, this.#written);
      this.#bytes = longer;
    }
    this.#written += this.#bytes.write(this.#text, this.#written);
    this.#text = '';
  }

  /** Has the memory a place for what is gathered? Letters are nearly always a byte each, so it is counted only near its end. */
  #fits(): boolean {
    const left = this.#bytes.length - this.#written;
    return this.#text.length * CHARACTER_BYTES_MAX <= left || Buffer.byteLength(this.#text) <= left;
  }
}
