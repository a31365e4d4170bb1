/** Events by sequence: a bit each, 32 to a word, because those that leave together came one after the other. */
export class EventSet {
  readonly #words = new Map<number, number>();
  /** The word that was last looked at, which the map has as it was before. */
  #at = -1;
  #bits = 0;

  has(event: number): boolean {
    this.#turnTo(event);
    return (this.#bits & (1 << (event & 31))) !== 0;
  }

  add(event: number): void {
    this.#turnTo(event);
    this.#bits |= 1 << (event & 31);
  }

  delete(event: number): void {
    this.#turnTo(event);
    this.#bits &= ~(1 << (event & 31));
  }

  #turnTo(event: number): void {
    const at = Math.floor(event / 32);
    if (at === this.#at) return;
    if (this.#bits === 0) this.#words.delete(this.#at);
    else this.#words.set(this.#at, this.#bits);
    this.#at = at;
    this.#bits = this.#words.get(at) ?? 0;
  }
}
