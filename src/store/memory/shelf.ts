/** Rows of one kind, kept by key within the group that is asked for together. */
export class Shelf<Row> {
  readonly #groups = new Map<string | number, Map<string, Row>>();
  readonly #group: (row: Row) => string | number;
  readonly #key: (row: Row) => string;

  constructor(group: (row: Row) => string | number, key: (row: Row) => readonly (string | number)[] = () => []) {
    this.#group = group;
    this.#key = (row) => JSON.stringify(key(row));
  }

  put(row: Row): void {
    const group = this.#group(row);
    const rows = this.#groups.get(group) ?? new Map<string, Row>();
    this.#groups.set(group, rows.set(this.#key(row), row));
  }

  delete(row: Row): void {
    this.#groups.get(this.#group(row))?.delete(this.#key(row));
  }

  of(group: string | number): Row[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }

  all(): Row[] {
    return [...this.#groups.values()].flatMap((rows) => [...rows.values()]);
  }
}
