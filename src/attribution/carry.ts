import type { CreditColumns, CreditWrite, ReachColumns } from '../store/warehouse.ts';
import { joined, repriced } from './book/kept.ts';

/** What a conversion is worth, minor units. */
export interface Worth {
  minor: bigint;
  net: bigint;
}

/**
 * Credits of everybody, in which some conversions keep the shares and the reach that they had. Where the money has changed since,
 * it is split anew.
 */
export function keeping(
  all: CreditWrite,
  kept: { credits: CreditColumns; reach: ReachColumns },
  worth: ReadonlyMap<number, Worth>,
): CreditWrite {
  const stands = new Set(all.credits.conversion);
  const held = new Set(kept.credits.conversion.filter((conversion) => stands.has(conversion)));
  if (held.size === 0) return all;
  const sums = new Map<number, Worth>();
  for (const [row, conversion] of kept.credits.conversion.entries()) {
    const sum = sums.get(conversion) ?? { minor: 0n, net: 0n };
    const { minor, net } = kept.credits;
    sums.set(conversion, { minor: sum.minor + (minor[row] as bigint), net: sum.net + (net[row] as bigint) });
  }
  const isSame = (conversion: number): boolean => {
    const [is, was] = [worth.get(conversion), sums.get(conversion)];
    return is === undefined || (is.minor === was?.minor && is.net === was.net);
  };
  const others = rowsWhere(all.credits, (conversion) => !held.has(conversion));
  const same = rowsWhere(kept.credits, (conversion) => held.has(conversion) && isSame(conversion));
  const changed = rowsWhere(kept.credits, (conversion) => held.has(conversion) && !isSame(conversion));
  const credits = joined(
    joined(others, same),
    repriced(changed, (conversion) => worth.get(conversion)),
  );
  if (!all.reach) return { ...all, credits };
  const reached = new Set(kept.reach.conversion.filter((conversion) => held.has(conversion)));
  const reach = appended(
    rowsWhere(all.reach, (conversion) => !reached.has(conversion)),
    rowsWhere(kept.reach, (conversion) => reached.has(conversion)),
  );
  return { ...all, credits, reach };
}

/** The rows of columns whose conversion is wanted. */
function rowsWhere<Columns extends CreditColumns | ReachColumns>(
  columns: Columns,
  isWanted: (conversion: number) => boolean,
): Columns {
  const rows: number[] = [];
  for (const [row, conversion] of columns.conversion.entries()) if (isWanted(conversion)) rows.push(row);
  const some = Object.entries(columns).map(([name, values]: [string, Float64Array]) => {
    const picked = values.slice(0, rows.length);
    for (const [at, row] of rows.entries()) picked[at] = values[row] as number;
    return [name, picked];
  });
  return Object.fromEntries(some) as Columns;
}

function appended(a: ReachColumns, b: ReachColumns): ReachColumns {
  const both = (Object.keys(a) as (keyof ReachColumns)[]).map((name) => {
    const to = new Float64Array(a[name].length + b[name].length);
    to.set(a[name]);
    to.set(b[name], a[name].length);
    return [name, to];
  });
  return Object.fromEntries(both) as ReachColumns;
}
