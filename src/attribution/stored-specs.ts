import { AssayError } from '../event/error.ts';
import { parseSpec } from '../spec/parse.ts';
import type { Spec } from '../spec/spec.ts';
import type { LedgerReader } from '../store/ledger.ts';

/** All versions of the spec that were ever active, oldest first. */
export async function readSpecs(reader: Pick<LedgerReader, 'specs'>): Promise<Spec[]> {
  const rows = await reader.specs();
  return rows.map(({ version, text, rates }) => {
    const parsed = parseSpec(text, { rates: () => rates ?? undefined });
    if (!parsed.ok) throw new AssayError('spec_unreadable', `spec version ${version} can't be read`);
    return { ...parsed.value, version };
  });
}
