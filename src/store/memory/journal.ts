import { AssayError } from '../../event/error.ts';
import type { Journal, JournalRecord } from '../journal.ts';
import { copy } from './copy.ts';

/** A journal that ends with the process: for explanations, tests and simulations. */
export function memoryJournal(): Journal {
  const records: JournalRecord[] = [];
  let closed = false;
  /** up to it records are gone */
  let cut = 0;
  const lastSeq = (): number => cut + records.length;
  const checkOpen = (): void => {
    if (closed) throw new AssayError('journal_unwritable', 'the journal is closed');
  };
  return {
    async append(added) {
      checkOpen();
      const first = lastSeq() + 1;
      records.push(...added.map((record, n) => copy({ ...record, seq: first + n })));
      return first;
    },
    async forget(what, before, upTo) {
      checkOpen();
      const young = records.findIndex(({ receivedAt, seq }) => receivedAt >= before || seq > upTo);
      const old = records.slice(0, young < 0 ? records.length : young);
      const next = young >= 0 && (records[young]?.receivedAt ?? before) < before ? 'beyond' : 'nothing';
      if (what === 'records') {
        records.splice(0, old.length);
        cut += old.length;
        return { count: old.length, next };
      }
      const told = old.filter(({ personal }) => personal !== null);
      for (const record of told) record.personal = null;
      return { count: told.length, next };
    },
    async read(after, limit) {
      if (after < cut && limit > 0)
        throw new AssayError('journal_cut', `retention has removed the records up to ${cut}`);
      return records.slice(after - cut, after - cut + limit).map(copy);
    },
    async first() {
      return cut + 1;
    },
    async last() {
      return lastSeq();
    },
    async close() {
      closed = true;
    },
  };
}
