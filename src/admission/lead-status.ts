import type { Problem } from '../event/problem.ts';
import type { ToldLead } from '../event/told.ts';
import type { Spec } from '../spec/spec.ts';

/** What a step's status is called in the spec. */
type Status = { kind: 'known'; status: string } | { kind: 'unused' } | { kind: 'unknown'; problem: Problem };

/** Reads a status: one of the spec's own or, where a CRM told it, the one that its word stands for. */
export function leadStatus({ status, provider, property }: ToldLead, { leads }: Spec): Status {
  if (provider === undefined) return known(status, leads);
  const crm: Crm | undefined = Object.hasOwn(leads.crm, provider) ? leads.crm[provider as CrmName] : undefined;
  if (property !== undefined && crm?.property !== undefined && property !== crm.property) return { kind: 'unused' };
  const ours = crm && Object.hasOwn(crm.statuses, status) ? crm.statuses[status] : undefined;
  return ours === undefined ? { kind: 'unknown', problem: unmapped(provider, status) } : known(ours, leads);
}

type CrmName = keyof Spec['leads']['crm'];

interface Crm {
  property?: string;
  statuses: Record<string, string>;
}

function known(status: string, { events, ladder }: Spec['leads']): Status {
  if (Object.hasOwn(ladder, status) || Object.hasOwn(events, status)) return { kind: 'known', status };
  const problem: Problem = {
    code: 'lead_status_unknown',
    where: 'status',
    what: `the spec knows no status ${quoted(status)}`,
    fix: 'add it to leads.events, or to leads.ladder where no event should follow from it',
  };
  return { kind: 'unknown', problem };
}

function unmapped(provider: string, status: string): Problem {
  return {
    code: 'crm_status_unmapped',
    where: 'status',
    what: `the spec does not say what ${quoted(status)} of ${quoted(provider)} means`,
    fix: `add it to leads.crm.${provider.slice(0, CHARS_SHOWN)}.statuses with one of your own statuses`,
  };
}

const CHARS_SHOWN = 40;

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, CHARS_SHOWN));
}
