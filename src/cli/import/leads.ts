import type { WireLeadStep } from '../../api/wire.ts';
import type { Problem } from '../../event/problem.ts';
import type { Io } from '../io.ts';
import { type Said, saidByCells, saidByObject } from './cells.ts';
import { PERSON, type Places } from './columns.ts';
import { type ImportOptions as Common, importRows, type Subject } from './run.ts';

export interface LeadOptions extends Common {
  status?: string;
  source?: 'web' | 'crm';
  consent?: 'granted' | 'denied' | 'unknown';
  /** the CRM whose own words the statuses are */
  provider?: string;
}

/** Brings the steps of leads to the import door. 0: all fine, 1: some rows are bad, 2: nothing could be sent. */
export function importLeads(
  file: string,
  { status, source, consent, provider, ...rest }: LeadOptions,
  io: Io,
): Promise<number> {
  const told = Object.entries({ status, source, consent, provider }).filter(([, value]) => value !== undefined);
  return importRows(file, leadsWith(Object.fromEntries(told)), rest, io);
}

/** Steps with what holds for every row that says nothing else. */
function leadsWith(defaults: object): Subject {
  return {
    list: 'leads',
    places: LEAD_PLACES,
    ofCells: (cells, columns) => finished(saidByCells(cells, columns), defaults),
    ofObject: (object) => finished(saidByObject(object, '{"lead_id":"78","status":"qualified",…}'), defaults),
    idOf: (told) => String((told as WireLeadStep).lead_id),
    preview(told, id) {
      const { status = 'new', time, provider, source, user } = told as WireLeadStep;
      return [status, id, String(time), provider ?? source ?? '', Object.keys(user ?? {}).join('+')];
    },
    named: STEP.map((header) => ({ header, path: [header] })),
  };
}

const STEP = ['lead_id', 'status', 'time', 'source', 'provider', 'property'];
const OTHERS = ['consent', 'visitor', 'session', 'draft'];
const PROPERTIES = ['value', 'currency', 'order_id', 'description', 'content_id', 'content_name', 'content_category'];

/** The columns of a file of leads: a row is one step of one lead. */
export const LEAD_PLACES: Places = {
  of: 'a step of a lead',
  byName: new Map<string, readonly string[]>([
    ...[...STEP, ...OTHERS].map((name) => [name, [name]] as const),
    ...PERSON.map((name) => [name, ['user', name]] as const),
    ...['url', 'referrer'].map((name) => [name, ['page', name]] as const),
    ...PROPERTIES.map((name) => [name, ['properties', name]] as const),
    ['lead_event_source', ['lead', 'lead_event_source']],
  ]),
  sections: ['user', 'page', 'properties', 'ad', 'lead'],
};

function finished({ bag, problems }: Said, defaults: object): { told: object; problems: Problem[] } {
  const told = { ...defaults, ...bag };
  // A line that could not be read at all lacks everything.
  if (problems.some(({ where }) => where === 'line')) return { told, problems };
  for (const [name, fix] of NEEDED)
    if (bag[name] === undefined) problems.push({ code: 'row', where: name, what: 'is missing', fix });
  return { told, problems };
}

const NEEDED = [
  ['lead_id', 'add a column lead_id with your own id of the lead'],
  // Without it every import would tell the same step at another time.
  ['time', 'add a column time with when the lead came to this status'],
] as const;
