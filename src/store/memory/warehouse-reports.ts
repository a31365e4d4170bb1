import { TOUCH_KINDS } from '../../event/fact.ts';
import { NO_CREDIT } from '../warehouse.ts';
import type { CreditedRow, WarehouseReports } from '../warehouse-reports.ts';
import { creditsAsked, figures } from './reports/figures.ts';
import { funnelFigures } from './reports/funnel.ts';
import { creativesOf, isWithin } from './reports/lines.ts';
import { personPath } from './reports/path.ts';
import { windowFigures } from './reports/windows.ts';
import type { WarehouseRows } from './warehouse-rows.ts';

/** Questions to a warehouse in memory: plain loops over all rows, which say what the questions mean. */
export function memoryReports(rows: WarehouseRows): WarehouseReports {
  return {
    async kinds(statement) {
      const known = [...(rows.credits.get(statement)?.keys() ?? [])].flatMap(
        (conversion) => rows.conversions.get({ conversion }) ?? [],
      );
      const sorted = (texts: string[]): string[] => [...new Set(texts)].sort();
      return {
        names: sorted(known.map(({ name }) => name)),
        currencies: sorted(known.flatMap(({ currency }) => (currency === '' ? [] : currency))),
      };
    },
    figures: async (asked, by) => figures(rows, asked, by),
    async credited(asked, which, after, limit) {
      const creatives = creativesOf(rows.touches.all());
      const isNarrowed = Object.keys(asked.narrowed).length > 0;
      const found = creditsAsked(rows, asked).flatMap((credit): CreditedRow[] => {
        const conversion = rows.conversions.get({ conversion: credit.conversion });
        const creative = creatives.get(credit.creative);
        if (classOf(credit.kind) !== which || !conversion) return [];
        if (isNarrowed && !(creative && isWithin(creative, asked.narrowed))) return [];
        const { name, occurredAt, orderId, leadId, minor: wholeMinor, currency } = conversion;
        return [
          {
            ...{ conversion: credit.conversion, name, occurredAt, orderId, leadId },
            ...{ share: credit.share, minor: credit.minor, net: credit.net, wholeMinor, currency },
            ...{ touch: credit.touch || null, kind: TOUCH_KINDS[credit.kind] ?? null },
            why: NO_CREDIT[credit.why] ?? null,
          },
        ];
      });
      const order = (a: Place, b: Place): number =>
        b.occurredAt - a.occurredAt || b.conversion - a.conversion || (b.touch ?? 0) - (a.touch ?? 0);
      return found
        .filter((row) => !after || order(after, row) < 0)
        .sort(order)
        .slice(0, limit);
    },
    path: async (conversion, statement) => personPath(rows, conversion, statement),
    windows: async (asked) => windowFigures(rows, asked),
    funnel: async (asked) => funnelFigures(rows, asked),
    async shared(limit) {
      const sorted = rows.shared.toSorted(
        (a, b) => b.visitors - a.visitors || (`${a.kind} ${a.value}` < `${b.kind} ${b.value}` ? -1 : 1),
      );
      return { count: sorted.length, most: sorted.slice(0, limit) };
    },
  };
}

type Place = { occurredAt: number; conversion: number; touch: number | null };

function classOf(kind: number): 'earned' | 'views' | 'nobody' {
  return kind === 255 ? 'nobody' : kind === 2 ? 'views' : 'earned';
}
