import { entryOf } from '../../admission/facts.ts';
import { inspectStep } from '../../admission/leads.ts';
import { normalise } from '../../admission/normalise.ts';
import type { DryRunAnswer, FactDryRunAnswer, LeadDryRunAnswer } from '../../api/wire.ts';
import { factRecords } from '../../collection/facts.ts';
import { leadRecords } from '../../collection/leads.ts';
import { serverRecords } from '../../collection/server.ts';
import type { Parsed } from '../../event/problem.ts';
import type { ToldEvent, ToldLead, ToldPayment } from '../../event/told.ts';
import type { Spec } from '../../spec/spec.ts';
import type { NewRecord } from '../../store/journal.ts';
import { type Answered, problem, type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What happened elsewhere, and long ago: events, what became of orders, or the steps of leads. */
export function importRoutes({ check, receipts, sites, facts, specs }: DoorFrame): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/server/import',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.importKey(asked, raw);
        const body = await check.json(raw, 'import');
        const { records: read, row } = subjectOf(body);
        const found = read(body, facts(asked, key), sites());
        if (asked.url.searchParams.get('dry_run') === '1') return dryRun(found, row, specs.newest);
        const records = await check.shape(found, raw, 'import');
        return receipts.accept(records, asked);
      },
    },
  ];
}

/** What a body tells, by the list that it has: how it is read, and the row of each in a dry run. */
interface Subject {
  records(...how: Parameters<typeof factRecords>): Parsed<NewRecord[]>;
  row(record: NewRecord, spec: Spec): Row;
}
type Row = (DryRunAnswer | FactDryRunAnswer | LeadDryRunAnswer)['rows'][number];

function subjectOf(body: unknown): Subject {
  const has = (list: string): boolean => typeof body === 'object' && body !== null && list in body;
  if (has('facts')) return { records: factRecords, row: factRow };
  if (has('leads')) return { records: leadRecords, row: leadRow };
  return { records: (told, facts, sites) => serverRecords(told, facts, sites, 'import'), row: eventRow };
}

/** What would become of each by itself, as the newest spec reads it. */
function dryRun(read: Parsed<NewRecord[]>, row: Subject['row'], spec: Spec): Answered {
  if (!read.ok) return problem(422, 'body_shape', 'The body has not the shape of this door.', read.problems);
  return { status: 200, json: { rows: read.value.map((record) => row(record, spec)) } };
}

function eventRow({ body, personal, receivedAt }: NewRecord, spec: Spec): DryRunAnswer['rows'][number] {
  const draft = normalise(body as unknown as ToldEvent, personal, spec, receivedAt);
  const { name, eventId, problems, notes } = draft;
  return { ok: problems.length === 0, event: name, event_id: eventId, problems, notes };
}

function factRow({ body, receivedAt }: NewRecord, spec: Spec): FactDryRunAnswer['rows'][number] {
  const told = body as unknown as ToldPayment;
  const { order_id, reference, fact = 'payment' } = told;
  const { problems } = entryOf({ receivedAt, seq: 0 }, told, { spec });
  return { ok: problems.length === 0, order_id, fact, reference, problems, notes: [] };
}

function leadRow(record: NewRecord, spec: Spec): LeadDryRunAnswer['rows'][number] {
  const told = record.body as unknown as ToldLead;
  const { status, event = null, problems, notes } = inspectStep(told, record, spec);
  return { ok: problems.length === 0, lead_id: told.lead_id, status, event, problems, notes };
}
