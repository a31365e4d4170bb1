import type { CreditedConversionsAnswer } from '../../api/attribution.ts';
import type { CreditClass } from '../../store/warehouse-reports.ts';
import type { ReadAsked } from './asked.ts';
import { figuresAsked } from './attribution.ts';
import { moneyAnswer } from './money.ts';
import type { AttributionSource } from './source.ts';
import { standOf, statementAnswer, statementFor } from './statement.ts';

const PAGE_ROWS = 50;

export type Place = { occurredAt: number; conversion: number; touch: number };

/** What one figure is made of. */
export async function creditedAnswer(
  source: AttributionSource,
  read: ReadAsked,
  which: CreditClass,
  after: Place | undefined,
): Promise<CreditedConversionsAnswer> {
  const statement = await statementFor(source, read);
  const rows = await source.reports.credited(figuresAsked(statement, read), which, after, PAGE_ROWS + 1);
  const page = rows.slice(0, PAGE_ROWS);
  const last = rows.length > PAGE_ROWS ? page.at(-1) : undefined;
  const { currency } = read.asked;
  return {
    ...standOf(statement),
    statement: statementAnswer(statement),
    conversions: page.map((row) => ({
      ...{ conversion: row.conversion, name: row.name, at: row.occurredAt, order_id: row.orderId, lead_id: row.leadId },
      share: row.share,
      value: moneyAnswer(row.minor, row.currency || currency),
      net: moneyAnswer(row.net, row.currency || currency),
      whole: moneyAnswer(row.wholeMinor, row.currency || currency),
      ...{ touch: row.touch, kind: row.kind, why: row.why },
    })),
    ...(last ? { next: placeText({ ...last, touch: last.touch ?? 0 }) } : {}),
  };
}

function placeText({ occurredAt, conversion, touch }: Place): string {
  return `${occurredAt}-${conversion}-${touch}`;
}

/** What an answer gave as `next`; undefined for any other text. */
export function readPlace(text: string): Place | undefined {
  const [, occurredAt, conversion, touch] = /^(\d{1,15})-(\d{1,15})-(\d{1,15})$/.exec(text)?.map(Number) ?? [];
  if (occurredAt === undefined || conversion === undefined || touch === undefined) return undefined;
  return { occurredAt, conversion, touch };
}
