import { entriesOf } from './rows.ts';

/** One month of a truth file of Online Retail. */
export interface TruthMonth {
  /** by the kind of invoice, whatever kinds it names */
  kinds: Map<string, { invoices: number; lines: number; amount: string }>;
  net: string;
  /** its other figures, by name */
  others: Map<string, number>;
}

/** The months of a truth file, by name. */
export function truthMonths(truth: Record<string, unknown>): Map<string, TruthMonth> {
  const { months } = truth;
  if (!Array.isArray(months)) throw new Error('The truth of Online Retail has no list of months.');
  return new Map(months.map((month: Record<string, unknown>) => [String(month['month']), monthOf(month)]));
}

function monthOf(month: Record<string, unknown>): TruthMonth {
  const fields = Object.entries(month);
  const kinds = entriesOf(month).flatMap(([kind, value]) =>
    typeof value === 'object' && value !== null && 'amount_gbp' in value ? [[kind, value] as const] : [],
  );
  return {
    kinds: new Map(
      kinds.map(([kind, { invoices, lines, amount_gbp }]) => [
        kind,
        { invoices: Number(invoices), lines: Number(lines), amount: String(amount_gbp) },
      ]),
    ),
    net: String(month['net_gbp']),
    others: new Map(fields.flatMap(([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []))),
  };
}
