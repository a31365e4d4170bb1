import type { FunnelRow } from '../../api/attribution.ts';
import { spanText } from '../../ui/duration.ts';
import { Interval } from '../../ui/interval.tsx';
import { countText, numberText } from '../../ui/number.ts';

/** The steps of one line, each with its bar, the rate from the step before, who went no further, and how long it took. */
export function Ladder({ names, steps }: { names: readonly string[]; steps: FunnelRow['steps'] }) {
  const most = Math.max(1, ...steps.map(({ visitors }) => visitors));
  return (
    <ol class="funnel steps">
      {steps.map(({ visitors, rate, low, high, dropped, medianMs }, n) => (
        <li key={n}>
          <div class="rung">
            <b>{names[n]}</b>
            {medianMs !== null && <span class="quiet">half within {spanText(medianMs)}</span>}
          </div>
          <div class="reach">
            <span class="share" aria-hidden="true">
              <span style={{ width: `${(100 * visitors) / most}%` }} />
            </span>
            <span>
              <b>{numberText(visitors)}</b> <span class="quiet">{visitors === 1 ? 'visitor' : 'visitors'}</span>
            </span>
          </div>
          <div class="stand">
            {rate !== null && low !== null && high !== null ? (
              <Interval share={rate} low={low} high={high} />
            ) : (
              <span class="quiet">{n === 0 ? 'where it begins' : 'nobody came this far before'}</span>
            )}
            {dropped !== null && <span class="quiet">{countText(dropped, 'visitor')} went no further</span>}
          </div>
        </li>
      ))}
    </ol>
  );
}
