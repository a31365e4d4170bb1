import { useCallback, useMemo, useState } from 'preact/hooks';
import type { AttributionAnswer } from '../../api/attribution.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { numberText } from '../../ui/number.ts';
import { AnsweredPage } from '../answered-page.tsx';
import { FailureNote } from '../failure-note.tsx';
import { narrow, query } from '../navigate.ts';
import { type Asked, addressOf, askedOf, questionOf, wayTo, widest } from './asked.ts';
import { DaysCard } from './days-card.tsx';
import { FigurePanel } from './figure-panel.tsx';
import { RowsTable } from './rows-table.tsx';
import { SharedNotice } from './shared-notice.tsx';
import { StatementCard } from './statement-card.tsx';
import { Switches } from './switches.tsx';
import { Tabs } from './tabs.tsx';
import { type Figure, TotalsCard } from './totals-card.tsx';
import { useReport } from './use-report.ts';
import { ViewsCard } from './views-card.tsx';
import { Waiting } from './waiting.tsx';
import { BYS } from './words.ts';

const TITLE = 'Attribution';
const SAYS = 'Which touch earned which conversion, by rules that are written down.';
const REPORT = '/v1/reports/attribution';

/** Credit by campaign, ad group, ad, channel or day; every figure opens to its conversions, and each of those to its touches. */
export function Attribution() {
  const address = query.value;
  const asked = useMemo(() => askedOf(address), [address]);
  const books = useReport<AttributionAnswer>(REPORT + questionOf(asked));
  const { answer, failure, loading, waiting, again } = books;
  const [figure, setFigure] = useState<Figure | undefined>(undefined);
  const close = useCallback(() => setFigure(undefined), []);
  const change = (part: Partial<Asked>) => {
    setFigure(undefined);
    narrow(addressOf({ ...asked, ...part }), 'step');
  };

  return (
    <AnsweredPage
      title={TITLE}
      says={SAYS}
      books={books}
      zone={answer?.statement.timezone}
      files={[['Table as CSV', `${REPORT}.csv${questionOf(asked)}`]]}
    >
      <Tabs here="credit" asked={asked} />
      {failure && <FailureNote failure={failure} onRetry={again} />}
      {failure && addressOf(asked) !== '' && (
        <p>
          <a href="/attribution">Ask as the spec has it</a>
        </p>
      )}
      {waiting && <Waiting />}
      {!answer && !failure && !waiting && <Loading what="Reading the credits" />}
      {answer && (
        <>
          <StatementCard statement={answer.statement} basis={answer.asked.basis} busy={loading}>
            <Switches asked={asked} answer={answer} onChange={change} />
          </StatementCard>
          <SharedNotice />
          <div class="split broad" aria-busy={loading}>
            <div class="stack">
              <Way asked={asked} answer={answer} />
              {isEmpty(answer) ? (
                <Nothing answer={answer} />
              ) : (
                <Figures answer={answer} asked={asked} onOpen={setFigure} onSort={(sort) => change({ sort })} />
              )}
            </div>
            <div class="side">
              {figure && <FigurePanel key={JSON.stringify(figure)} figure={figure} asked={asked} onClose={close} />}
            </div>
          </div>
        </>
      )}
    </AnsweredPage>
  );
}

function Figures(props: {
  answer: AttributionAnswer;
  asked: Asked;
  onOpen: (figure: Figure) => void;
  onSort: (sort: string) => void;
}) {
  const { answer, asked, onOpen, onSort } = props;
  const { by, currency } = answer.asked;
  const question = questionOf(asked);
  // What stands below the table is not built again when the table's order changes, or a panel opens.
  const below = useMemo(
    () => (
      <>
        <DaysCard answer={answer} asked={askedOf(question)} />
        <ViewsCard answer={answer} onOpen={onOpen} />
      </>
    ),
    [answer, question, onOpen],
  );
  return (
    <>
      <TotalsCard totals={answer.totals} onOpen={onOpen} />
      <section class="card flush" aria-label="Credit">
        <div class="card-head">
          <h2>By {BYS.find(([value]) => value === by)?.[1].toLowerCase()}</h2>
          <span class="quiet">clicks and engaged views alone, money in {currency}</span>
        </div>
        {answer.rows.length === 0 ? (
          <Empty title="No line">Nobody earned anything in this time; the totals say why.</Empty>
        ) : (
          <RowsTable answer={answer} asked={asked} onSort={onSort} onOpen={onOpen} />
        )}
        {answer.more > 0 && (
          <p class="card-foot">
            {numberText(answer.more)} more lines earned less and are not shown; the CSV has the same lines. Narrow the
            view to see them.
          </p>
        )}
        <Beside answer={answer} />
      </section>
      {below}
    </>
  );
}

/** What Ads Manager's columns are; its report may count days otherwise than was asked for. */
function Beside({ answer: { rows, asked } }: { answer: AttributionAnswer }) {
  const told = rows.flatMap(({ adsManager }) => (adsManager ? [adsManager.basis] : []));
  if (told.length === 0) return null;
  const other = told.find((basis) => basis !== asked.basis);
  return (
    <p class="card-foot">
      Spend and <i>Reported</i> are Ads Manager’s for the same days, by its own attribution, views included. ROAS is our
      credited value over its spend, where both are there in one currency.
      {other &&
        ` Its report has conversions by the day of the ${other} alone, ours stand by that of the ${asked.basis}.`}
    </p>
  );
}

/** What the view is narrowed to, and the way back. */
function Way({ asked, answer }: { asked: Asked; answer: AttributionAnswer }) {
  const way = wayTo(asked);
  if (way.length === 0) return null;
  const [row] = answer.rows;
  const named = (by: string, key: string) =>
    (by === 'campaign' || by === 'adgroup' || by === 'ad' ? row?.[by] : undefined) || key;
  return (
    <nav aria-label="Narrowed to">
      <ol class="way">
        <li>
          <a href={`/attribution${addressOf(widest(asked))}`}>All</a>
        </li>
        {way.map(({ by, key, asked: to }, n) => (
          <li key={by}>
            <span class="quiet">{BYS.find(([value]) => value === by)?.[1]}</span>{' '}
            {n < way.length - 1 ? (
              <a href={`/attribution${addressOf(to)}`}>{named(by, key)}</a>
            ) : (
              <b>{named(by, key)}</b>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Nothing({ answer }: { answer: AttributionAnswer }) {
  return (
    <section class="card">
      {answer.names.length === 0 ? (
        <Empty title="No conversion yet">
          An event that the tracking spec names under <code>attribution.conversions</code> appears here once it has
          arrived, with the touches before it.
        </Empty>
      ) : (
        <Empty title="No conversion in this time">
          None of the conversions asked for happened from {answer.asked.from} to {answer.asked.to}, days of{' '}
          {answer.statement.timezone}, with a value in {answer.asked.currency} or none.
        </Empty>
      )}
    </section>
  );
}

function isEmpty({ totals: { earned, views, nobody }, rows }: AttributionAnswer): boolean {
  return earned.conversions + views.conversions + nobody.conversions === 0 && rows.length === 0;
}
