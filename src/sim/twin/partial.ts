import type { Json, JsonObject } from '../../event/event.ts';
import { isObject } from './json.ts';
import type { Switches } from './switches.ts';

/** An event that its batch leaves behind. */
export interface Failed {
  /** place in the batch, from 0 */
  order: number;
  code: number;
  message: string;
}

/** What a list of failed events is called, by the switch. */
const FAILURES: Partial<Record<Switches['partialShape'], string>> = {
  failedEvents: 'failed_events',
  failedList: 'failed_list',
  failures: 'failures',
  errors: 'errors',
  errorList: 'error_list',
  failed: 'failed',
  // Of no shape that anybody expects.
  unheardOf: 'rejected',
};

/** The `data` of a partial success: nobody knows its shape, so it has as many as there are guesses. */
export function partialData(data: readonly Json[], failed: readonly Failed[], switches: Switches): Json {
  const shape = switches.partialShape;
  const failures = failed.map(({ order, code, message }) => ({
    ...nameOf(order, data, switches),
    ...(code === 40002 ? {} : { code }),
    error_message: message,
  }));
  const name = FAILURES[shape];
  if (name !== undefined) return { [name]: failures };
  if (shape === 'list') return failures;
  if (shape === 'twoLists') return { failed_events: failures, errors: failures };
  if (shape === 'empty') return {};
  if (shape === 'text') return `${failed.length} of ${data.length} failed`;
  const byOrder = new Map(failed.map((one) => [one.order, one]));
  const results = data.map((_, order) => {
    const { code = 0, message = 'OK' } = byOrder.get(order) ?? {};
    return { ...nameOf(order, data, switches), code, message };
  });
  return shape === 'resultList' ? results : { [shape]: results };
}

/** How an entry says which event it is about. */
function nameOf(order: number, data: readonly Json[], { partialNames, orderInBatchFrom }: Switches): JsonObject {
  const event = data[order];
  const id = isObject(event) ? (event['event_id'] ?? null) : null;
  const place = order + orderInBatchFrom;
  switch (partialNames) {
    case 'event_id':
      return { event_id: id };
    case 'both':
      return { order_in_batch: place, event_id: id };
    case 'none':
      return {};
    case 'beyond':
      return { order_in_batch: place + data.length };
    case 'order_in_batch':
    case 'index':
    case 'order':
    case 'position':
      return { [partialNames]: place };
  }
}
