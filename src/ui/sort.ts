/** What rows are put in order by; null: it is not known, and stands last either way. */
export type Sortable = number | bigint | string | null;

/** A column's name in addresses, and whether its largest value comes first. */
export interface Sorting {
  by: string;
  down: boolean;
}

/** `-value` is by value, largest first. */
export function sortingOf(text: string): Sorting {
  return text.startsWith('-') ? { by: text.slice(1), down: true } : { by: text, down: false };
}

/** The inverse of `sortingOf`. */
export function sortingText({ by, down }: Sorting): string {
  return down ? `-${by}` : by;
}

/** A column that was chosen again turns round; another begins with its largest. */
export function nextSorting(now: Sorting, by: string): Sorting {
  return { by, down: now.by === by ? !now.down : true };
}

/** The rows in order, those that are alike as they stood. The rows that were given stay as they are. */
export function sortRows<Row>(rows: readonly Row[], of: (row: Row) => Sortable, down: boolean): Row[] {
  return rows
    .map((row) => ({ row, key: of(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return down ? compare(b.key, a.key) : compare(a.key, b.key);
    })
    .map(({ row }) => row);
}

function compare(a: NonNullable<Sortable>, b: NonNullable<Sortable>): number {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en', { numeric: true });
  return a < b ? -1 : a > b ? 1 : 0;
}
