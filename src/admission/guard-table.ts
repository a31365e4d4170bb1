import type { Seen } from './guard.ts';

const SHARDS = 64;

/** The fingerprints of one day, in shards that grow one at a time: none of them is large enough to hold up a batch. */
export class GuardTable {
  readonly #shards: Shard[];
  /** sequences are kept as the distance from the first one */
  readonly #base: number;
  #drained = 0;
  size = 0;

  constructor(firstSeq: number) {
    this.#base = firstSeq;
    this.#shards = Array.from({ length: SHARDS }, () => new Shard());
  }

  find(key: Uint32Array): Seen | undefined {
    const shard = this.#shardOf(key);
    const slot = shard.slot(key);
    return shard.isFree(slot) ? undefined : { seq: this.#base + shard.distance(slot), doors: shard.doors(slot) };
  }

  add(key: Uint32Array, seq: number, doors: number): void {
    const shard = this.#shardOf(key);
    if (shard.isFull) shard.grow();
    const slot = shard.slot(key);
    if (shard.isFree(slot)) this.size++;
    shard.put(slot, key, seq - this.#base, doors);
  }

  /** Can it keep the sequence? Not one before the first. */
  takes(seq: number): boolean {
    return seq >= this.#base;
  }

  mark(key: Uint32Array, doors: number): boolean {
    const shard = this.#shardOf(key);
    const slot = shard.slot(key);
    if (shard.isFree(slot)) return false;
    shard.mark(slot, doors);
    return true;
  }

  /** Takes one shard out, and gives its keys away; false once there is none. */
  drain(give: (key: Uint32Array) => void): boolean {
    const shard = this.#shards[this.#drained];
    if (!shard) return false;
    shard.each(give);
    this.#shards[this.#drained++] = new Shard();
    return true;
  }

  #shardOf(key: Uint32Array): Shard {
    return this.#shards[(key[3] ?? 0) % SHARDS] as Shard;
  }
}

const KEY_WORDS = 4;
const SLOTS_FIRST = 16;
const FULLNESS_MAX = 0.88;
/** After a growth the table is 70 % full, so a slot's 21 bytes are 30 an id at worst. Doubling would make them 48. */
const GROWTH = 1.25;
const DOOR_BITS = 6;
const DISTANCE_MAX = 2 ** (32 + 8 - DOOR_BITS) - 2;

/** Open addressing over typed arrays. A slot is 21 bytes; it is free while its distance is zero. */
class Shard {
  #slots = SLOTS_FIRST;
  #keys = new Uint32Array(SLOTS_FIRST * KEY_WORDS);
  /** low 32 bits of the distance plus one */
  #distances = new Uint32Array(SLOTS_FIRST);
  /** door bits, and above them the two high bits of the distance */
  #doors = new Uint8Array(SLOTS_FIRST);
  #used = 0;

  get isFull(): boolean {
    return this.#used + 1 > this.#slots * FULLNESS_MAX;
  }

  /** The slot that holds the key, or the free one where it belongs. */
  slot(key: Uint32Array): number {
    const keys = this.#keys;
    const first = key[0] as number;
    for (let slot = this.#home(first); ; slot = this.#after(slot)) {
      if (this.isFree(slot)) return slot;
      const at = slot * KEY_WORDS;
      if (keys[at] === first && keys[at + 1] === key[1] && keys[at + 2] === key[2] && keys[at + 3] === key[3])
        return slot;
    }
  }

  /** The high bits choose the place, so any number of slots will do. */
  #home(first: number): number {
    return Math.floor((first / 2 ** 32) * this.#slots);
  }

  #after(slot: number): number {
    return slot + 1 === this.#slots ? 0 : slot + 1;
  }

  isFree(slot: number): boolean {
    return this.#distances[slot] === 0 && (this.#doors[slot] ?? 0) >>> DOOR_BITS === 0;
  }

  distance(slot: number): number {
    return (this.#distances[slot] ?? 0) + ((this.#doors[slot] ?? 0) >>> DOOR_BITS) * 2 ** 32 - 1;
  }

  doors(slot: number): number {
    return (this.#doors[slot] ?? 0) & (2 ** DOOR_BITS - 1);
  }

  mark(slot: number, doors: number): void {
    this.#doors[slot] = (this.#doors[slot] ?? 0) | doors;
  }

  put(slot: number, key: Uint32Array, distance: number, doors: number): void {
    if (distance < 0 || distance > DISTANCE_MAX) throw new RangeError(`a day of more than ${DISTANCE_MAX} records`);
    if (this.isFree(slot)) this.#used++;
    this.#keys.set(key, slot * KEY_WORDS);
    this.#distances[slot] = distance + 1;
    this.#doors[slot] = doors | (Math.floor((distance + 1) / 2 ** 32) << DOOR_BITS);
  }

  each(give: (key: Uint32Array) => void): void {
    for (let slot = 0; slot < this.#slots; slot++)
      if (!this.isFree(slot)) give(this.#keys.subarray(slot * KEY_WORDS, (slot + 1) * KEY_WORDS));
  }

  grow(): void {
    const [slots, keys, distances, doors] = [this.#slots, this.#keys, this.#distances, this.#doors];
    this.#slots = Math.ceil(slots * GROWTH) + 1;
    this.#keys = new Uint32Array(this.#slots * KEY_WORDS);
    this.#distances = new Uint32Array(this.#slots);
    this.#doors = new Uint8Array(this.#slots);
    for (let old = 0; old < slots; old++) {
      if (distances[old] === 0 && (doors[old] ?? 0) >>> DOOR_BITS === 0) continue;
      const from = old * KEY_WORDS;
      let slot = this.#home(keys[from] as number);
      while (!this.isFree(slot)) slot = this.#after(slot);
      for (let word = 0; word < KEY_WORDS; word++) this.#keys[slot * KEY_WORDS + word] = keys[from + word] as number;
      this.#distances[slot] = distances[old] as number;
      this.#doors[slot] = doors[old] as number;
    }
    // Freed at once: the collector would let many of them pile up.
    for (const array of [keys, distances, doors]) array.buffer.transfer(0);
  }
}
