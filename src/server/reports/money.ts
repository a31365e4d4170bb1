import type { Earned } from '../../api/attribution.ts';
import type { MoneyAnswer } from '../../api/books.ts';
import { majorText } from '../../event/money.ts';
import type { ReportLine, Sum } from '../../store/warehouse-reports.ts';

export function moneyAnswer(minor: bigint, currency: string): MoneyAnswer {
  return { amount: majorText({ minor, currency }), currency };
}

export function earnedAnswer({ conversions, minor, net }: Sum, currency: string): Earned {
  return { conversions: rounded(conversions), value: moneyAnswer(minor, currency), net: moneyAnswer(net, currency) };
}

/** Sums of shares without what is left of floats: a whole of thirds is 1. */
export function rounded(sum: number): number {
  return Math.round(sum * 1e6) / 1e6;
}

/** What people call a line: its own name where it has one. */
export function lineName({ key, channel, names, of }: ReportLine): string {
  const own = of.ad !== undefined ? names.ad : of.adgroup !== undefined ? names.adgroup : names.campaign;
  return own ?? (key === '' ? '' : key || channel);
}
