import { useMemo } from 'preact/hooks';
import type { WindowsAnswer } from '../../../api/attribution.ts';
import { Empty, Loading } from '../../../ui/notes.tsx';
import { AnsweredPage } from '../../answered-page.tsx';
import { FailureNote } from '../../failure-note.tsx';
import { narrow, query } from '../../navigate.ts';
import { type Asked, addressOf, askedOf, windowsQuestionOf } from '../asked.ts';
import { MarkersCard } from '../markers.tsx';
import { StatementCard } from '../statement-card.tsx';
import { Days } from '../switches.tsx';
import { Tabs } from '../tabs.tsx';
import { useReport } from '../use-report.ts';
import { Waiting } from '../waiting.tsx';
import { conversionsSay } from '../words.ts';
import { LagCard } from './lag-card.tsx';
import { RanksCard } from './ranks-card.tsx';
import { WindowsTable } from './windows-table.tsx';

const TITLE = 'Window lab';
const SAYS = 'What each window would credit, what it would lose, and what the evidence is worth.';
const REPORT = '/v1/reports/windows';

/** All windows side by side, the time from touch to conversion, and the campaigns that a window would rank otherwise. */
export function WindowLab() {
  const address = query.value;
  const asked = useMemo(() => askedOf(address), [address]);
  const books = useReport<WindowsAnswer>(REPORT + windowsQuestionOf(asked));
  const { answer, failure, loading, waiting, again } = books;
  const change = (part: Partial<Asked>) => narrow(addressOf({ ...asked, ...part }), 'step');
  return (
    <AnsweredPage title={TITLE} says={SAYS} books={books} zone={answer?.statement.timezone}>
      <Tabs here="windows" asked={asked} />
      {failure && <FailureNote failure={failure} onRetry={again} />}
      {waiting && <Waiting />}
      {!answer && !failure && !waiting && <Loading what="Comparing the windows" />}
      {answer && (
        <>
          <StatementCard statement={answer.statement} busy={loading}>
            <form class="filters" aria-label="Switches" onSubmit={(event) => event.preventDefault()}>
              <Days asked={asked} taken={answer} onChange={change} />
            </form>
            <p class="quiet">
              Of <bdi>{answer.name.length > 0 ? answer.name.join(', ') : 'all conversions'}</bdi>, money in{' '}
              {answer.currency}. <a href={`/attribution${windowsQuestionOf(asked)}`}>Choose others</a> beside the
              credits.
            </p>
          </StatementCard>
          {answer.conversions === 0 ? (
            <section class="card">
              <Empty title="No conversion in this time">
                Windows can be compared once conversions have happened. Choose more days.
              </Empty>
            </section>
          ) : (
            <Lab answer={answer} asked={asked} />
          )}
        </>
      )}
    </AnsweredPage>
  );
}

function Lab({ answer, asked }: { answer: WindowsAnswer; asked: Asked }) {
  return (
    <>
      {answer.says.length > 0 && (
        <section class="note" data-is="info" aria-label="What the evidence supports">
          <h2>What {conversionsSay(answer.conversions)} can tell</h2>
          <ul class="sentences">
            {answer.says.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </section>
      )}
      <MarkersCard markers={answer.markers} />
      <WindowsTable answer={answer} asked={asked} />
      <LagCard lag={answer.lag} />
      <RanksCard answer={answer} />
    </>
  );
}
