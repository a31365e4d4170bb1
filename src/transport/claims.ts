/**
 * Dispatches that are taken, each with the sequence of the record that lets it go: until the ledger has committed
 * that record, what it lists as due may be stale.
 */
export class Claims {
  readonly #claims = new Map<string, number>();
  #committed = 0;

  /** Takes dispatches before anything is written down about them. */
  take(keys: readonly string[]): void {
    for (const key of keys) this.#claims.set(key, Number.POSITIVE_INFINITY);
  }

  /** They are let go once `seq` is committed. */
  until(keys: readonly string[], seq: number): void {
    for (const key of keys) this.#claims.set(key, seq);
  }

  /** Nothing was written down about them. */
  drop(keys: readonly string[]): void {
    for (const key of keys) this.#claims.delete(key);
  }

  commit(offset: number): void {
    this.#committed = Math.max(this.#committed, offset);
  }

  /** Call before reading what is due; the answer tells which of it is free. */
  asOf(): (key: string) => boolean {
    const committed = this.#committed;
    for (const [key, seq] of this.#claims) if (seq <= committed) this.#claims.delete(key);
    return (key) => (this.#claims.get(key) ?? 0) <= committed;
  }
}
