import { grown } from './arrays.ts';

const KEY_WORDS = 4;
const SLOTS_FIRST = 64;
const FULLNESS_MAX = 0.88;
const GROWTH = 1.25;

/**
 * Names by number, from 0 in the order in which they came: 128-bit fingerprints beside each other, found by open addressing.
 * At most 25 bytes a name, however long it is.
 */
export class Numbers {
  #keys: Uint32Array<ArrayBuffer>;
  /** number plus one; free while it is zero */
  #slots: Uint32Array<ArrayBuffer>;
  count: number;

  /** `keys`: those of `keys()` of another time. */
  constructor(keys: Uint32Array<ArrayBuffer> = new Uint32Array(0)) {
    this.#keys = keys;
    this.count = keys.length / KEY_WORDS;
    // Made when a name is looked for: to credit everybody needs no name.
    this.#slots = new Uint32Array(0);
  }

  /** The number of a name, or -1. */
  find(name: string): number {
    const slot = this.#slot(fingerprint(name));
    return (this.#slots[slot] as number) - 1;
  }

  /** The number of a name; its next one where it is new. */
  of(name: string): number {
    const key = fingerprint(name);
    const slot = this.#slot(key);
    const known = this.#slots[slot] as number;
    if (known > 0) return known - 1;
    this.#keys = grown(this.#keys, (this.count + 1) * KEY_WORDS);
    this.#keys.set(key, this.count * KEY_WORDS);
    this.#slots[slot] = ++this.count;
    if (this.count > this.#slots.length * FULLNESS_MAX) this.#spread(Math.ceil(this.#slots.length * GROWTH));
    return this.count - 1;
  }

  /** Fingerprints in the order of their numbers. */
  keys(): Uint32Array<ArrayBuffer> {
    return this.#keys.subarray(0, this.count * KEY_WORDS);
  }

  get bytes(): number {
    return this.#keys.byteLength + this.#slots.byteLength;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slot(key: Uint32Array): number {
    if (this.#slots.length === 0) this.#spread(Math.max(SLOTS_FIRST, Math.ceil((this.count * GROWTH) / FULLNESS_MAX)));
    const [keys, slots] = [this.#keys, this.#slots];
    for (let slot = this.#home(key[0] as number); ; slot = slot + 1 === slots.length ? 0 : slot + 1) {
      const number = slots[slot] as number;
      if (number === 0) return slot;
      const at = (number - 1) * KEY_WORDS;
      if (keys[at] === key[0] && keys[at + 1] === key[1] && keys[at + 2] === key[2] && keys[at + 3] === key[3])
        return slot;
    }
  }

  /** The high bits choose the place, so any number of slots will do. */
  #home(first: number): number {
    return Math.floor((first / 2 ** 32) * this.#slots.length);
  }

  #spread(size: number): void {
    this.#slots.buffer.transfer(0);
    const slots = new Uint32Array(size);
    this.#slots = slots;
    const keys = this.#keys;
    for (let number = 0; number < this.count; number++) {
      let slot = this.#home(keys[number * KEY_WORDS] as number);
      while (slots[slot] !== 0) slot = slot + 1 === size ? 0 : slot + 1;
      slots[slot] = number + 1;
    }
  }
}

const key = new Uint32Array(KEY_WORDS);

/**
 * 128 bits of a name. Each character turns the whole state into another one, so that different names meet as rarely as chance
 * has it. Somebody who looks for two that do gains nothing: visitors name themselves, and may do so twice alike.
 */
function fingerprint(name: string): Uint32Array {
  let [a, b, c, d] = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a];
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    a = b ^ Math.imul(a ^ unit, 0x238f15e5);
    b = c ^ Math.imul(b ^ unit, 0xa7d5f2b7);
    c = d ^ Math.imul(c ^ unit, 0x9e3779b1);
    d = a ^ Math.imul(d ^ unit, 0xc2b2ae35);
  }
  key[0] = mixed(a ^ name.length);
  key[1] = mixed(b ^ key[0]);
  key[2] = mixed(c ^ key[1]);
  key[3] = mixed(d ^ key[2]);
  return key;
}

/** Spreads each bit over all others, and loses none. */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
