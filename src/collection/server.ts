import type { Parsed } from '../event/problem.ts';
import type { NewRecord } from '../store/journal.ts';
import { parser, serverBatch, serverEvent } from './schemas.ts';
import { eventRecord, type sitesOf, type Wire } from './tell.ts';

const readBatch = parser(serverBatch);
const readOne = parser(serverEvent);

/** The records of a merchant's server: one event, an array, or {"events": […]}. All are taken, or none. */
export function serverRecords(
  body: unknown,
  facts: { keyId: string; receivedAt: number },
  sites: ReturnType<typeof sitesOf>,
): Parsed<NewRecord[]> {
  const many = Array.isArray(body) ? { events: body as unknown[] } : body;
  const isBatch = typeof many === 'object' && many !== null && 'events' in many;
  const parsed = isBatch ? readBatch(many) : readOne(many);
  if (!parsed.ok) return parsed;
  const events = (isBatch ? (parsed.value as { events: Wire[] }).events : [parsed.value]) as Wire[];
  const receipt = { door: 'server', keyId: facts.keyId, receivedAt: facts.receivedAt } as const;
  return { ok: true, value: events.map((wire) => eventRecord(wire, receipt, sites)) };
}
