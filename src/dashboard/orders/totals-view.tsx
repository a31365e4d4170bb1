import type { OrdersAnswer } from '../../api/books.ts';
import { Badge } from '../../ui/badge.tsx';
import { amountText, moneyText } from '../../ui/money.ts';
import { countText, numberText } from '../../ui/number.ts';
import { TimeText } from '../../ui/time-text.tsx';
import { Count } from '../books/count.tsx';
import type { Filter } from '../books/filter.ts';
import { byCurrency, counted } from './totals.ts';
import { statusWords } from './words.ts';

interface TotalsProps {
  answer: OrdersAnswer;
  /** shows the orders that a figure counts */
  onPick: (narrowed: Partial<Filter>) => void;
}

/** All orders as a sum of those of each status. */
export function OrderSum({ answer, onPick }: TotalsProps) {
  const { orders, terms } = counted(answer.totals);
  return (
    <section class="card flush" aria-label="Orders by status">
      <div class="card-head">
        <h2>Order book</h2>
        <span class="quiet">
          spec version {answer.specVersion}, as of <TimeText at={answer.asOf} as="full" />
        </span>
      </div>
      <div class="card-body">
        <div class="sum">
          <div class="term">
            <b>
              <Count of={orders} says="orders" onClick={() => onPick({})} />
            </b>
            <span class="term-name">orders</span>
          </div>
          {terms.map(({ status, count }, index) => (
            <div key={status} class="term" data-is={status}>
              <span class="op">{index === 0 ? '=' : '+'}</span>
              <b>
                <Count of={count} says={statusWords(status).says} onClick={() => onPick({ status })} />
              </b>
              <span class="term-name">{statusWords(status).says.toLowerCase()}</span>
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}

/** What is left of the money, by currency and by status. No two currencies are added. */
export function Nets({ answer, onPick }: TotalsProps) {
  return (
    <>
      {byCurrency(answer.totals).map(({ currency, orders, net, byStatus }) => (
        <section key={currency} class="card flush" aria-label={currency || 'Without a total'}>
          <div class="card-head">
            <h2>{currency || 'Total not told'}</h2>
            {net ? (
              <span class="quiet">
                net{' '}
                <button
                  type="button"
                  class="figure-link number"
                  aria-label={`${moneyText(net)} net: show`}
                  onClick={() => onPick({ currency })}
                >
                  {moneyText(net)}
                </button>
              </span>
            ) : (
              <span class="quiet">{countText(orders, 'order')}</span>
            )}
          </div>
          <ul class="tally">
            {byStatus.map((total) => (
              <NetLine key={total.status} total={total} currency={currency} onPick={onPick} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

interface NetLineProps {
  total: OrdersAnswer['totals'][number];
  currency: string;
  onPick: TotalsProps['onPick'];
}

function NetLine({ total: { status, count, total, net }, currency, onPick }: NetLineProps) {
  const figure = net ? amountText(net.amount) : numberText(count);
  return (
    <li>
      <span>
        <Badge is={status} />
      </span>
      <button
        type="button"
        class="figure-link number"
        aria-label={`${figure} ${net ? `${currency} net` : 'orders'}, ${statusWords(status).says}: show`}
        onClick={() => onPick({ status, currency })}
      >
        {figure}
      </button>
      {count === 0 && <span class="quiet">moved by orders of other currencies</span>}
      {total && count > 0 && (
        <span class="quiet row between">
          <span>{countText(count, 'order')}</span>
          <span>total {amountText(total.amount)}</span>
        </span>
      )}
    </li>
  );
}
