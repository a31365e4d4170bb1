/** Shorter ones cost less anew. */
const MEMORY_BYTES_MIN = 16_384;
/** More than this is not kept. */
const SPARE_BYTES_MAX = 32_000_000;

/**
 * Memory of bodies that have arrived, for the next ones. Asked for anew each time it comes from the system page by page,
 * and the more of it was asked for, the more often all memory is searched for garbage.
 */
export class SpareBytes {
  /** by size, which is a power of two, so that a short body leaves no memory in which the next has no room */
  readonly #spare = new Map<number, Buffer[]>();
  /** what came from here, and nobody else has a part of */
  readonly #own = new WeakSet<ArrayBufferLike>();
  #bytes = 0;

  /** Memory for so many bytes or more, with anything in it. */
  take(bytes: number): Buffer {
    if (bytes < MEMORY_BYTES_MIN) return Buffer.allocUnsafe(bytes);
    const size = 2 ** Math.ceil(Math.log2(bytes));
    const spare = this.#spare.get(size)?.pop();
    if (spare) {
      this.#bytes -= size;
      return spare;
    }
    const memory = Buffer.allocUnsafeSlow(size);
    this.#own.add(memory.buffer);
    return memory;
  }

  /** Takes back the memory of a body that was written into it. Nobody may look at it from now on. */
  give({ buffer }: Buffer): void {
    const size = buffer.byteLength;
    if (!this.#own.has(buffer) || this.#bytes + size > SPARE_BYTES_MAX) return;
    let spare = this.#spare.get(size);
    if (!spare) {
      spare = [];
      this.#spare.set(size, spare);
    }
    spare.push(Buffer.from(buffer));
    this.#bytes += size;
  }
}
