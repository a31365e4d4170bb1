import { TOUCH_KINDS } from '../../../event/fact.ts';
import { NO_CREDIT } from '../../warehouse.ts';
import type { CreditClass, CreditedRow, FiguresAsked, WarehouseReports } from '../../warehouse-reports.ts';
import { dayColumn, figureValues, narrowedLevels, saidSql } from './lines.ts';
import type { Ask } from './reading.ts';

const KINDS: Readonly<Record<CreditClass, string>> = {
  earned: 'credit.kind < 2',
  views: 'credit.kind = 2',
  nobody: 'credit.kind = 255',
};

interface Row {
  conversion: bigint;
  name: string;
  occurred_at: bigint;
  order_id: string | null;
  lead_id: string | null;
  share: number;
  minor: bigint;
  net: bigint;
  whole_minor: bigint;
  currency: string;
  touch: bigint;
  kind: number;
  why: number;
}

/** Credits behind a figure, a page of them. */
export async function credited(
  ask: Ask,
  asked: FiguresAsked,
  which: CreditClass,
  after: Parameters<WarehouseReports['credited']>[2],
  limit: number,
): Promise<CreditedRow[]> {
  const where = [
    'credit.statement = $statement',
    `credit.${dayColumn(asked.basis)} BETWEEN $first AND $last`,
    KINDS[which],
    "conversion.currency IN ($currency, '')",
    ...(asked.names.length > 0 ? ['conversion.name IN (SELECT unnest($names))'] : []),
    ...(narrowedLevels(asked.narrowed).length > 0
      ? [`credit.creative IN (SELECT creative FROM (${saidSql('channel', asked.narrowed)}))`]
      : []),
    ...(after
      ? ['(conversion.occurred_at, credit.conversion, credit.touch) < ($after_at, $after_conversion, $after_touch)']
      : []),
  ];
  const rows = await ask<Row>(
    `SELECT credit.conversion, name, occurred_at, order_id, lead_id, share, credit.minor, credit.net,
       conversion.minor AS whole_minor, currency, touch, credit.kind, credit.why
     FROM credit JOIN conversion USING (conversion) WHERE ${where.join(' AND ')}
     ORDER BY occurred_at DESC, credit.conversion DESC, touch DESC LIMIT $limit`,
    {
      ...figureValues(asked),
      limit,
      ...(after ? { after_at: after.occurredAt, after_conversion: after.conversion, after_touch: after.touch } : {}),
    },
  );
  return rows.map((row) => ({
    conversion: Number(row.conversion),
    name: row.name,
    occurredAt: Number(row.occurred_at),
    orderId: row.order_id,
    leadId: row.lead_id,
    ...{ share: row.share, minor: row.minor, net: row.net, wholeMinor: row.whole_minor, currency: row.currency },
    touch: row.touch === 0n ? null : Number(row.touch),
    kind: TOUCH_KINDS[row.kind] ?? null,
    why: NO_CREDIT[row.why] ?? null,
  }));
}
