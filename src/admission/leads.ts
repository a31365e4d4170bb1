import { majorText, storedMoney } from '../event/money.ts';
import type { Problem } from '../event/problem.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldEvent, ToldLead } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';

/** A step of a lead as the event that the spec names for its status; undefined where it names none. */
export function leadEvent({ lead_id, status, ...told }: ToldLead, { leads }: Spec): ToldEvent | undefined {
  const name = Object.hasOwn(leads.events, status) ? leads.events[status] : undefined;
  if (name === undefined) return undefined;
  return {
    ...told,
    event: name,
    event_id: `${lead_id}-${status}`,
    lead: { ...told.lead, lead_id, status },
    properties: { ...told.properties, ...worth(status, leads.ladder) },
  };
}

/** What the spec's ladder says a step is worth, whatever its teller says. */
function worth(status: string, ladder: Spec['leads']['ladder']): { value?: string; currency?: string } {
  const text = Object.hasOwn(ladder, status) ? ladder[status] : undefined;
  if (!text) return {};
  const amount = storedMoney(text);
  return { value: majorText(amount), currency: amount.currency };
}

/** A step of a lead for which there is no event. */
export function tellLead(record: JournalRecord, { status }: ToldLead, { working, spec }: Context): void {
  if (Object.hasOwn(spec.leads.ladder, status)) {
    working.verdict(record, 'admitted', ['lead_noted']);
    return;
  }
  const problem: Problem = {
    code: 'lead_status_unknown',
    where: 'status',
    what: `the spec knows no status ${JSON.stringify(status.slice(0, STATUS_CHARS_SHOWN))}`,
    fix: 'add it to leads.events, or to leads.ladder where no event should follow from it',
  };
  working.verdict(record, 'quarantined', [problem.code], undefined, [problem]);
}

const STATUS_CHARS_SHOWN = 40;

export const LEAD_REASONS: Reason[] = [
  { code: 'lead_noted', with: 'admitted', means: 'A step of a lead for which the spec names no event.', fix: '' },
  {
    code: 'lead_status_unknown',
    with: 'quarantined',
    means: 'The spec knows no such status of a lead.',
    fix: 'Add it to leads.events, or to leads.ladder where no event should follow from it.',
  },
];
