import { AssayError } from '../../event/error.ts';
import type { Journal, JournalRecord } from '../journal.ts';
import { copy } from './copy.ts';

/** A journal that ends with the process: for explanations, tests and simulations. */
export function memoryJournal(): Journal {
  const records: JournalRecord[] = [];
  let closed = false;
  return {
    async append(added) {
      if (closed) throw new AssayError('journal_unwritable', 'the journal is closed');
      const first = records.length + 1;
      records.push(...added.map((record, n) => copy({ ...record, seq: first + n })));
      return first;
    },
    async read(after, limit) {
      return records.slice(after, after + limit).map(copy);
    },
    async last() {
      return records.length;
    },
    async close() {
      closed = true;
    },
  };
}
