import type { DatabaseSync } from 'node:sqlite';
import { isSomething, plus, type Share } from '../book-sums.ts';

/** Of `marks` the status is a mark of orders, such as `currency EUR`, and there are no sums. */
type Book = 'orders' | 'marks' | 'leads';

interface StoredShare {
  status: string;
  currency: string;
  count: number;
  sums: string;
}

/** Adds shares to the running totals of a book. One that comes to nothing goes: what is left tells no detours. */
export function totalWriter(db: DatabaseSync, book: Book): (changes: readonly Share[]) => void {
  const read = db.prepare(
    'SELECT status, currency, count, sums FROM book_total WHERE book = ? AND status = ? AND currency = ?',
  );
  const write = db.prepare(
    'INSERT OR REPLACE INTO book_total (book, status, currency, count, sums) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM book_total WHERE book = ? AND status = ? AND currency = ?');
  return (changes) => {
    for (const change of changes) {
      const before = read.get(book, change.status, change.currency) as unknown as StoredShare | undefined;
      const after = before ? plus(shareOf(before), change) : change;
      const { status, currency, count, sums } = after;
      if (!isSomething(after)) remove.run(book, status, currency);
      else write.run(book, status, currency, count, JSON.stringify(sums.map(String)));
    }
  };
}

/** The running totals of a book that come to something, by status and currency. */
export function totalReader(db: DatabaseSync, book: Book): () => Share[] {
  const read = db.prepare(
    'SELECT status, currency, count, sums FROM book_total WHERE book = ? ORDER BY status, currency',
  );
  return () => (read.all(book) as unknown as StoredShare[]).map(shareOf);
}

function shareOf({ sums, ...stored }: StoredShare): Share {
  return { ...stored, sums: (JSON.parse(sums) as string[]).map(BigInt) };
}
