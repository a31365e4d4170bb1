import { AssayError } from '../event/error.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldSpec } from '../event/told.ts';
import { changeText, type FrozenChange, frozenChanges } from '../spec/freeze.ts';
import type { SpecRow } from '../store/effects.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';
import { readStored } from './stored-spec.ts';

/** Attempts are one finding, so that a page can ask for it by its id. */
export const FROZEN_CHANGE = { check: 'frozen_change', subject: 'tracking spec' } as const;

/**
 * A spec that is to become active: everything after it is judged by it. One that changes what the active spec has
 * frozen is refused and the active one stays, unless a reason went along that has not served before; then it is marked.
 */
export function tellSpec(record: JournalRecord, told: ToldSpec, context: Context): void {
  const { working, spec: active } = context;
  const { hash, text, rates, override, by } = told;
  const parsed = readStored(told);
  if (!parsed.ok) throw new AssayError('spec_unreadable', `the activated spec ${hash} can't be read`);
  // Before the first spec there is nothing to keep.
  const changes = active.version === 0 ? [] : frozenChanges(active, parsed.value, record.receivedAt);
  const hasServed =
    override !== undefined && [...context.specs.values()].some((row) => row.override?.because === override);
  if (changes.length > 0 && (override === undefined || hasServed)) {
    const { because = '', until = '' } = active.freeze ?? {};
    const what = `${changes.map(changeText).join('; ')}; frozen until ${until}: ${because}`;
    working.finding(FROZEN_CHANGE.check, FROZEN_CHANGE.subject, what, record.receivedAt);
    const problems = changes.map((change) => frozen(change, until, because));
    const reasons = hasServed ? ['spec_frozen', SERVED.code] : ['spec_frozen'];
    working.verdict(record, 'refused', reasons, undefined, hasServed ? [SERVED, ...problems] : problems);
    return;
  }
  const version = active.version + 1;
  const row: SpecRow = { version, hash, activatedAt: record.receivedAt, text, rates };
  if (changes.length > 0 && override !== undefined)
    row.override = { because: override, ...(by === undefined ? {} : { by }), what: changes.map(changeText) };
  context.spec = { ...parsed.value, version };
  context.specs = new Map(context.specs).set(version, row);
  working.putSpec(row);
  working.verdict(record, 'admitted', row.override ? ['spec_activated', 'freeze_overridden'] : ['spec_activated']);
}

function frozen(change: FrozenChange, until: string, because: string): Problem {
  return {
    code: 'spec_frozen',
    where: change.path,
    what: `is frozen until ${until} (${because}): was ${change.was}, becomes ${change.becomes}`,
    fix: 'put it back, wait until then, or override the freeze with a reason',
  };
}

const SERVED: Problem = {
  code: 'override_served',
  where: 'override',
  what: 'has served for an earlier version',
  fix: 'say why this change must be, too',
};

export const ACTIVATION_REASONS: Reason[] = [
  { code: 'spec_activated', with: 'admitted', means: 'A tracking spec became active.', fix: '' },
  {
    code: 'spec_frozen',
    with: 'refused',
    means: 'A tracking spec would have changed what the active one has frozen; the active one stays.',
    fix: 'Put the parts back, wait for the freeze’s end, or start once with ASSAY_SPEC_OVERRIDE and a reason.',
  },
  {
    code: 'override_served',
    with: 'note',
    means: 'The reason given for a change of frozen parts has served for an earlier version.',
    fix: 'Say why this change must be, too; take old reasons out of the settings.',
  },
  {
    code: 'freeze_overridden',
    with: 'note',
    means: 'A tracking spec changed what was frozen, with a reason; the break is marked in the reports.',
    fix: '',
  },
];
