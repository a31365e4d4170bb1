import type { Parsed } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import { parser, serverBatch, serverEvent } from './schemas.ts';
import { eventRecord, type sitesOf, type Wire } from './tell.ts';

const readBatch = parser(serverBatch);
const readOne = parser(serverEvent);

/** The records of a merchant's server or of an import: one event, an array, or {"events": […]}. All, or none. */
export function serverRecords(
  body: unknown,
  facts: { keyId: string; receivedAt: number; draft?: boolean },
  sites: ReturnType<typeof sitesOf>,
  door: 'server' | 'import' = 'server',
): Parsed<NewRecord[]> {
  const many = Array.isArray(body) ? { events: body as unknown[] } : body;
  const isBatch = typeof many === 'object' && many !== null && 'events' in many;
  const parsed = isBatch ? readBatch(many) : readOne(many);
  if (!parsed.ok) return parsed;
  const events = (isBatch ? (parsed.value as { events: Wire[] }).events : [parsed.value]) as Wire[];
  const receipt = { door, keyId: facts.keyId, receivedAt: facts.receivedAt };
  const records = events.map((wire) => eventRecord(wire, receipt, sites));
  if (facts.draft) for (const record of records) record.body['draft'] = true;
  return { ok: true, value: records };
}
