import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** Of a drawing's own box; it is stretched to the room there is. */
const HIGH = 100;

/** One small chart among several that share their scale. */
export interface Multiple {
  key: string;
  name: ComponentChildren;
  /** all of it in words */
  sum: string;
  /** the drawing in one sentence, for those who hear the page */
  says: string;
  /** one a day, oldest first: from 0 to 1 of the scale's top */
  bars: readonly { height: number; says: string }[];
}

/** The same small chart several times, each with bars by day, all on one scale. */
export function Multiples(props: {
  parts: readonly Multiple[];
  from: string;
  to: string;
  /** places of bars at whose beginning a line stands, in all charts */
  marks?: readonly number[];
}) {
  const { parts, from, to, marks = [] } = props;
  return (
    <ol class="multiples">
      {parts.map((part) => (
        <li key={part.key}>
          <Bars part={part} from={from} to={to} marks={marks} />
        </li>
      ))}
    </ol>
  );
}

// One path for all bars and one listener for all days: ten charts of a year would else be eight thousand elements.
function Bars(props: { part: Multiple; from: string; to: string; marks: readonly number[] }) {
  const { part, from, to, marks } = props;
  const { name, sum, says, bars } = part;
  const [at, setAt] = useState<number | undefined>(undefined);
  const wide = Math.max(1, bars.length);
  const pointed = at === undefined ? undefined : bars[at];
  const point = ({ clientX, currentTarget }: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    setAt(Math.floor((wide * (clientX - left)) / Math.max(1, width)));
  };
  return (
    <figure class="bars">
      <figcaption>
        <span class="bars-name">{name}</span>
        <b class="number">{sum}</b>
      </figcaption>
      <svg
        viewBox={`0 0 ${wide} ${HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={says}
        onPointerMove={point}
        onPointerLeave={() => setAt(undefined)}
      >
        {at !== undefined && pointed && <rect class="probe" x={at} y={0} width={1} height={HIGH} />}
        <path d={barsPath(bars)} />
        {marks.length > 0 && <path class="mark" d={marks.map((x) => `M${x} 0V${HIGH}`).join('')} />}
      </svg>
      <div class="span" aria-hidden="true">
        {pointed ? (
          <span>{pointed.says}</span>
        ) : (
          <>
            <span>{from}</span>
            <span>{to}</span>
          </>
        )}
      </div>
    </figure>
  );
}

function barsPath(bars: Multiple['bars']): string {
  return bars
    .map(({ height }, n) => {
      if (height <= 0) return '';
      const top = Math.round(10 * HIGH * (1 - Math.min(1, height))) / 10;
      return `M${n + 0.1} ${HIGH}V${top}H${n + 0.9}V${HIGH}Z`;
    })
    .join('');
}
