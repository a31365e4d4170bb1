import type { CreditColumns } from '../../store/warehouse.ts';
import { splitMoney } from '../split.ts';
import type { ConversionRow } from './conversion-rows.ts';
import { CreditRows } from './credit-rows.ts';

/** Credits that stay as they are but for the money, which is what `find` says now, split by the shares that stand. */
export function repriced(
  kept: CreditColumns,
  find: (conversion: number) => Pick<ConversionRow, 'minor' | 'net'> | undefined,
): CreditColumns {
  const rows = new CreditRows(kept.conversion.length);
  const byConversion = Map.groupBy(kept.conversion.keys(), (row) => kept.conversion[row] as number);
  for (const [conversion, places] of byConversion) {
    const now = find(conversion);
    if (!now) continue;
    const shares = places.map((row) => kept.share[row] as number);
    const [minors, nets] = [splitMoney(now.minor, shares), splitMoney(now.net, shares)];
    for (const [place, row] of places.entries())
      rows.add({
        conversion,
        touch: kept.touch[row] as number,
        creative: kept.creative[row] as number,
        kind: kept.kind[row] as number,
        why: kept.why[row] as number,
        share: kept.share[row] as number,
        minor: minors[place] as bigint,
        net: nets[place] as bigint,
        touchedDay: kept.touchedDay[row] as number,
        convertedDay: kept.convertedDay[row] as number,
      });
  }
  return rows.columns();
}

/** Two sets of credits, one behind the other. */
export function joined(a: CreditColumns, b: CreditColumns): CreditColumns {
  if (b.conversion.length === 0) return a;
  const rows = a.conversion.length + b.conversion.length;
  const both = <T extends Float64Array | Uint8Array | BigInt64Array | Int32Array>(to: T, first: T, second: T): T => {
    to.set(first as never);
    to.set(second as never, first.length);
    return to;
  };
  return {
    conversion: both(new Float64Array(rows), a.conversion, b.conversion),
    touch: both(new Float64Array(rows), a.touch, b.touch),
    creative: both(new Float64Array(rows), a.creative, b.creative),
    kind: both(new Uint8Array(rows), a.kind, b.kind),
    why: both(new Uint8Array(rows), a.why, b.why),
    share: both(new Float64Array(rows), a.share, b.share),
    minor: both(new BigInt64Array(rows), a.minor, b.minor),
    net: both(new BigInt64Array(rows), a.net, b.net),
    touchedDay: both(new Int32Array(rows), a.touchedDay, b.touchedDay),
    convertedDay: both(new Int32Array(rows), a.convertedDay, b.convertedDay),
  };
}
