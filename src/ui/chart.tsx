import { useContext, useId } from 'preact/hooks';
import { areaPath, type ChartPoint, type Scale, stepPath } from './chart.ts';
import { listText } from './clock.ts';
import { TimeText, Zone } from './time-text.tsx';

/** Of the drawing's own box; it is stretched to the room there is. */
const HIGH = 100;

export interface ChartProps {
  /** what is drawn, with its unit */
  title: string;
  /** what each of the points' values is, with the last one in words */
  lines: readonly { name: string; last: string }[];
  /** the drawing in one sentence, for those who hear the page */
  says: string;
  points: readonly ChartPoint[];
  /** end of the last stretch, UTC ms */
  to: number;
  scale: Scale;
  /** a value in words */
  words(value: number): string;
  /** the first line is filled */
  filled?: boolean;
}

/** A small chart of values over time, in steps. Its figures stand in a table as well. */
export function Chart({ title, lines, says, points, to, scale, words, filled = false }: ChartProps) {
  const zone = useContext(Zone);
  const id = useId();
  const from = points[0]?.at ?? to;
  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul class="legend">
          {lines.map(({ name, last }, n) => (
            <li key={name} data-line={n}>
              {name} <b>{last}</b>
            </li>
          ))}
        </ul>
      </figcaption>
      <div class="plot">
        <ol class="ticks" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <li key={tick} style={{ bottom: `${100 * scale.height(tick)}%` }}>
              {words(tick)}
            </li>
          ))}
        </ol>
        <svg
          viewBox={`0 0 ${Math.max(1, points.length)} ${HIGH}`}
          preserveAspectRatio="none"
          role="img"
          aria-labelledby={`${id}-title ${id}-desc`}
        >
          <title id={`${id}-title`}>{title}</title>
          <desc id={`${id}-desc`}>{says}</desc>
          {scale.ticks.map((tick) => (
            <path key={tick} class="grid" d={`M0 ${HIGH * (1 - scale.height(tick))}H${Math.max(1, points.length)}`} />
          ))}
          {filled && <path class="area" d={areaPath(points, 0, scale, HIGH)} />}
          {lines.map(({ name }, n) => (
            <path key={name} class="line" data-line={n} d={stepPath(points, n, scale, HIGH)} />
          ))}
          {points.map(({ at, values }, n) => (
            <rect key={at} class="probe" x={n} y={0} width={1} height={HIGH}>
              <title>
                {`${listText(at, zone, to)}: ${values.map((value) => (value === undefined ? 'nothing' : words(value))).join(', ')}`}
              </title>
            </rect>
          ))}
        </svg>
      </div>
      <div class="span">
        <TimeText at={from} as="list" />
        <TimeText at={to} as="list" />
      </div>
    </figure>
  );
}
