import type { TraceDispatch, TraceEvent } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { CodeBlock } from '../../ui/code.tsx';
import { Fact } from '../../ui/fact.tsx';
import { toldMoney } from '../../ui/money.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { Hops } from './hops.tsx';
import { TikTokSays } from './tiktok-says.tsx';

/** One event: what it is, where its two legs stand, its way, and the bodies. */
export function EventCard({ event, open }: { event: TraceEvent; open: boolean }) {
  return (
    <details class="card flush" open={open}>
      <summary class="card-head">
        <h2>
          {event.event} {event.value && <span class="quiet">{toldMoney(event.value)}</span>}{' '}
          {event.draft && <Badge is="draft" />}
        </h2>
        <span class="row">
          {event.dispatches.map((dispatch) => (
            <span key={`${dispatch.destination} ${dispatch.leg}`} class="quiet">
              {dispatch.leg} <Badge is={dispatch.state} />
            </span>
          ))}
        </span>
      </summary>
      <div class="card-body stack">
        <EventFacts event={event} />
        <div class="pair">
          {event.dispatches.map((dispatch) => (
            <LegView key={`${dispatch.destination} ${dispatch.leg}`} dispatch={dispatch} />
          ))}
        </div>
        {event.legsDiffer.length > 0 && (
          <div class="note" data-is="warn">
            <h3>The two legs differ</h3>
            {event.legsDiffer.map((says) => (
              <p key={says}>{says}</p>
            ))}
          </div>
        )}
        {event.dispatches.length === 0 && <p class="quiet">No copy of this event goes to TikTok.</p>}
        <section class="stack">
          <h3>Timeline</h3>
          <Hops hops={event.hops} />
        </section>
        <div class="pair">
          <CodeBlock title="Event as kept" text={JSON.stringify(event.normalised, null, 2)} />
          {event.requests.map(({ destination, event: name, request }) => (
            <CodeBlock
              key={destination}
              title={`Request to TikTok, ${destination}, as ${name}`}
              text={JSON.stringify(request, null, 2)}
            />
          ))}
        </div>
      </div>
    </details>
  );
}

function EventFacts({ event }: { event: TraceEvent }) {
  return (
    <dl class="facts two">
      <Fact name="Event id">
        <IdLink id={event.eventId} />
      </Fact>
      <Fact name="Occurred">
        <TimeText at={event.occurredAt} as="full" />
      </Fact>
      <Fact name="Source">
        {event.source} <span class="quiet">({event.sourceId})</span>
      </Fact>
      <Fact name="Order">{event.orderId && <IdLink id={event.orderId} />}</Fact>
      <Fact name="Lead">{event.leadId && <IdLink id={event.leadId} />}</Fact>
      <Fact name="Visitor">{event.visitor && <IdLink id={event.visitor} />}</Fact>
      <Fact name="Session">{event.session && <IdLink id={event.session} />}</Fact>
      <Fact name="Consent">{event.consent}</Fact>
      <Fact name="Match keys">
        <span class="row">
          {event.matchKeys.length === 0
            ? 'none'
            : event.matchKeys.map((key) => (
                <span key={key} class="chip">
                  {key}
                </span>
              ))}
        </span>
      </Fact>
      <Fact name="Seen through">
        <span class="row">
          {event.observations.map((observation) => (
            <span key={observation.seq}>
              {observation.door} <Badge is={observation.verdict} />
            </span>
          ))}
        </span>
      </Fact>
      <Fact name="Spec version">{event.specVersion}</Fact>
    </dl>
  );
}

function LegView({ dispatch }: { dispatch: TraceDispatch }) {
  return (
    <section class="leg" data-is={dispatch.state}>
      <div class="row between">
        <h3>
          {dispatch.leg} <span class="quiet">to {dispatch.destination}</span>
        </h3>
        <Badge is={dispatch.state} />
      </div>
      <p>{dispatch.says}</p>
      <p class="quiet">{dispatch.forecastSays}</p>
      <dl class="facts">
        <Fact name="Reason">
          <code>{dispatch.why}</code>
        </Fact>
        <Fact name="Attempts">{dispatch.attempts}</Fact>
        <Fact name="Next look">{dispatch.dueAt !== undefined && <TimeText at={dispatch.dueAt} as="full" />}</Fact>
        <Fact name="Expires">{dispatch.expiresAt !== undefined && <TimeText at={dispatch.expiresAt} as="full" />}</Fact>
      </dl>
      <TikTokSays answer={dispatch} />
    </section>
  );
}
