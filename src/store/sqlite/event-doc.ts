import type { EventRow, Observation } from '../../event/event.ts';

/**
 * An event as JSON without the names of its fields: half the text, and text is what a commit of many events costs.
 * The order is the file's format: new fields go to the end, in `FIELDS` as in `OBSERVED`.
 */
type Kept = Exclude<keyof EventRow, 'seq' | 'personal'>;

const FIELDS: Readonly<Record<Kept, number>> = {
  sourceId: 0,
  name: 1,
  eventId: 2,
  source: 3,
  namespace: 4,
  origin: 5,
  occurredAt: 6,
  receivedAt: 7,
  consent: 8,
  specVersion: 9,
  observations: 10,
  properties: 11,
  value: 12,
  visitor: 13,
  session: 14,
  orderId: 15,
  leadId: 16,
  sendValue: 17,
  rate: 18,
  app: 19,
  ad: 20,
  lead: 21,
  limitedDataUse: 22,
  frozenAt: 23,
  bot: 24,
  deciders: 25,
};
const NAMES = Object.keys(FIELDS) as Kept[];
const OBSERVED: Readonly<Record<keyof Observation, number>> = {
  seq: 0,
  door: 1,
  occurredAt: 2,
  receivedAt: 3,
  verdict: 4,
  toldAt: 5,
  toldName: 6,
};
const OBSERVED_NAMES = Object.keys(OBSERVED) as (keyof Observation)[];

/** Stands for a value that is null itself: a field left out is null in the text. */
const NOTHING = 0;

export function eventDoc(event: EventRow): string {
  // Written out: a loop over the names takes half as long again, and this runs for every event.
  const cells: unknown[] = [
    event.sourceId,
    event.name,
    event.eventId,
    event.source,
    event.namespace,
    event.origin,
    event.occurredAt,
    event.receivedAt,
    event.consent,
    event.specVersion,
    event.observations.map(observationCells),
    event.properties,
    event.value,
    event.visitor,
    event.session,
  ];
  const rare = [
    event.orderId,
    event.leadId,
    event.sendValue === null ? NOTHING : event.sendValue,
    event.rate,
    event.app,
    event.ad,
    event.lead,
    event.limitedDataUse,
    event.frozenAt,
    event.bot,
    event.deciders,
  ];
  const last = rare.findLastIndex((cell) => cell !== undefined);
  if (last >= 0) cells.push(...rare.slice(0, last + 1));
  return JSON.stringify(cells);
}

export function readEventDoc(seq: number, doc: string, personal: string | null): EventRow {
  const cells = JSON.parse(doc) as unknown[];
  const row: Record<string, unknown> = { seq };
  for (const [at, name] of NAMES.entries()) {
    const cell = cells[at];
    if (name === 'observations') row[name] = (cell as unknown[][]).map(observationOf);
    else if (cell !== null && cell !== undefined) row[name] = name === 'sendValue' && cell === NOTHING ? null : cell;
  }
  row['personal'] = personal === null ? null : (JSON.parse(personal) as unknown);
  return row as unknown as EventRow;
}

function observationCells(observation: Observation): unknown[] {
  const { seq, door, occurredAt, receivedAt, verdict, toldAt, toldName } = observation;
  if (toldAt === undefined && toldName === undefined) return [seq, door, occurredAt, receivedAt, verdict];
  return [seq, door, occurredAt, receivedAt, verdict, toldAt, toldName];
}

function observationOf(cells: unknown[]): Observation {
  const row: Record<string, unknown> = {};
  for (const [at, name] of OBSERVED_NAMES.entries()) {
    const cell = cells[at];
    if (cell !== null && cell !== undefined) row[name] = cell;
  }
  return row as unknown as Observation;
}
