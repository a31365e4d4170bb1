import type { DeliveriesAnswer } from '../../api/deliveries.ts';
import type { LettersAnswer } from '../../api/letters.ts';
import { zoneName } from '../../ui/clock.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { PageHead } from '../../ui/shell.tsx';
import { Zone } from '../../ui/time-text.tsx';
import { useBooks } from '../books/use-books.ts';
import { FailureNote } from '../failure-note.tsx';
import { narrow, query } from '../navigate.ts';
import { addressOf, askedOf, type LettersFilter, NO_FILTER, pageQueryOf } from './asked.ts';
import { DestinationCard } from './destination-card.tsx';
import { DestinationCharts, FiguresTable } from './destination-charts.tsx';
import { LETTERS, Letters } from './letters.tsx';
import { Outcomes } from './outcomes-view.tsx';
import { SPANS } from './words.ts';

const TITLE = 'Deliveries';
const SAYS = 'How TikTok takes what is sent: states, backlog, lag and answers, and what was given up.';
const REPORT = '/v1/reports/deliveries';

/** Each destination with its backlog and lag, every answer by its code, and the dead letters with their replay. */
export function Deliveries() {
  const { hours, filter } = askedOf(query.value);
  const report = useBooks<DeliveriesAnswer>(`${REPORT}?hours=${encodeURIComponent(hours)}`);
  const letters = useBooks<LettersAnswer>(LETTERS + pageQueryOf(filter));
  const { answer, failure } = report;
  const again = () => {
    report.again();
    letters.again();
  };
  const change = (part: Partial<LettersFilter>, how: 'step' | 'typing') =>
    narrow(addressOf(hours, { ...filter, ...part }), how);
  const show = (part: Partial<LettersFilter>) => {
    change({ ...NO_FILTER, ...part }, 'step');
    document.getElementById('letters')?.scrollIntoView();
  };

  const signedOut = [report, letters].find((one) => one.failure?.kind === 'signedOut')?.failure;
  if (signedOut)
    return (
      <>
        <PageHead title={TITLE} says={SAYS} />
        <FailureNote failure={signedOut} />
      </>
    );
  const stand = answer ?? letters.answer;
  const zone = stand?.timezone ?? 'UTC';
  return (
    <Zone.Provider value={zone}>
      <PageHead title={TITLE} says={stand ? `${SAYS} Times in ${zoneName(stand.asOf, zone)}.` : SAYS}>
        <SpanChoice hours={hours} onChange={(next) => narrow(addressOf(next, filter), 'step')} />
        <a class="button quiet" href={`${REPORT}.csv?hours=${encodeURIComponent(hours)}`} download>
          Figures as CSV
        </a>
        <a class="button quiet" href={`${REPORT}-outcomes.csv?hours=${encodeURIComponent(hours)}`} download>
          Answers as CSV
        </a>
        <button type="button" class="button" disabled={report.loading || letters.loading} onClick={again}>
          Look again
        </button>
      </PageHead>
      {failure && <FailureNote failure={failure} onRetry={report.again} />}
      {!answer && !failure && <Loading what="Reading the deliveries" />}
      {answer && <Destinations answer={answer} onPick={show} />}
      {answer && <Outcomes answer={answer} span={spanSays(hours)} />}
      <Letters books={letters} filter={filter} onChange={change} onDone={again} />
    </Zone.Provider>
  );
}

function Destinations(props: { answer: DeliveriesAnswer; onPick: (part: Partial<LettersFilter>) => void }) {
  const { destinations, series, stretchMs, asOf } = props.answer;
  if (destinations.length === 0)
    return (
      <section class="card">
        <Empty title="No destination">
          The tracking spec names none, so nothing is sent. Add your pixel under <code>destinations</code>.
        </Empty>
      </section>
    );
  return (
    <>
      {destinations.map((report) => {
        const points = series.filter(({ destination }) => destination === report.id);
        return (
          <DestinationCard key={report.id} report={report} asOf={asOf} onPick={props.onPick}>
            <DestinationCharts destination={report.id} points={points} stretchMs={stretchMs} />
            <FiguresTable destination={report.id} points={points} />
          </DestinationCard>
        );
      })}
    </>
  );
}

/** How far back the figures go. */
function SpanChoice({ hours, onChange }: { hours: string; onChange: (hours: string) => void }) {
  return (
    <div class="field">
      <label class="hidden" for="span">
        Figures of the
      </label>
      <select id="span" class="select" value={hours} onChange={(event) => onChange(event.currentTarget.value)}>
        {SPANS.map(([value, says]) => (
          <option key={value} value={value}>
            {says}
          </option>
        ))}
      </select>
    </div>
  );
}

function spanSays(hours: string): string {
  return SPANS.find(([value]) => value === hours)?.[1] ?? `${hours} hours`;
}
