import { Days } from '../../event/days.ts';
import type { CreditColumns, ReachColumns, Statement } from '../../store/warehouse.ts';
import type { Model, Policy } from '../policy.ts';
import { type ChannelWeights, sharesOf } from '../shares.ts';
import { splitMoney } from '../split.ts';
import type { Creatives } from './creatives.ts';
import { CreditRows, NONE } from './credit-rows.ts';
import { ReachRows } from './reach-rows.ts';
import { type Columns, walk } from './walk.ts';

/** What is wanted of a conversion: nothing but that it counts for `once`, its reach alone, or its credits too. */
export const WANTED = { nothing: 0, reach: 1, credits: 2 } as const;

/** Credits and reach of the conversions in `columns`, in their order. `wanted`: by conversion; all of all where it is left out. */
export function credited(
  columns: Columns,
  creatives: Creatives,
  statement: Statement,
  weights: ChannelWeights | undefined,
  wanted?: Uint8Array,
): { credits: CreditColumns; reach: ReachColumns } {
  const { touches, conversions } = columns;
  const { windows, precedence, count, halfLife } = statement;
  const policy: Policy = { windows, precedence, count, halfLife };
  const model = statement.model as Model;
  // Each conversion then has one row, in their order: the money goes over as it stands, a million sums without an object for each.
  const isWhole = model === 'last' && !wanted;
  // One for each sort of time: conversions come in order, and so keep to one day for long.
  const [convertedOn, touchedOn] = [new Days(statement.timezone), new Days(statement.timezone)];
  const rows = new CreditRows(wanted ? 0 : conversions.at.length);
  const reach = new ReachRows(
    wanted ? wanted.reduce((sum, one) => sum + (one === WANTED.nothing ? 0 : 1), 0) : conversions.at.length,
  );
  const add = (n: number, touch: number, why: number, share: number, minor: bigint, net: bigint): void => {
    const convertedDay = convertedOn.of(conversions.at[n] as number);
    const isEarned = touch >= 0;
    rows.add({
      conversion: conversions.conversion[n] as number,
      touch: isEarned ? (touches.touch[touch] as number) : 0,
      creative: isEarned ? creatives.number(touches.creative[touch] as number) : 0,
      kind: isEarned ? (touches.kind[touch] as number) : NONE,
      why: isEarned ? NONE : why,
      share,
      minor,
      net,
      touchedDay: isEarned ? touchedOn.of(touches.at[touch] as number) : convertedDay,
      convertedDay,
    });
  };
  walk(columns, policy, (n, outcome, sharing) => {
    const wants = wanted ? (wanted[n] as number) : WANTED.credits;
    if (wants === WANTED.nothing) return;
    reach.add(conversions.conversion[n] as number, conversions.at[n] as number, outcome.latest, touches);
    if (wants === WANTED.reach) return;
    const minor = isWhole ? 0n : (conversions.minor[n] as bigint);
    const net = isWhole ? 0n : (conversions.net[n] as bigint);
    if (outcome.kind < 0) return add(n, -1, outcome.why, 1, minor, net);
    if (model === 'last') return add(n, outcome.last, NONE, 1, minor, net);
    const able = sharing();
    const told = sharesOf(
      able.map((place) => ({
        at: touches.at[place] as number,
        channel: creatives.channel(touches.creative[place] as number),
      })),
      ...([policy, model, weights] as const),
    );
    const earning = able.flatMap((place, at) =>
      (told[at] as number) > 0 ? [{ place, share: told[at] as number }] : [],
    );
    const shares = earning.map(({ share }) => share);
    const [minors, nets] = [splitMoney(minor, shares), splitMoney(net, shares)];
    for (const [at, { place, share }] of earning.entries())
      add(n, place, NONE, share, minors[at] as bigint, nets[at] as bigint);
  });
  const credits = rows.columns();
  const money = isWhole ? { minor: conversions.minor.slice(), net: conversions.net.slice() } : {};
  return { credits: { ...credits, ...money }, reach: reach.columns() };
}
