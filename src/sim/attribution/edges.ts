import type { TouchKind } from '../../event/fact.ts';
import type { Chance } from '../world/random.ts';
import { adParameters, adWay, importedAd } from './ads.ts';
import { hash, id } from './people.ts';
import { type Act, importRecord, moneyRecord, orderRecord, pageRecord } from './records.ts';
import { DAY } from './shop.ts';

/** Ends of windows, in days. The orders of each are `edge-0` and `edge-1`, `edge-2` and `edge-3`, and so on. */
export const ENDS: readonly [TouchKind, number][] = [
  ...([1, 7, 14, 28] as const).map((days): [TouchKind, number] => ['click', days]),
  ...([1, 7] as const).flatMap((days): [TouchKind, number][] => [
    ['engagedView', days],
    ['view', days],
  ]),
];

/**
 * For each end of a window one person who buys in its last millisecond, one who buys a millisecond later, and one whose two
 * touches happen in the same millisecond as the order.
 */
export function edgeActs(dice: Chance, from: number): Act[] {
  const edges = ENDS.flatMap(([kind, days]) =>
    [0, 1].map((late) => ({ kind, at: from + dice.between(0, 10 * DAY), after: days * DAY + late, touches: 1 })),
  );
  const together = { kind: 'click' as const, at: from + dice.between(0, 10 * DAY), after: 0, touches: 2 };
  return [...edges, together].flatMap(({ kind, at, after, touches }, n) => {
    const email = [hash(dice)];
    const visitor = id(dice);
    const told = Array.from({ length: touches }, () =>
      importRecord(
        { id: id(dice), type: kind, at, ad: importedAd(adParameters(dice)), user: { email } },
        at + dice.between(0, 40 * DAY),
      ),
    );
    const { parameters } = adWay(dice);
    // Where the visitor came from last, long before: it must not get in the way of any kind but its own.
    const who = { visitor, session: id(dice), user: { email } };
    const sale = { orderId: `edge-${n}`, value: '10.00', at: at + after };
    return [
      ...told,
      ...(kind === 'view' ? [pageRecord('Contact', id(dice), at - 30 * DAY, { ...who, ad: parameters }, LANDED)] : []),
      orderRecord(sale, 'server', who),
      moneyRecord(sale.orderId, 'payment', sale.value, sale.at + 1, sale.at + 1),
    ].map((record) => (record.kind === 'payment' ? { record } : { record, person: `edge-${n}` }));
  });
}

const LANDED = { url: 'https://shop.example/?utm_source=tiktok' };
