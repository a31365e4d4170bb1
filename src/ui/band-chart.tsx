import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { type BandPoint, bandPath, climbPath } from './band.ts';

/** Of the drawing's own box; it is stretched to the room there is. */
const SIZE = 100;
const SHARES = [0, 0.5, 1];

interface BandChartProps {
  title: string;
  /** what the curve says, beside the title */
  sub: ComponentChildren;
  /** the drawing in one sentence, for those who hear the page */
  says: string;
  points: readonly (BandPoint & { says: string })[];
  /** where the lines from top to bottom stand, from 0 to 1, and their names; without one it is a line alone */
  marks: readonly { x: number; name?: string }[];
}

/** A share that climbs from nothing to all, with the band that holds it. Its figures stand in a table as well. */
export function BandChart({ title, sub, says, points, marks }: BandChartProps) {
  const id = useId();
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <span class="quiet">{sub}</span>
      </figcaption>
      <div class="plot">
        <ol class="ticks" aria-hidden="true">
          {SHARES.map((share) => (
            <li key={share} style={{ bottom: `${100 * share}%` }}>
              {100 * share} %
            </li>
          ))}
        </ol>
        <svg
          viewBox={`0 0 ${SIZE} ${SIZE}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{says}</desc>
          {SHARES.map((share) => (
            <path key={share} class="grid" d={`M0 ${SIZE * share}H${SIZE}`} />
          ))}
          {marks.map(({ x }) => (
            <path key={x} class="grid" d={`M${SIZE * x} 0V${SIZE}`} />
          ))}
          <path class="area" d={bandPath(points, SIZE)} />
          <path class="line" d={climbPath(points, SIZE)} />
          {points.map((point, n) => (
            <rect
              key={point.x + point.says}
              class="probe"
              x={SIZE * point.x}
              y={0}
              width={SIZE * ((points[n + 1]?.x ?? 1) - point.x)}
              height={SIZE}
            >
              <title>{point.says}</title>
            </rect>
          ))}
        </svg>
      </div>
      <ol class="marks" aria-hidden="true">
        {marks.map(
          ({ x, name }) =>
            name && (
              <li key={name} style={{ left: `${100 * x}%` }}>
                {name}
              </li>
            ),
        )}
      </ol>
    </figure>
  );
}
