import type { Reason } from '../../src/event/reason.ts';
import { REASONS } from '../../src/server/reasons.ts';
import { code, page, table } from './markdown.ts';

type With = Reason['with'];

/** What each verdict and state means, in the order in which a fact can meet them. */
const GROUPS: Record<With, string> = {
  admitted: 'Verdict: the first observation of an event, or a record that was applied.',
  paired: 'Verdict: the same event or order, seen through another door.',
  duplicate: 'Verdict: the same again. It changes no count.',
  quarantined: 'Verdict: it breaks a rule of the spec or can’t be read, so it is kept and not sent.',
  refused: 'Verdict: it is not ours.',
  note: 'Goes with any verdict and changes none.',
  held: 'Dispatch: it waits for something that has an end.',
  queued: 'Dispatch: it leaves at its time.',
  inFlight: 'Dispatch: it is on its way, and no answer is known.',
  delivered: 'Dispatch: TikTok’s answer says that it took the event.',
  unknown: 'Dispatch: a copy may have arrived, and nothing can prove it.',
  withheld: 'Dispatch: it is not sent, on purpose. The event stays in the books.',
  dead: 'Dispatch: it is given up and kept.',
};

export function reasonsPage(): string {
  const parts = (Object.keys(GROUPS) as With[]).flatMap((group) => {
    const rows = REASONS.filter((reason) => reason.with === group).map((reason) => [
      code(reason.code),
      reason.means,
      reason.fix || 'Nothing.',
    ]);
    return rows.length === 0 ? [] : [`## ${group}`, GROUPS[group], table(['code', 'means', 'what to do'], rows)];
  });
  return page('Reasons', 'REASONS in src/server/reasons.ts', [
    'Every record has one current verdict, and every dispatch one state. Each has at least one of these codes.',
    ...parts,
  ]);
}
