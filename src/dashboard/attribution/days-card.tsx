import { useMemo } from 'preact/hooks';
import type { AttributionAnswer } from '../../api/attribution.ts';
import { moneyText } from '../../ui/money.ts';
import { type Multiple, Multiples } from '../../ui/multiples.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { type Asked, addressOf, lineKey } from './asked.ts';
import { allDays, type DaySeries, seriesByDay } from './by-day.ts';
import { MarkerList, markerSays } from './markers.tsx';
import { rowName } from './rows-table.tsx';
import { BYS, conversionsSay, daySays } from './words.ts';

/** The largest lines day by day, all on one scale; of days themselves, one chart of them all. */
export function DaysCard({ answer, asked }: { answer: AttributionAnswer; asked: Asked }) {
  const { by, from, to, currency } = answer.asked;
  const drawn = useMemo(() => seriesByDay(by === 'day' ? [allDays(answer)] : answer.series), [answer, by]);
  if (drawn.parts.length === 0 || drawn.parts.every(({ conversions }) => conversions === 0)) return null;
  const names = new Map(
    // Several lines may be without a name; what they came through tells them apart.
    answer.rows.map((row) => [lineKey(row.of), row.name || row.key ? rowName(row, by) : `not known, ${row.channel}`]),
  );
  const what = drawn.of === 'value' ? `value in ${currency}` : 'conversions';
  const marks = (drawn.parts[0]?.days ?? []).flatMap(({ day }, place) =>
    answer.markers.some((marker) => marker.day === day) ? [place] : [],
  );
  const parts = drawn.parts.map((part): Multiple => {
    const name = by === 'day' ? 'All' : (names.get(part.row) ?? 'not known');
    const sum = worth(part, drawn.of, currency);
    return {
      key: part.row,
      name,
      sum,
      says: `${name}, credited ${what} by day: ${sum} in all.`,
      bars: part.days.map((day) => ({
        height: day.height,
        says: [
          `${daySays(day.day)}: ${worth(day, drawn.of, currency)}, ${conversionsSay(day.conversions)}`,
          ...answer.markers.filter((marker) => marker.day === day.day).map(markerSays),
        ].join('; '),
      })),
    };
  });
  return (
    <section class="card flush" aria-label="Day by day">
      <div class="card-head">
        <h2>{by === 'day' ? 'All days' : 'Day by day'}</h2>
        <span class="quiet">
          credited {what}, on one scale, by the day{' '}
          {answer.asked.basis === 'touch' ? 'of the touch' : 'of the conversion'}
        </span>
      </div>
      <div class="card-body">
        <Multiples parts={parts} from={daySays(from)} to={daySays(to)} marks={marks} />
      </div>
      {answer.markers.length > 0 && (
        <div class="card-foot">
          Lines in the charts mark what became of the spec:
          <MarkerList markers={answer.markers} />
        </div>
      )}
      <Changes answer={answer} />
      {by !== 'day' && (
        <p class="card-foot">
          The largest of {BYS.find(([value]) => value === by)?.[2]}, up to ten.{' '}
          <a href={`/attribution${addressOf({ ...asked, by: 'day', sort: '' })}`}>Days as a table</a>
        </p>
      )}
    </section>
  );
}

/** Where the rules changed in these days: the drawing does not show it, for one statement holds for all of it. */
function Changes({ answer: { statement, statements, asked } }: { answer: AttributionAnswer }) {
  const ended = statements.filter(({ role, statement: number, asOf }) => {
    const day = new Date(asOf).toISOString().slice(0, 10);
    return role === 'past' && number !== statement.statement && asked.from <= day && day <= asked.to;
  });
  if (ended.length === 0) return null;
  return (
    <p class="card-foot">
      {ended.map((one) => (
        <span key={one.statement}>
          Statement {one.statement} ended on <TimeText at={one.asOf} as="day" />.{' '}
        </span>
      ))}
      All days here are by the rules of statement {statement.statement}.
    </p>
  );
}

function worth(part: Pick<DaySeries, 'amount' | 'conversions'>, of: 'value' | 'conversions', currency: string): string {
  return of === 'value' && part.amount !== undefined
    ? moneyText({ amount: part.amount, currency })
    : conversionsSay(part.conversions);
}
