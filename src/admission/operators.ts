import { type KeyRow, TEST_MS_MAX, type TestRow } from '../event/key.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldKey, ToldTest } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';

/** An operator made a key, or ended one: then the same id comes again, with its end. What a key opens never changes. */
export function tellKey(record: JournalRecord, told: ToldKey, context: Context): void {
  const known = context.keys.get(told.id);
  const { endsAt } = told;
  if (!known && endsAt !== undefined && endsAt <= record.receivedAt) {
    context.working.verdict(record, 'quarantined', ['key_never_made']);
    return;
  }
  if (known && (endsAt === undefined || (known.endsAt ?? Number.POSITIVE_INFINITY) <= endsAt)) {
    context.working.verdict(record, 'duplicate', ['key_unchanged']);
    return;
  }
  const row: KeyRow = known ? { ...known } : made(told);
  if (endsAt !== undefined) row.endsAt = endsAt;
  context.keys = new Map(context.keys).set(row.id, row);
  context.working.putKey(row);
  context.working.verdict(record, 'admitted', ['key_changed']);
}

function made({ id, role, name, hash, draft, createdAt }: ToldKey): KeyRow {
  return { id, role, name, hash, draft: draft === true, createdAt };
}

/** An operator opened a test session for drafts, or closed it: then its end has passed. */
export function tellTest(record: JournalRecord, told: ToldTest, context: Context): void {
  const { receivedAt } = record;
  const { destination, code } = told;
  const until = Math.min(told.until, receivedAt + TEST_MS_MAX);
  const known = context.tests.get(destination);
  const row: TestRow =
    known && until <= receivedAt
      ? { ...known, until: Math.min(known.until, until) }
      : { destination, code, openedAt: receivedAt, until };
  context.tests = new Map(context.tests).set(destination, row);
  context.working.putTest(row);
  context.working.verdict(record, 'admitted', until < told.until ? ['test_session', 'session_cut'] : ['test_session']);
}

export const OPERATOR_REASONS: Reason[] = [
  { code: 'key_changed', with: 'admitted', means: 'An operator made a key, or ended one.', fix: '' },
  {
    code: 'key_unchanged',
    with: 'duplicate',
    means: 'The key exists, or has ended, already: nothing changed.',
    fix: '',
  },
  {
    code: 'key_never_made',
    with: 'quarantined',
    means: 'An operator ended a key that nobody made.',
    fix: 'List the keys for their ids: assay keys list.',
  },
  { code: 'test_session', with: 'admitted', means: 'An operator opened or closed a test session for drafts.', fix: '' },
  {
    code: 'session_cut',
    with: 'note',
    means: 'A test session lasts 24 hours at most; its end was moved there.',
    fix: 'Open another one when it is over.',
  },
];
