import { type BookedEntry, type BookedOrder, isPlaced } from './booked.ts';
import { type Compared, compareAmounts, compareCounts } from './comparison.ts';
import { amountOf, decimalText, sum } from './exact.ts';
import { entriesOf } from './rows.ts';

/** Orders of one month and status, and what was paid for them. */
interface Group {
  month: string;
  status: string;
  orders: number;
  paid: bigint;
}

/** An order of the books that is not in the file. */
const UNTOLD = 'untold';

/** What the books say was paid, by the month of the order and by the status that the file gives it. */
export function bookedGroups(
  booked: readonly BookedOrder[],
  entries: readonly BookedEntry[],
  statusOf: (orderId: string) => string | undefined,
): Group[] {
  const groups = new Map<string, Group>();
  const payments = Map.groupBy(
    entries.filter(({ fact }) => fact === 'payment'),
    ({ orderId }) => orderId,
  );
  for (const { orderId, month } of booked.filter(isPlaced)) {
    const status = statusOf(orderId) ?? UNTOLD;
    const { orders, paid } = groups.get(`${month} ${status}`) ?? { orders: 0, paid: 0n };
    const own = sum((payments.get(orderId) ?? []).map(({ signed }) => signed));
    groups.set(`${month} ${status}`, { month, status, orders: orders + 1, paid: paid + own });
  }
  return [...groups.values()];
}

/** The sums of the truth beside those of the books: by status, and by month and status where they differ. */
export function compareGroups(truth: Record<string, unknown>, groups: readonly Group[]): Compared[] {
  const ofMonth = Map.groupBy(groups, ({ month }) => month);
  const months = new Map(entriesOf(truth['by_month']));
  const names = new Set([...months.keys(), ...ofMonth.keys()]);
  return [
    ...compareStatuses('', entriesOf(truth['by_status']), groups),
    ...[...names]
      .sort()
      .flatMap((month) => compareStatuses(`${month} `, entriesOf(months.get(month)), ofMonth.get(month) ?? []))
      .map((figure): Compared => ({ ...figure, isFine: true })),
  ];
}

function compareStatuses(
  before: string,
  truth: readonly [string, Record<string, unknown>][],
  groups: readonly Group[],
): Compared[] {
  const due = new Map(truth);
  return [...new Set([...due.keys(), ...groups.map(({ status }) => status)])].flatMap((status) => {
    const own = groups.filter((group) => group.status === status);
    const { orders = 0, paid_brl = '0.00' } = due.get(status) ?? {};
    const found = own.reduce((all, group) => all + group.orders, 0);
    return [
      compareCounts(`${before}${status}, orders`, Number(orders), found),
      compareAmounts(`${before}${status}, paid BRL`, String(paid_brl), sum(own.map(({ paid }) => paid))),
    ];
  });
}

/** Gross and net of all orders, where the truth tells them. Orphans are in the report's own net. */
export function compareWhole(
  { gross_brl, net_brl }: Record<string, unknown>,
  found: { groups: readonly Group[]; booked: readonly BookedOrder[]; net: bigint; orphans: bigint },
): Compared[] {
  const { groups, booked, net, orphans } = found;
  const placed = sum(booked.filter(isPlaced).map((order) => order.net));
  const gross = sum(groups.map(({ paid }) => paid));
  return [
    ...(typeof gross_brl === 'string' ? [compareAmounts('all, paid BRL', gross_brl, gross)] : []),
    ...(typeof net_brl === 'string'
      ? [
          compareAmounts('all, net BRL', net_brl, placed),
          compareAmounts('net, as the report adds it up', decimalText(amountOf(net_brl) + orphans), net),
        ]
      : []),
  ];
}
