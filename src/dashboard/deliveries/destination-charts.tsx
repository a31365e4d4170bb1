import type { DeliveryPoint } from '../../api/deliveries.ts';
import { countScale, logScale } from '../../ui/chart.ts';
import { Chart } from '../../ui/chart.tsx';
import { numberText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { LAG_MARKS, lagText, lastLag } from './words.ts';

interface ChartsProps {
  destination: string;
  /** all stretches, oldest first */
  points: readonly DeliveryPoint[];
  stretchMs: number;
}

/** What waited, and how long it took, over time. */
export function DestinationCharts({ destination, points, stretchMs }: ChartsProps) {
  const waiting = points.map(({ backlog }) => backlog);
  const lags = points.flatMap(({ lagP50, lagP95 }) => [lagP50, lagP95].filter((lag) => lag !== undefined));
  const [now = 0, most] = [waiting.at(-1), Math.max(0, ...waiting)];
  const last = lastLag(points);
  const to = (points.at(-1)?.at ?? 0) + stretchMs;
  const slowest = lags.length > 0 ? Math.max(...lags) : undefined;
  return (
    <>
      <Chart
        title="Waiting, events"
        lines={[{ name: 'now', last: numberText(now) }]}
        says={`Events that waited for ${destination}: ${numberText(now)} now, ${numberText(most)} at most.`}
        points={points.map(({ at, backlog }) => ({ at, values: [backlog] }))}
        to={to}
        scale={countScale(waiting)}
        words={numberText}
        filled
      />
      <Chart
        title="Lag, from receipt to TikTok’s yes"
        lines={[
          { name: 'half within', last: lagText(last?.lagP50) },
          { name: '95 % within', last: lagText(last?.lagP95) },
        ]}
        says={
          slowest === undefined
            ? `Nothing was delivered to ${destination} in this time.`
            : `Half of what ${destination} took last came within ${lagText(last?.lagP50)}, 95 % within ${lagText(last?.lagP95)}; at worst 95 % came within ${lagText(slowest)}.`
        }
        points={points.map(({ at, lagP50, lagP95 }) => ({ at, values: [lagP50, lagP95] }))}
        to={to}
        scale={logScale(lags, LAG_MARKS)}
        words={lagText}
      />
    </>
  );
}

const columns: Column<DeliveryPoint>[] = [
  { name: 'From', kind: 'time', cell: ({ at }) => <TimeText at={at} as="list" /> },
  { name: 'Waiting', kind: 'number', cell: ({ backlog }) => numberText(backlog) },
  { name: 'Delivered', kind: 'number', cell: ({ delivered }) => numberText(delivered) },
  { name: 'Not accepted', kind: 'number', cell: ({ failed }) => numberText(failed) },
  { name: 'Half within', kind: 'number', from: 'tablet', cell: ({ lagP50 }) => lagText(lagP50) },
  { name: '95 % within', kind: 'number', from: 'tablet', cell: ({ lagP95 }) => lagText(lagP95) },
];

/** The figures of the charts; stretches in which nothing was and nothing happened are left out. */
export function FiguresTable({ destination, points }: { destination: string; points: readonly DeliveryPoint[] }) {
  const told = points.filter(({ backlog, delivered, failed }) => backlog + delivered + failed > 0).reverse();
  return (
    <details>
      <summary class="card-head">Figures of {destination} as a table</summary>
      {told.length === 0 ? (
        <p class="card-body quiet">Nothing waited, and nothing was sent in this time.</p>
      ) : (
        <DataTable
          caption={`What ${destination} did, newest first`}
          columns={columns}
          rows={told}
          rowKey={({ at }) => at}
        />
      )}
    </details>
  );
}
