import { normalise } from '../../admission/normalise.ts';
import type { DryRunAnswer } from '../../api/wire.ts';
import { serverRecords } from '../../collection/server.ts';
import type { ToldEvent } from '../../event/told.ts';
import type { Spec } from '../../spec/spec.ts';
import type { NewRecord } from '../../store/journal.ts';
import { problem, type Route, readBody } from '../http.ts';
import { SERVER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What servers tell as it happens, and what is imported long afterwards. */
export function serverRoutes({ check, receipts, sites, facts, specs }: DoorFrame): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/server/events',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.secretKey(asked, raw);
        const body = await check.json(raw, 'server');
        const records = await check.shape(serverRecords(body, facts(asked, key), sites()), raw, 'server');
        return receipts.answer(await receipts.write(records), records.length, asked);
      },
    },
    {
      method: 'POST',
      path: '/v1/server/import',
      async answer(asked) {
        const raw = await readBody(asked.request, SERVER_BYTES_MAX);
        const key = await check.importKey(asked, raw);
        const body = await check.json(raw, 'import');
        const read = serverRecords(body, facts(asked, key), sites(), 'import');
        if (asked.url.searchParams.get('dry_run') === '1') {
          if (read.ok) return { status: 200, json: dryRun(read.value, specs.newest) };
          return problem(422, 'body_shape', 'The body has not the shape of this door.', read.problems);
        }
        const records = await check.shape(read, raw, 'import');
        return receipts.answer(await receipts.write(records), records.length, asked);
      },
    },
  ];
}

/** What would become of each event by itself, as the newest spec reads it. */
function dryRun(records: readonly NewRecord[], spec: Spec): DryRunAnswer {
  return {
    rows: records.map(({ body, personal, receivedAt }) => {
      const draft = normalise(body as unknown as ToldEvent, personal, spec, receivedAt);
      const { name, eventId, problems, notes } = draft;
      return { ok: problems.length === 0, event: name, event_id: eventId, problems, notes };
    }),
  };
}
