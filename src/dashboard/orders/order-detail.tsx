import type { OrderAnswer } from '../../api/books.ts';
import { Badge } from '../../ui/badge.tsx';
import { Fact } from '../../ui/fact.tsx';
import { amountText, moneyText } from '../../ui/money.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { IdLink } from '../id-link.tsx';
import { ReasonList } from '../reason-list.tsx';
import { tracePath } from '../route.ts';
import { type Movement, mismatches, movements } from './movements.ts';
import { factSays, statusWords } from './words.ts';

/** One order: what its status means, every fact with the net after it, and what became of its Purchase. */
export function OrderDetail({ order }: { order: OrderAnswer }) {
  return (
    <>
      <div class="row between">
        <Badge is={order.status} />
        <a class="button primary" href={tracePath(order.order_id)}>
          Trace
        </a>
      </div>
      <p>
        {statusWords(order.status).means}
        {order.origin === 'system' && ' No visitor placed it, so it is booked and not sent.'}
      </p>
      <section>
        <h3>Order</h3>
        <dl class="facts">
          <Fact name="Total">{order.total ? moneyText(order.total) : 'not told'}</Fact>
          <Fact name="Net">{order.net && moneyText(order.net)}</Fact>
          <Fact name="Other nets">{order.otherNets.map(moneyText).join(', ')}</Fact>
          <Fact name="Placed">
            {order.createdAt !== null && <TimeText at={order.createdAt} as="full" />}
            {order.createdBy && `, told by ${order.createdBy}`}
          </Fact>
          <Fact name="Confirmed">
            {order.confirmedAt === null ? 'not yet' : <TimeText at={order.confirmedAt} as="full" />}
          </Fact>
          <Fact name="Shop">{order.shop}</Fact>
          <Fact name="Visitor">{order.visitor && <IdLink id={order.visitor} />}</Fact>
        </dl>
      </section>
      {order.lostSession && <LostSession lost={order.lostSession} />}
      <Entries order={order} />
      <Legs legs={order.legs} />
    </>
  );
}

function LostSession({ lost }: { lost: NonNullable<OrderAnswer['lostSession']> }) {
  return (
    <section class="note" data-is="warn" aria-label="Lost session">
      <p>{`${lost.says.slice(0, 1).toUpperCase()}${lost.says.slice(1)}.`}</p>
      <p class="quiet">
        <TimeText at={lost.at} as="full" />, <a href={tracePath(lost.seq)}>record {lost.seq}</a>
      </p>
    </section>
  );
}

function Entries({ order }: { order: OrderAnswer }) {
  const wrong = mismatches(order);
  return (
    <section>
      <h3>Money and facts</h3>
      {order.entries.length === 0 && <p class="quiet">Nothing was heard of its money.</p>}
      <ol class="tally plain">
        {movements(order.entries).map((movement) => (
          <EntryLine key={movement.entry.reference} movement={movement} leads={order.createdAt !== null} />
        ))}
      </ol>
      {wrong.map(({ told, sum }) => (
        <p key={told.currency} class="note" data-is="error" role="alert">
          The entries add up to {amountText(sum)} {told.currency}, and the ledger says {moneyText(told)}. Run{' '}
          <code>assay verify</code>.
        </p>
      ))}
    </section>
  );
}

/** `leads`: the order is an event, so its records have a way to follow. */
function EntryLine({ movement: { entry, moved, net }, leads }: { movement: Movement; leads: boolean }) {
  return (
    <li>
      <span>{factSays(entry.fact)}</span>
      <b class="number">{moved ? moneyText(moved) : entry.amount && moneyText(entry.amount)}</b>
      {net && <span class="quiet end">net {moneyText(net)}</span>}
      <span class="quiet">
        <TimeText at={entry.occurredAt} as="full" />
        {entry.provider && ` by ${entry.provider}`}
      </span>
      <span class="row between">
        <span class="id quiet">{entry.reference}</span>
        {leads ? <a href={tracePath(entry.seq)}>record {entry.seq}</a> : <span class="quiet">record {entry.seq}</span>}
      </span>
    </li>
  );
}

function Legs({ legs }: { legs: OrderAnswer['legs'] }) {
  return (
    <section>
      <h3>Purchase</h3>
      {legs.length === 0 && <p class="quiet">No copy of it is meant for TikTok.</p>}
      {legs.map((leg) => (
        <div key={`${leg.destination} ${leg.leg}`} class="leg" data-is={leg.state}>
          <div class="row between">
            <span>
              {leg.leg} <span class="quiet">to {leg.destination}</span>
            </span>
            <Badge is={leg.state} />
          </div>
          {leg.why && <ReasonList codes={[leg.why]} fixes={leg.state === 'dead' || leg.state === 'withheld'} />}
        </div>
      ))}
    </section>
  );
}
