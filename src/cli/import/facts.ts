import type { WireFact } from '../../api/wire.ts';
import type { FactKind } from '../../event/order.ts';
import type { Problem } from '../../event/problem.ts';
import type { Io } from '../io.ts';
import { type Said, saidByCells, saidByObject } from './cells.ts';
import { PERSON, type Places } from './columns.ts';
import { type ImportOptions as Common, importRows, type Subject } from './run.ts';

export interface FactOptions extends Common {
  fact?: FactKind;
}

/** Brings what became of orders to the import door. 0: all fine, 1: some rows are bad, 2: nothing could be sent. */
export function importFacts(file: string, options: FactOptions, io: Io): Promise<number> {
  return importRows(file, factsWith(options.fact), options, io);
}

function factsWith(fact: FactKind | undefined): Subject {
  return {
    list: 'facts',
    places: FACT_PLACES,
    ofCells: (cells, columns) => finished(saidByCells(cells, columns), fact),
    ofObject: (object) => finished(saidByObject(object, '{"order_id":"10045","reference":"pay-1",…}'), fact),
    idOf: (told) => String((told as WireFact).order_id ?? (told as WireFact).payment),
    preview(told, id) {
      const { fact: kind = 'payment', reference, time, amount, currency } = told as WireFact;
      const moved = [amount, currency].filter((part) => part !== undefined).join(' ');
      return [kind, id, String(reference), String(time ?? ''), moved];
    },
    named: OWN.map((header) => ({ header, path: [header] })),
  };
}

const OWN = ['order_id', 'payment', 'fact', 'reference', 'amount', 'currency', 'time', 'origin', 'draft'];

/** The columns of a file of facts: the fact, and who paid. */
export const FACT_PLACES: Places = {
  of: 'a fact of an order',
  byName: new Map<string, readonly string[]>([
    ...OWN.map((name) => [name, [name]] as const),
    ...PERSON.map((name) => [name, ['user', name]] as const),
  ]),
  sections: ['user'],
};

function finished({ bag, problems }: Said, fact: FactKind | undefined): { told: object; problems: Problem[] } {
  const told = { ...(fact === undefined ? {} : { fact }), ...bag };
  // A line that could not be read at all lacks everything.
  if (problems.some(({ where }) => where === 'line')) return { told, problems };
  for (const [name, fix] of NEEDED)
    if (bag[name] === undefined && !(name === 'order_id' && isOfPayment(told)))
      problems.push({ code: 'row', where: name, what: 'is missing', fix });
  return { told, problems };
}

/** What became of a payment finds the order by it. */
function isOfPayment({ payment, fact = 'payment' }: Partial<WireFact>): boolean {
  return payment !== undefined && fact !== 'payment';
}

const NEEDED = [
  [
    'order_id',
    'add a column order_id with the shop’s own number of the order, or payment with its provider’s, such as stripe:pi_3Sa1Vt',
  ],
  // A reference made up from the row would take two equal payments of one order for one.
  ['reference', 'add a column reference with the source’s own id of the payment, refund …'],
] as const;
