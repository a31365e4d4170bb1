import { useCallback, useMemo, useState } from 'preact/hooks';
import type { FunnelAnswer, FunnelRow } from '../../api/attribution.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { countText, numberText } from '../../ui/number.ts';
import { DetailPanel } from '../../ui/panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { AnsweredPage } from '../answered-page.tsx';
import { MarkersCard } from '../attribution/markers.tsx';
import { Days } from '../attribution/switches.tsx';
import { useReport } from '../attribution/use-report.ts';
import { Waiting } from '../attribution/waiting.tsx';
import { BYS } from '../attribution/words.ts';
import { Choose } from '../books/filter-bar.tsx';
import { FailureNote } from '../failure-note.tsx';
import { narrow, query } from '../navigate.ts';
import { creditsOf, type FunnelAsked, funnelAddress, funnelOf, funnelQuestion, MEASURES } from './asked.ts';
import { Creatives, funnelKey, funnelName } from './creatives.tsx';
import { Ladder } from './ladder.tsx';

const TITLE = 'Funnel';
const SAYS = 'How far the visitors of each creative come on the ladder: people, not events.';
const REPORT = '/v1/reports/funnel';

/** The ladder of all visitors, and that of each channel, campaign, ad group or ad. */
export function Funnel() {
  const address = query.value;
  const asked = useMemo(() => funnelOf(address), [address]);
  const books = useReport<FunnelAnswer>(REPORT + funnelQuestion(asked));
  const { answer, failure, loading, waiting, again } = books;
  const [open, setOpen] = useState<FunnelRow | undefined>(undefined);
  const close = useCallback(() => setOpen(undefined), []);
  const change = (part: Partial<FunnelAsked>) => narrow(funnelAddress({ ...asked, ...part }), 'step');
  const opened = open && answer?.rows.find((row) => funnelKey(row) === funnelKey(open));
  return (
    <AnsweredPage title={TITLE} says={SAYS} books={books}>
      {failure && <FailureNote failure={failure} onRetry={again} />}
      {waiting && <Waiting />}
      {!answer && !failure && !waiting && <Loading what="Reading the ladder" />}
      {answer && (
        <>
          <section class="card" aria-label="What is shown">
            <Switches asked={asked} answer={answer} onChange={change} />
          </section>
          {answer.total.steps.every(({ visitors }) => visitors === 0) ? (
            <section class="card">
              <Empty title="Nobody on the ladder in this time">
                A visitor stands on it once a page or a server of yours has told the first of its events:{' '}
                {answer.steps.join(', ')}.
              </Empty>
            </section>
          ) : (
            <div class="split broad" aria-busy={loading}>
              <div class="stack">
                <Whole answer={answer} />
                <MarkersCard markers={answer.markers} />
                <section class="card flush" aria-label="By creative">
                  <div class="card-head">
                    <h2>By {BYS.find(([value]) => value === answer.by)?.[1].toLowerCase()}</h2>
                    <span class="quiet">a line opens to its ladder</span>
                  </div>
                  {answer.rows.length === 0 ? (
                    <Empty title="No creative">None of these visitors came by an ad or a link that is known.</Empty>
                  ) : (
                    <Creatives
                      answer={answer}
                      measure={asked.measure}
                      sort={asked.sort}
                      open={opened && funnelKey(opened)}
                      onSort={(sort) => change({ sort })}
                      onOpen={setOpen}
                    />
                  )}
                  {answer.more > 0 && (
                    <p class="card-foot">{numberText(answer.more)} more lines had fewer visitors and are not shown.</p>
                  )}
                </section>
              </div>
              <div class="side">
                {opened && (
                  <DetailPanel of={funnelKey(opened)} title={funnelName(opened)} onClose={close}>
                    <Detail row={opened} answer={answer} />
                  </DetailPanel>
                )}
              </div>
            </div>
          )}
        </>
      )}
    </AnsweredPage>
  );
}

function Switches(props: { asked: FunnelAsked; answer: FunnelAnswer; onChange: (part: Partial<FunnelAsked>) => void }) {
  const { asked, answer, onChange } = props;
  return (
    <form class="filters" aria-label="Switches" onSubmit={(event) => event.preventDefault()}>
      <Choose
        label="By"
        value={asked.by || answer.by}
        options={BYS.filter(([by]) => by !== 'day').map(([by, says]) => [by, says])}
        all={null}
        onChange={(by) => onChange({ by })}
      />
      <Days asked={asked} taken={answer} onChange={onChange} />
      <Choose
        label="Table shows"
        value={asked.measure}
        options={MEASURES}
        all={null}
        onChange={(measure) => onChange({ measure: MEASURES.find(([name]) => name === measure)?.[0] ?? 'visitors' })}
      />
    </form>
  );
}

function Whole({ answer }: { answer: FunnelAnswer }) {
  return (
    <section class="card flush" aria-label="All visitors">
      <div class="card-head">
        <h2>All visitors</h2>
        <span class="quiet">
          spec version {answer.specVersion}, as of <TimeText at={answer.asOf} as="full" />
        </span>
      </div>
      <Ladder names={answer.steps} steps={answer.total.steps} />
      <p class="card-foot">
        Of those who reached a step, how many reached the next in the same time, with the 95 % interval that so many
        visitors allow (Wilson).
      </p>
    </section>
  );
}

function Detail({ row, answer }: { row: FunnelRow; answer: FunnelAnswer }) {
  const credits = creditsOf(row, answer);
  const [first] = row.steps;
  return (
    <>
      <div class="row between">
        <span class="quiet">
          {row.channel !== '' && row.channel !== row.name && (
            <>
              <bdi>{row.channel}</bdi>,{' '}
            </>
          )}
          {countText(first?.visitors ?? 0, 'visitor')}
        </span>
        {credits && (
          <a class="button primary" href={credits}>
            Attribution
          </a>
        )}
      </div>
      <Ladder names={answer.steps} steps={row.steps} />
    </>
  );
}
