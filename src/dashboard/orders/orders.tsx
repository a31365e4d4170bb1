import { useState } from 'preact/hooks';
import type { OrderAnswer, OrdersAnswer } from '../../api/books.ts';
import { countText } from '../../ui/number.ts';
import { DetailPanel } from '../../ui/panel.tsx';
import { Side } from '../../ui/side.tsx';
import { BookList, BookPage } from '../books/book-page.tsx';
import { type Filter, fileQueryOf, NO_FILTER, pageQueryOf } from '../books/filter.ts';
import { type Choice, FilterBar } from '../books/filter-bar.tsx';
import { useBooks } from '../books/use-books.ts';
import { useFilter } from '../books/use-filter.ts';
import { OrderDetail } from './order-detail.tsx';
import { OrderList, orderKey } from './order-list.tsx';
import { Nets, OrderSum } from './totals-view.tsx';
import { STATUSES } from './words.ts';

const REPORT = '/v1/reports/orders';
const CHOICES = Object.entries(STATUSES).map(([status, { says }]) => [status, says] as const);

/** The order book: figures that open down to orders, orders that open down to entries. */
export function Orders() {
  const { filter, change, open: show, page } = useFilter('order_id', 'orders');
  const books = useBooks<OrdersAnswer>(REPORT + pageQueryOf(filter, 'order_id'));
  const [open, setOpen] = useState<OrderAnswer | undefined>(undefined);
  const opened = open && (books.answer?.orders.find((order) => orderKey(order) === orderKey(open)) ?? open);
  const files = fileQueryOf(filter, 'order_id');

  return (
    <BookPage
      title="Orders"
      says="Every order with its money, down to each entry."
      one="order"
      books={books}
      reads="the order book"
      files={[
        ['Orders as CSV', `${REPORT}.csv${files}`],
        ['Entries as CSV', `${REPORT}-entries.csv${files}`],
      ]}
      filters={
        <FilterBar
          filter={filter}
          statuses={CHOICES}
          of="Order"
          choices={choices(books.answer, filter)}
          onChange={change}
        />
      }
      figures={(answer) => answer.totals.length > 0 && <OrderSum answer={answer} onPick={show} />}
      list={(answer) => (
        <BookList
          one="order"
          rows={answer.orders.length}
          answer={answer}
          filter={filter}
          onClear={() => change(NO_FILTER, 'step')}
          onPage={page}
          empty={
            <>
              An order appears when your server or page tells it, or a payment provider's webhook does. To see the page
              at work, run <code>assay demo</code>.
            </>
          }
        >
          <OrderList orders={answer.orders} open={opened && orderKey(opened)} onOpen={setOpen} />
        </BookList>
      )}
      side={(answer) => (
        <>
          {opened && (
            <DetailPanel of={orderKey(opened)} title={`Order ${opened.order_id}`} onClose={() => setOpen(undefined)}>
              <OrderDetail order={opened} />
            </DetailPanel>
          )}
          {answer && answer.totals.length > 0 && (
            <Side says="Net by currency and status">
              <Nets answer={answer} onPick={show} />
            </Side>
          )}
        </>
      )}
    />
  );
}

/** What there is to choose from. Of one shop alone there is nothing to choose, nor where no session was lost. */
function choices(answer: OrdersAnswer | undefined, { shop, session }: Filter): Choice[] {
  const marks = answer?.marks ?? [];
  const of = (field: Choice['field']): Choice['options'] =>
    marks
      .filter(({ kind }) => kind === field)
      .map(({ name, orders }) => [name, `${name}, ${countText(orders, 'order')}`] as const);
  const [shops, sessions] = [of('shop'), of('session')];
  return [
    { field: 'currency', label: 'Currency', options: of('currency') },
    { field: 'provider', label: 'Provider', options: of('provider') },
    ...(shops.length > 1 || shop !== '' ? [{ field: 'shop', label: 'Shop', options: shops } as const] : []),
    ...(sessions.length > 0 || session !== ''
      ? [{ field: 'session', label: 'Session', options: sessions } as const]
      : []),
  ];
}
