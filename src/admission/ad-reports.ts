import { isDeepStrictEqual } from 'node:util';
import { type AdReport, type AdReportRow, adReportKey } from '../event/ad-report.ts';
import type { Reason } from '../event/reason.ts';
import type { ToldAdReport } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import type { Context } from './context.ts';

/**
 * A day of a campaign, ad group or ad, as Ads Manager reports it. What was pulled last counts, whichever came first; of
 * two that were pulled at once the same one in either order.
 */
export function tellAdReport(record: JournalRecord, told: ToldAdReport, { working }: Context): void {
  const known = working.adReport(adReportKey(told));
  if (known && isSame(known, told)) {
    // Its figures are confirmed later: an older word that comes after it counts no more.
    if (told.pulledAt > known.pulledAt) working.putAdReport({ ...known, pulledAt: told.pulledAt });
    working.verdict(record, 'duplicate', ['ad_report_same']);
  } else if (known && !isLater(told, known)) working.verdict(record, 'duplicate', ['ad_report_older']);
  else {
    working.putAdReport({ ...told, seq: record.seq });
    working.verdict(record, 'admitted', [known ? 'ad_report_updated' : 'ad_report_taken']);
  }
}

function isSame({ seq: _seq, pulledAt: _before, ...a }: AdReportRow, { pulledAt: _now, ...b }: AdReport): boolean {
  return isDeepStrictEqual(a, b);
}

function isLater(told: AdReport, { seq: _seq, ...known }: AdReportRow): boolean {
  if (told.pulledAt !== known.pulledAt) return told.pulledAt > known.pulledAt;
  return inOrder(told) > inOrder(known);
}

function inOrder(report: AdReport): string {
  return JSON.stringify(Object.entries(report).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const AD_REPORT_REASONS: Reason[] = [
  {
    code: 'ad_report_taken',
    with: 'admitted',
    means: 'A day of a campaign, ad group or ad from Ads Manager.',
    fix: '',
  },
  {
    code: 'ad_report_updated',
    with: 'admitted',
    means: 'Later figures of Ads Manager’s for a day that was known: days of the past go on growing.',
    fix: '',
  },
  { code: 'ad_report_same', with: 'duplicate', means: 'The figures of Ads Manager’s that are known already.', fix: '' },
  {
    code: 'ad_report_older',
    with: 'duplicate',
    means: 'Figures that Ads Manager gave before those that are known.',
    fix: 'Say when the file was downloaded with --pulled-at, if that is wrong.',
  },
];
