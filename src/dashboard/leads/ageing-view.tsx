import type { LeadsAnswer } from '../../api/books.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { Count } from '../books/count.tsx';
import type { Filter } from '../books/filter.ts';
import { bandsOf, inOrder } from './ageing.ts';

/** How long all leads have stood in their step. */
export function AgeingCard({ answer, onPick }: { answer: LeadsAnswer; onPick: (narrowed: Partial<Filter>) => void }) {
  const all = inOrder(
    answer.ageing,
    answer.ladder.map(({ status }) => status),
  );
  if (all.length === 0) return null;
  const bands = bandsOf(answer.ageingDays);
  return (
    <section class="card flush" aria-label="Time in the step">
      <div class="card-head">
        <h2>Time in the step</h2>
        <span class="quiet">
          of all leads, as of <TimeText at={answer.asOf} as="full" />
        </span>
      </div>
      <ul class="tally">
        {all.map(({ status, leads }) => (
          <li key={status}>
            <b>{status}</b>
            <span class="quiet">leads</span>
            <dl class="bands">
              {bands.map(({ age, says }, band) => (
                <div key={age}>
                  <dt>{says}</dt>
                  <dd>
                    <Count
                      of={leads[band] ?? 0}
                      says={`at ${status} for ${says}`}
                      onClick={() => onPick({ status, age })}
                    />
                  </dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}
