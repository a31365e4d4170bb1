import { useState } from 'preact/hooks';
import type { OrderAnswer, OrdersAnswer } from '../../api/books.ts';
import { zoneName } from '../../ui/clock.ts';
import { Empty, Loading } from '../../ui/notes.tsx';
import { DetailPanel } from '../../ui/panel.tsx';
import { PageHead } from '../../ui/shell.tsx';
import { Side } from '../../ui/side.tsx';
import { Zone } from '../../ui/time-text.tsx';
import { type Filter, fileQueryOf, NO_FILTER, narrows, pageQueryOf } from '../books/filter.ts';
import { FilterBar } from '../books/filter-bar.tsx';
import { ListFoot } from '../books/list-foot.tsx';
import { useBooks } from '../books/use-books.ts';
import { useFilter } from '../books/use-filter.ts';
import { FailureNote } from '../failure-note.tsx';
import { OrderDetail } from './order-detail.tsx';
import { OrderList } from './order-list.tsx';
import { Nets, OrderSum } from './totals-view.tsx';
import { STATUSES } from './words.ts';

const REPORT = '/v1/reports/orders';
const SAYS = 'Every order with its money, down to each entry.';
const CHOICES = Object.entries(STATUSES).map(([status, { says }]) => [status, says] as const);

/** The order book: figures that open down to orders, orders that open down to entries. */
export function Orders() {
  const { filter, change, open: show, page } = useFilter('order_id', 'orders');
  const { answer, failure, loading, again } = useBooks<OrdersAnswer>(REPORT + pageQueryOf(filter, 'order_id'));
  const [open, setOpen] = useState<OrderAnswer | undefined>(undefined);
  const zone = answer?.timezone ?? 'UTC';

  if (failure?.kind === 'signedOut')
    return (
      <>
        <PageHead title="Orders" says={SAYS} />
        <FailureNote failure={failure} />
      </>
    );

  const opened = open && (answer?.orders.find((order) => order.order_id === open.order_id) ?? open);
  const files = fileQueryOf(filter, 'order_id');

  return (
    <Zone.Provider value={zone}>
      <PageHead title="Orders" says={answer ? `${SAYS} Times in ${zoneName(answer.asOf, zone)}.` : SAYS}>
        <a class="button quiet" href={`${REPORT}.csv${files}`} download>
          Orders as CSV
        </a>
        <a class="button quiet" href={`${REPORT}-entries.csv${files}`} download>
          Entries as CSV
        </a>
        <button type="button" class="button" disabled={loading} onClick={again}>
          Look again
        </button>
      </PageHead>
      {answer && answer.totals.length > 0 && <OrderSum answer={answer} onPick={(status) => show({ status })} />}
      {!answer && !failure && <Loading what="Reading the order book" />}
      <div class="split">
        <section class="card flush" id="orders" aria-label="List of orders" aria-busy={loading}>
          <div class="card-head">
            <FilterBar filter={filter} statuses={CHOICES} of="Order" onChange={change} />
          </div>
          {failure && (
            <div class="card-body">
              <FailureNote failure={failure} onRetry={again} />
            </div>
          )}
          {answer && (
            <List
              answer={answer}
              filter={filter}
              open={opened?.order_id}
              onOpen={setOpen}
              onClear={() => change(NO_FILTER, 'step')}
              onPage={page}
            />
          )}
        </section>
        <div class="side">
          {opened && (
            <DetailPanel of={opened.order_id} title={`Order ${opened.order_id}`} onClose={() => setOpen(undefined)}>
              <OrderDetail order={opened} />
            </DetailPanel>
          )}
          {answer && answer.totals.length > 0 && (
            <Side says="Net by currency and status">
              <Nets answer={answer} onPick={(status) => show({ status })} />
            </Side>
          )}
        </div>
      </div>
    </Zone.Provider>
  );
}

interface ListProps {
  answer: OrdersAnswer;
  filter: Filter;
  open: string | undefined;
  onOpen: (order: OrderAnswer) => void;
  onClear: () => void;
  onPage: (after: string) => void;
}

/** One page of the list, or why it is empty. */
function List({ answer, filter, open, onOpen, onClear, onPage }: ListProps) {
  if (answer.orders.length === 0 && !narrows(filter) && filter.after === '')
    return (
      <Empty title="No order yet">
        An order appears when your server or page tells it, or a payment provider's webhook does. To see the page at
        work, run <code>assay demo</code>.
      </Empty>
    );
  if (answer.orders.length === 0)
    return (
      <Empty title="No order matches">
        Ids are compared letter by letter from their beginning, and days are those of {answer.timezone}.
        <span class="actions">
          <button type="button" class="button" onClick={onClear}>
            Clear filters
          </button>
        </span>
      </Empty>
    );
  return (
    <>
      <OrderList orders={answer.orders} open={open} onOpen={onOpen} />
      <ListFoot
        rows={answer.orders.length}
        one="order"
        asOf={answer.asOf}
        later={filter.after !== ''}
        next={answer.next}
        onPage={onPage}
      />
    </>
  );
}
