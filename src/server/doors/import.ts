import { entryOf } from '../../admission/facts.ts';
import { normalise } from '../../admission/normalise.ts';
import type { DryRunAnswer, FactDryRunAnswer } from '../../api/wire.ts';
import { factRecords } from '../../collection/facts.ts';
import { serverRecords } from '../../collection/server.ts';
import type { Parsed } from '../../event/problem.ts';
import type { ToldEvent, ToldPayment } from '../../event/told.ts';
import type { Spec } from '../../spec/spec.ts';
import type { NewRecord } from '../../store/journal.ts';
import { type Answered, problem, type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What happened elsewhere, and long ago: events, or what became of orders. */
export function importRoutes({ check, receipts, sites, facts, specs }: DoorFrame): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/server/import',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.importKey(asked, raw);
        const body = await check.json(raw, 'import');
        const tellsFacts = typeof body === 'object' && body !== null && 'facts' in body;
        const read = tellsFacts
          ? factRecords(body, facts(asked, key), sites())
          : serverRecords(body, facts(asked, key), sites(), 'import');
        if (asked.url.searchParams.get('dry_run') === '1')
          return dryRun(read, tellsFacts ? factRow : eventRow, specs.newest);
        const records = await check.shape(read, raw, 'import');
        return receipts.answer(await receipts.write(records), records.length, asked);
      },
    },
  ];
}

/** What would become of each by itself, as the newest spec reads it. */
function dryRun(
  read: Parsed<NewRecord[]>,
  row: (record: NewRecord, spec: Spec) => DryRunAnswer['rows'][number] | FactDryRunAnswer['rows'][number],
  spec: Spec,
): Answered {
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
