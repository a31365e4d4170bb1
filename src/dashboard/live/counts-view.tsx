import type { LiveCounts } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { spanText } from '../../ui/duration.ts';
import { countText, numberText } from '../../ui/number.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { equation, legs, type Term } from './counts.ts';
import { type Filter, filterFor, VERDICTS } from './filter.ts';
import { isOurDoor } from './words.ts';

interface CountsProps {
  counts: LiveCounts;
  filter: Filter;
  /** narrows the list to the rows of a figure */
  onPick: (filter: Filter) => void;
}

/** The equation that always holds, a warning on the day it does not, and the same by door. */
export function Sum({ counts, filter, onPick }: CountsProps) {
  const shown = equation(counts, filter.ours !== '');
  const pick = (part: Partial<Filter>) => onPick(filterFor(part, filter));
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Records</h2>
        <span class="quiet">
          spec version {counts.specVersion}, as of <TimeText at={counts.asOf} as="full" />
        </span>
      </div>
      <div class="card-body stack">
        <div class="sum">
          <div class="term">
            <b>
              <Count of={shown.records} says="received" onClick={() => pick({})} />
            </b>
            <span class="term-name">received</span>
          </div>
          {shown.terms.map((term, index) => (
            <TermView key={term.is} term={term} op={index === 0 ? '=' : '+'} onPick={pick} />
          ))}
        </div>
        <p class="quiet">
          <Waits counts={counts} />
          {shown.ours > 0 && filter.ours === '' && (
            <>
              {' '}
              <button type="button" class="figure-link" onClick={() => pick({ ours: 'too' })}>
                {countText(shown.ours, 'record')}
              </button>{' '}
              of Assay's own stand apart.
            </>
          )}
          {counts.drafts.records > 0 && (
            <>
              {' '}
              <button type="button" class="figure-link" onClick={() => pick({ draft: 'only' })}>
                {countText(counts.drafts.records, 'draft')}
              </button>{' '}
              in no figure here.
            </>
          )}
        </p>
        {!shown.adds && (
          <p class="note" data-is="error" role="alert">
            The right side adds up to {numberText(shown.sum)}, not {numberText(counts.records)}. Run{' '}
            <code>assay verify</code>.
          </p>
        )}
      </div>
      <Doors counts={counts} filter={filter} onPick={onPick} />
    </section>
  );
}

function TermView({ term, op, onPick }: { term: Term; op: string; onPick: (part: Partial<Filter>) => void }) {
  const { is, count } = term;
  return (
    <div class="term" data-is={is}>
      <span class="op">{op}</span>
      <b>{is === 'lag' ? numberText(count) : <Count of={count} says={is} onClick={() => onPick({ verdict: is })} />}</b>
      <span class="term-name">{is === 'lag' ? 'no verdict yet' : is}</span>
    </div>
  );
}

/** How far behind we are, in time: a count alone does not tell whether it matters. */
function Waits({ counts }: { counts: LiveCounts }) {
  return (
    <>
      {counts.lag === 0
        ? 'Every record has its verdict.'
        : `The oldest without a verdict has waited ${spanText(counts.lagMs)}.`}{' '}
      {counts.overdueMs > 0 && `What was due to leave first is ${spanText(counts.overdueMs)} late.`}
    </>
  );
}

/** A figure that opens down to its rows. */
function Count({ of, says, onClick }: { of: number; says: string; onClick: () => void }) {
  if (of === 0) return <>0</>;
  return (
    <button type="button" class="figure-link" aria-label={`${numberText(of)} ${says}: show`} onClick={onClick}>
      {numberText(of)}
    </button>
  );
}

type DoorCounts = LiveCounts['byDoor'][number];

/** How many records came through each door, and what became of them. */
function Doors({ counts, filter, onPick }: CountsProps) {
  const rows = counts.byDoor.filter((door) => filter.ours !== '' || !isOurDoor(door.door));
  const pick = (part: Partial<Filter>) => onPick(filterFor(part, filter));
  if (rows.length === 0) return null;
  const cell = (door: DoorCounts, verdict: (typeof VERDICTS)[number]) => (
    <Count
      of={door.byVerdict[verdict] ?? 0}
      says={`${verdict} by ${door.door}`}
      onClick={() => pick({ door: door.door, verdict })}
    />
  );
  const columns: Column<DoorCounts>[] = [
    {
      name: 'Door',
      cell: (row) => row.door,
      sub: (row) => (
        <span class="on-phone row">
          {VERDICTS.filter((verdict) => row.byVerdict[verdict]).map((verdict) => (
            <span key={verdict}>
              {cell(row, verdict)} {verdict}
            </span>
          ))}
        </span>
      ),
    },
    {
      name: 'Records',
      kind: 'number',
      cell: (row) => <Count of={row.total} says={`by ${row.door}`} onClick={() => pick({ door: row.door })} />,
    },
    ...VERDICTS.map(
      (verdict): Column<DoorCounts> => ({
        name: verdict,
        kind: 'number',
        from: 'tablet',
        cell: (row) => cell(row, verdict),
      }),
    ),
  ];
  return <DataTable caption="Records by door" columns={columns} rows={rows} rowKey={(row) => row.door} />;
}

/** Where the copies for TikTok stand, by destination and leg. */
export function Deliveries({ counts }: { counts: LiveCounts }) {
  const all = legs(counts.dispatches);
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Deliveries</h2>
        <span class="quiet">
          dispatches, <TimeText at={counts.asOf} />
        </span>
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
