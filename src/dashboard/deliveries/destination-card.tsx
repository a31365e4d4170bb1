import type { ComponentChildren } from 'preact';
import type { DestinationReport } from '../../api/deliveries.ts';
import { Badge } from '../../ui/badge.tsx';
import { spanText } from '../../ui/duration.ts';
import { Fact } from '../../ui/fact.tsx';
import { numberText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { Count } from '../books/count.tsx';
import { reasons } from '../reasons.ts';
import type { LettersFilter } from './asked.ts';
import { stateWords } from './words.ts';

interface DestinationCardProps {
  report: DestinationReport;
  asOf: number;
  /** shows the letters that a figure counts */
  onPick: (narrowed: Partial<LettersFilter>) => void;
  /** what it did over time */
  children: ComponentChildren;
}

/** One destination: how it does and why, what waits for it, and what became of all that was meant for it. */
export function DestinationCard({ report, asOf, onPick, children }: DestinationCardProps) {
  const { id, pixel, state, why, since, until, ratePerSecond, backlog } = report;
  const { means, next } = stateWords(state);
  return (
    <section class="card flush" aria-label={`Destination ${id}`}>
      <div class="card-head">
        <span class="row">
          <h2>{id}</h2>
          <Badge is={state} />
        </span>
        <span class="quiet">
          as of <TimeText at={asOf} as="full" />
        </span>
      </div>
      <div class="card-body delivery">
        <div class="stack">
          {backlog.overWarnAge && (
            <p class="note" data-is="warn">
              The oldest that waits is past the tracking spec’s warning age. The older an event, the less TikTok makes
              of it, and beyond the spec’s greatest age it is not sent any more.
            </p>
          )}
          <p>
            {means} {next && <span class="quiet">{next}</span>}
          </p>
          <dl class="facts">
            <Fact name="Why">{why && <Why why={why} />}</Fact>
            <Fact name="Since">{since !== undefined && <TimeText at={since} as="full" />}</Fact>
            <Fact name="Until">{until !== undefined && <TimeText at={until} as="full" />}</Fact>
            <Fact name="Rate">{ratePerSecond > 0 && `${rateText(ratePerSecond)} requests a second at most`}</Fact>
            <Fact name="Waiting">
              {numberText(backlog.queued)} queued, {numberText(backlog.inFlight)} in flight, {numberText(backlog.held)}{' '}
              held
            </Fact>
            <Fact name="Of it money">{backlog.money > 0 && numberText(backlog.money)}</Fact>
            <Fact name="Oldest">
              {backlog.oldestReceivedAt !== undefined && (
                <>
                  came <TimeText at={backlog.oldestReceivedAt} as="list" />, {ageText(asOf - backlog.oldestReceivedAt)}
                </>
              )}
            </Fact>
            <Fact name="Pixel">
              <code>{pixel}</code>
            </Fact>
          </dl>
          <dl class="figures small">
            <Ended name="delivered" of={report.delivered} />
            <Ended name="dead" of={report.dead} onPick={() => onPick({ kind: 'dead', destination: id })} />
            <Ended
              name="may have arrived"
              of={report.unknown}
              onPick={() => onPick({ kind: 'unknown', destination: id })}
            />
          </dl>
        </div>
        {children}
      </div>
    </section>
  );
}

/** A reason code that it begins with is told by its meaning; what comes after it is TikTok's word, or the network's. */
function Why({ why }: { why: string }) {
  const [code = '', ...rest] = why.split(' ');
  const known = reasons.value.get(code);
  if (!known) return <>{why}</>;
  return (
    <>
      {known.means} <span class="quiet">{rest.join(' ')}</span>
    </>
  );
}

/** How many ended so, of all that there ever were. */
function Ended({ name, of, onPick }: { name: string; of: number; onPick?: () => void }) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class="value">
        <b>{onPick ? <Count of={of} says={name} onClick={onPick} /> : numberText(of)}</b>
      </dd>
    </div>
  );
}

/** The oldest is known to the minute. */
function ageText(ms: number): string {
  return ms < 60_000 ? 'under a minute ago' : `${spanText(ms)} ago`;
}

function rateText(rate: number): string {
  return numberText(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate));
}
