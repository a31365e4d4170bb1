import { isDeepStrictEqual } from 'node:util';
import type { EventRow, JsonObject } from '../event/event.ts';
import { storedMoney } from '../event/money.ts';
import type { Problem } from '../event/problem.ts';
import type { ToldEvent, ToldLead, ToldPayment } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import { type Amount, worthOf } from './amount.ts';
import type { Context } from './context.ts';
import { draftOfStep } from './leads.ts';
import { type Draft, normalise } from './normalise.ts';
import { orphanSale } from './orphans.ts';
import type { Recalled } from './replay.ts';

/**
 * An event of which TikTok has no copy, as its records make it under the spec that is active now, and what is wrong with
 * it by that spec. Its key, its time and what our books say it is worth stay. Undefined where its records are gone.
 */
export function madeAgain(
  event: EventRow,
  records: ReadonlyMap<number, Recalled>,
  context: Context,
): { event: EventRow; problems: Problem[] } | undefined {
  const drafts = event.observations.flatMap(({ seq }) => {
    const told = records.get(seq);
    return (told && draftAgain(told.record, event, context)) ?? [];
  });
  const [first] = drafts;
  // Without the one that made the event, the others tell only what it lacked.
  if (!first || !records.has(event.seq)) return undefined;
  const { sendValue: _send, rate: _rate, ...kept } = event;
  const row: EventRow = { ...kept, ...amountAgain(event, first, context), properties: propertiesAgain(event, drafts) };
  if (first.app) row.app = first.app;
  if (first.ad) row.ad = first.ad;
  if (first.lead) row.lead = first.lead;
  if (first.limitedDataUse !== undefined) row.limitedDataUse = first.limitedDataUse;
  return { event: row, problems: first.problems };
}

/** What a record of the event says now; its personal fields may be gone from the journal and kept by the event. */
function draftAgain(record: JournalRecord, event: EventRow, context: Context): Draft | undefined {
  const body: unknown = record.body;
  const personal = record.personal ?? event.personal;
  switch (record.kind) {
    case 'event':
    case 'order':
      return normalise(body as ToldEvent, personal, context.spec, record.receivedAt, record.kind === 'order');
    case 'lead':
      return draftOfStep({ ...record, personal }, body as ToldLead, context);
    case 'payment':
      return orphanSale({ ...record, personal }, body as ToldPayment, context.spec);
    default:
      return undefined;
  }
}

/** What TikTok gets of the value that our books have. */
function amountAgain({ value }: EventRow, first: Draft, { spec }: Context): Partial<Amount> {
  if (value !== undefined) return worthOf(storedMoney(value), spec);
  const { value: told, sendValue, rate } = first;
  return {
    ...(told === undefined ? {} : { value: told }),
    ...(sendValue === undefined ? {} : { sendValue }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** A property stays while any of the records says it so; else it is what the first of them says now. */
function propertiesAgain({ properties }: EventRow, drafts: readonly Draft[]): JsonObject {
  const again: JsonObject = { ...drafts[0]?.properties };
  for (const [name, value] of Object.entries(properties)) {
    const said = drafts.map((draft) => draft.properties[name]).filter((one) => one !== undefined);
    again[name] = said.some((one) => isDeepStrictEqual(one, value)) ? value : (said[0] ?? value);
  }
  return again;
}
