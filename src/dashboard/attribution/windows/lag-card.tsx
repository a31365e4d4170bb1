import { logPlace } from '../../../ui/band.ts';
import { BandChart } from '../../../ui/band-chart.tsx';
import { spanText } from '../../../ui/duration.ts';
import { Interval } from '../../../ui/interval.tsx';
import { intervalText, shareText } from '../../../ui/share.ts';
import { type Column, DataTable } from '../../../ui/table.tsx';
import { conversionsSay, kindSays } from '../words.ts';
import { ageAt, cameBy, FIRST_MS, LAST_MS, type LagCurve, type LagPoint, MARKS } from './lag.ts';

/** How long conversions take to come after a touch, by kind of touch, with the band of doubt. */
export function LagCard({ lag }: { lag: readonly LagCurve[] }) {
  const curves = lag.filter(({ points }) => points.length > 0);
  if (curves.length === 0) return null;
  return (
    <section class="card flush" aria-label="Lag">
      <div class="card-head">
        <h2>From touch to conversion</h2>
        <span class="quiet">of conversions with such a touch at any age: the share that had come by then</span>
      </div>
      <div class="card-body pair">
        {curves.map((curve) => (
          <Curve key={curve.kind} curve={curve} />
        ))}
      </div>
      <p class="card-foot">
        The band holds the whole true curve 95 times of 100 (Dvoretzky, Kiefer, Wolfowitz, Massart). Ages are drawn by
        orders of magnitude.
      </p>
    </section>
  );
}

function Curve({ curve: { kind, conversions, points } }: { curve: LagCurve }) {
  const [half, most] = [ageAt(points, 0.5), ageAt(points, 0.9)];
  const sub = [
    half !== undefined && `half within ${spanText(half)}`,
    most !== undefined && `90 % within ${spanText(most)}`,
  ]
    .filter(Boolean)
    .join(', ');
  const title = `After ${kind === 'engagedView' ? 'an' : 'a'} ${kindSays(kind)}, ${conversionsSay(conversions)}`;
  return (
    <div class="stack">
      <BandChart
        title={title}
        sub={sub}
        says={`The share of ${conversionsSay(conversions)} that had come by each age: ${sub || 'less than half came'}.`}
        points={points.map((point) => ({
          x: logPlace(point.ageMs, FIRST_MS, LAST_MS),
          ...{ y: point.share, low: point.low, high: point.high },
          says: `within ${spanText(point.ageMs)}: ${shareText(point.share)}, ${intervalText(point.low, point.high)}`,
        }))}
        marks={MARKS.map(({ ageMs, name }) => ({ x: logPlace(ageMs, FIRST_MS, LAST_MS), ...(name && { name }) }))}
      />
      <DataTable
        caption={`${title}: the share that had come by each age`}
        columns={columns}
        rows={MARKS.map((mark) => ({ ...mark, point: cameBy(points, mark.ageMs) }))}
        rowKey={({ ageMs }) => ageMs}
      />
    </div>
  );
}

const columns: Column<{ ageMs: number; says: string; point: LagPoint | undefined }>[] = [
  { name: 'Within', kind: 'word', cell: ({ says }) => says },
  { name: 'Had come', cell: ({ point }) => (point ? <Interval {...point} /> : <span class="quiet">none</span>) },
];
