import type { LeadsAnswer } from '../../api/books.ts';
import { spanText } from '../../ui/duration.ts';
import { countText } from '../../ui/number.ts';
import { Count } from '../books/count.tsx';
import { ageing, BANDS } from './ageing.ts';

/** The leads of one status that have stood in it for a time within one of `BANDS`. */
export interface Band {
  status: string;
  band: number;
}

/** How long the leads of this page have stood in their step. */
export function AgeingCard({ answer, onPick }: { answer: LeadsAnswer; onPick: (band: Band) => void }) {
  const statuses = [...new Set([...answer.ladder, ...answer.leads].map(({ status }) => status))];
  const all = ageing(answer.leads, answer.asOf, statuses);
  if (all.length === 0) return null;
  return (
    <section class="card flush" aria-label="Time in the step">
      <div class="card-head">
        <h2>Time in the step</h2>
        <span class="quiet">of the {countText(answer.leads.length, 'lead')} on this page</span>
      </div>
      <ul class="tally">
        {all.map(({ status, medianMs, bands }) => (
          <li key={status}>
            <span>{status}</span>
            <span>
              <span class="quiet">median</span> <b>{spanText(medianMs)}</b>
            </span>
            <dl class="bands">
              {BANDS.map(({ says }, band) => (
                <div key={says}>
                  <dt>{says}</dt>
                  <dd>
                    <Count
                      of={bands[band] ?? 0}
                      says={`at ${status} for ${says}`}
                      onClick={() => onPick({ status, band })}
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
