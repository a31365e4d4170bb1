import type { LiveCounts } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { countText, numberText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { legs, terms } from './counts.ts';
import { VERDICTS } from './filter.ts';

/** The equation that always holds, and a warning on the day it does not. */
export function Sum({ counts }: { counts: LiveCounts }) {
  const equation = terms(counts);
  return (
    <section class="card">
      <div class="card-head">
        <h2>Records</h2>
        <span class="quiet">
          spec version {counts.specVersion}, as of <TimeText at={counts.asOf} />
        </span>
      </div>
      <div class="sum">
        <div class="term">
          <b>{numberText(counts.records)}</b>
          <span class="term-name">received</span>
        </div>
        {equation.terms.map((term, index) => (
          <div key={term.is} class="term" data-is={term.is}>
            <span class="op">{index === 0 ? '=' : '+'}</span>
            <b>{numberText(term.count)}</b>
            <span class="term-name">{term.is === 'lag' ? 'no verdict yet' : term.is}</span>
          </div>
        ))}
      </div>
      {!equation.adds && (
        <p class="note" data-is="error" role="alert">
          The right side adds up to {numberText(equation.sum)}, not {numberText(counts.records)}. Run{' '}
          <code>assay verify</code>.
        </p>
      )}
    </section>
  );
}

/** How many records came through each door, and what became of them. */
export function Doors({ counts }: { counts: LiveCounts }) {
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Doors</h2>
        <span class="quiet">records</span>
      </div>
      {counts.byDoor.length === 0 && <p class="empty">No door has been used yet.</p>}
      <ul class="tally">
        {counts.byDoor.map((door) => (
          <li key={door.door}>
            <span>{door.door}</span>
            <b>{numberText(door.total)}</b>
            <span class="quiet">
              {VERDICTS.filter((verdict) => door.byVerdict[verdict])
                .map((verdict) => `${numberText(door.byVerdict[verdict] ?? 0)} ${verdict}`)
                .join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the copies for TikTok stand, by destination and leg. */
export function Deliveries({ counts }: { counts: LiveCounts }) {
  const all = legs(counts.dispatches);
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Deliveries</h2>
        <span class="quiet">dispatches</span>
      </div>
      {all.length === 0 && <p class="empty">Nothing has been sent to TikTok yet.</p>}
      <ul class="tally">
        {all.map((leg) => (
          <li key={`${leg.destination} ${leg.leg}`}>
            <span>
              {leg.leg} <span class="quiet">to {leg.destination}</span>
            </span>
            <b>{numberText(leg.total)}</b>
            <div class="row">
              {leg.states.map((each) => (
                <span key={each.state} class="count" title={countText(each.count, 'dispatch', 'dispatches')}>
                  {numberText(each.count)} <Badge is={each.state} />
                </span>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
