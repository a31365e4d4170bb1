import { useState } from 'preact/hooks';
import type { AttemptAnswer, LetterAnswer } from '../../api/letters.ts';
import { Badge } from '../../ui/badge.tsx';
import { Fact } from '../../ui/fact.tsx';
import { moneyText } from '../../ui/money.ts';
import { countText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { ReasonList } from '../reason-list.tsx';
import { tracePath } from '../route.ts';
import { Replay } from './replay-view.tsx';
import { forecastText, KINDS } from './words.ts';

/** One dead letter: why it ended, what TikTok said, and what a replay would do. */
export function LetterDetail({ letter, onDone }: { letter: LetterAnswer; onDone: () => void }) {
  const kind = KINDS[letter.kind];
  return (
    <>
      <div class="row between">
        <Badge is={kind?.badge ?? letter.kind} />
        <a class="button primary" href={tracePath(traceId(letter))}>
          Trace
        </a>
      </div>
      <p>{kind?.means}</p>
      <section>
        <h3>Why</h3>
        <ReasonList codes={letter.reasons.length > 0 ? letter.reasons : [letter.why]} fixes />
      </section>
      <Problems problems={letter.problems ?? []} />
      <WouldReplay key={letter.id} letter={letter} onDone={onDone} />
      <Answers letter={letter} />
      <section>
        <h3>Event</h3>
        <dl class="facts">
          <Fact name="Name">{letter.event}</Fact>
          <Fact name="Event id">{letter.eventId && <IdLink id={letter.eventId} />}</Fact>
          <Fact name="Order">{letter.orderId && <IdLink id={letter.orderId} />}</Fact>
          <Fact name="Lead">{letter.leadId && <IdLink id={letter.leadId} />}</Fact>
          <Fact name="Value">{letter.value && moneyText(letter.value)}</Fact>
          <Fact name="Occurred">
            {letter.occurredAt !== undefined && <TimeText at={letter.occurredAt} as="full" />}
          </Fact>
          <Fact name="Given up">
            <TimeText at={letter.at} as="full" />
          </Fact>
          <Fact name="Destination">{letter.destination}</Fact>
          <Fact name="Letter">
            <span class="id">{letter.id}</span>
          </Fact>
        </dl>
      </section>
    </>
  );
}

/** The colour of an answer, as that of the state that it leads to. */
function toneOf(outcome: string | undefined): string {
  if (outcome === 'accepted') return 'delivered';
  return outcome === 'refused' ? 'dead' : 'unknown';
}

/** What leads to the whole way of the event: its own id, or the record's sequence. */
function traceId({ id, eventId }: LetterAnswer): string {
  return eventId ?? id.replace(/^(?:leg|record):/, '').replace(/\/.*$/, '');
}

function WouldReplay({ letter, onDone }: { letter: LetterAnswer; onDone: () => void }) {
  const [replaying, setReplaying] = useState(false);
  const { allowed, forecast, why, says } = letter.replay;
  return (
    <section>
      <h3>What a replay would do</h3>
      <p>{says}</p>
      <dl class="facts">
        <Fact name="It would">{allowed ? 'leave again, under the same id' : 'be refused'}</Fact>
        <Fact name="TikTok’s clock">{forecast && `the copy ${forecastText(forecast)}`}</Fact>
      </dl>
      {!allowed && why && <ReasonList codes={[why]} fixes />}
      {replaying ? (
        <Replay wanted={{ ids: [letter.id] }} says="this letter" onClose={() => setReplaying(false)} onDone={onDone} />
      ) : (
        allowed && (
          <span class="row">
            <button type="button" class="button" onClick={() => setReplaying(true)}>
              Replay this letter
            </button>
          </span>
        )
      )}
    </section>
  );
}

function Problems({ problems }: { problems: NonNullable<LetterAnswer['problems']> }) {
  if (problems.length === 0) return null;
  return (
    <section>
      <h3>What is wrong with it</h3>
      <ul class="sentences">
        {problems.map(({ where, what, fix, code }) => (
          <li key={`${where} ${code}`}>
            <code>{where}</code> {what}
            {fix && <div class="quiet">{fix}</div>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answers({ letter: { attempts, first, last, kind } }: { letter: LetterAnswer }) {
  if (kind === 'record') return null;
  return (
    <section>
      <h3>{countText(attempts, 'attempt')}</h3>
      {first && <Answer says={first.n === last?.n ? 'Only answer' : 'First answer'} attempt={first} />}
      {last && last.n !== first?.n && <Answer says="Last answer" attempt={last} />}
      {!first && !last && <p class="quiet">No answer came.</p>}
    </section>
  );
}

function Answer({ says, attempt }: { says: string; attempt: AttemptAnswer }) {
  const { sentAt, answeredAt, outcome, http, code, message, requestId } = attempt;
  return (
    <div class="leg" data-is={toneOf(outcome)}>
      <div class="row between">
        <span>{says}</span>
        {outcome && <span class="chip">{outcome}</span>}
      </div>
      {message && <q class="said">{message}</q>}
      <dl class="facts">
        <Fact name="Code">{code}</Fact>
        <Fact name="HTTP">{http}</Fact>
        <Fact name="Sent">
          <TimeText at={sentAt} as="full" />
        </Fact>
        <Fact name="Answered">{answeredAt !== undefined && <TimeText at={answeredAt} as="full" />}</Fact>
        <Fact name="Request">{requestId && <span class="id">{requestId}</span>}</Fact>
      </dl>
    </div>
  );
}
