import type { TraceAnswer } from '../../api/answers.ts';
import { zoneName } from '../../ui/clock.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { countText } from '../../ui/number.ts';
import { PageHead } from '../../ui/shell.tsx';
import { TimeText, Zone } from '../../ui/time-text.tsx';
import { FailureNote } from '../failure-note.tsx';
import { navigate } from '../navigate.ts';
import { tracePath } from '../route.ts';
import { EventCard } from './event-card.tsx';
import { LeadCard } from './lead-card.tsx';
import { OrderCard } from './order-card.tsx';
import { refreshMs } from './refresh.ts';
import { TouchesCard } from './touches-card.tsx';
import { useTrace } from './use-trace.ts';

/** The whole way of a fact, from any id of it. */
export function Trace({ id }: { id: string | undefined }) {
  return (
    <>
      <PageHead title="Trace" says="Follow one fact from the click to TikTok's answer." />
      <Search key={id} id={id ?? ''} />
      {id === undefined ? (
        <section class="card">
          <Empty title="Enter an id">
            An order, event, lead, visitor or session id, a ttclid, a touch id, or the request id of an answer from
            TikTok. Rows in <a href="/live">Live</a> lead here too.
          </Empty>
        </section>
      ) : (
        <Result key={id} id={id} />
      )}
    </>
  );
}

function Search({ id }: { id: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget;
    const text = form instanceof HTMLFormElement ? String(new FormData(form).get('id') ?? '').trim() : '';
    if (text) navigate(tracePath(text));
  };
  return (
    <search>
      <form class="field" onSubmit={submit}>
        <label for="trace-id">Order, event, lead, visitor, session, touch, ttclid or request id</label>
        <div class="search">
          <input
            id="trace-id"
            name="id"
            class="input id"
            type="search"
            required
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            defaultValue={id}
          />
          <button type="submit" class="button primary">
            Trace
          </button>
        </div>
      </form>
    </search>
  );
}

function Result({ id }: { id: string }) {
  const { answer, failure, loading, again } = useTrace(id);
  if (failure?.kind === 'signedOut') return <FailureNote failure={failure} />;
  if (failure?.kind === 'notFound') return <NotFound id={id} onRetry={again} />;
  if (!answer)
    return failure && !loading ? (
      <FailureNote failure={failure} onRetry={again} />
    ) : (
      <Loading what={`Looking for ${id}`} />
    );
  return (
    <Zone.Provider value={answer.timezone}>
      {failure && <FailureNote failure={failure} onRetry={again} />}
      <AsOf answer={answer} />
      {answer.order && <OrderCard order={answer.order} asOf={answer.asOf} />}
      {answer.lead && <LeadCard lead={answer.lead} />}
      <TouchesCard touches={answer.touches} />
      {answer.events.length === 0 && (
        <section class="card">
          <Empty title="No event yet">
            {answer.order ? 'The order' : 'The contact with an ad'} is known, but no event belongs to it so far.
          </Empty>
        </section>
      )}
      {answer.events.map((event, index) => (
        <EventCard key={event.seq} event={event} open={index === 0} />
      ))}
      {answer.cut && (
        <p class="note" data-is="info">
          There are more events than the {countText(answer.events.length, 'newest one', 'newest')} shown here. A
          narrower id, such as an event id, shows the others.
        </p>
      )}
    </Zone.Provider>
  );
}

function AsOf({ answer }: { answer: TraceAnswer }) {
  const wait = refreshMs(answer);
  return (
    <div class="row between">
      <span>
        <strong class="id">{answer.id}</strong>{' '}
        <span class="quiet">leads to {countText(answer.events.length, 'event')}</span>
      </span>
      <span class="state" data-is={wait === undefined ? 'off' : 'busy'}>
        <span>
          As of <TimeText at={answer.asOf} />, times in {zoneName(answer.asOf, answer.timezone)}.{' '}
          {wait === undefined ? 'All is settled.' : `Looks again every ${wait / 1000} s.`}
        </span>
      </span>
    </div>
  );
}

function NotFound({ id, onRetry }: { id: string; onRetry: () => void }) {
  return (
    <section class="card">
      <Empty title={`Nothing is known about ${id}`}>
        Ids are compared letter by letter, so see that it is whole. What was sent a moment ago may still be on its way.
        <span class="actions">
          <button type="button" class="button" onClick={onRetry}>
            Look again
          </button>
          <a class="button quiet" href="/live">
            Go to Live
          </a>
        </span>
      </Empty>
    </section>
  );
}
