import type { TraceAnswer } from '../../api/answers.ts';
import { Fact } from '../../ui/fact.tsx';
import { Figure } from '../../ui/figure.tsx';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';

type Order = NonNullable<TraceAnswer['order']>;

const columns: Column<Order['entries'][number]>[] = [
  { name: 'When', kind: 'time', cell: (entry) => <TimeText at={entry.occurredAt} /> },
  {
    name: 'Entry',
    kind: 'word',
    cell: (entry) => entry.kind,
    sub: (entry) => <span class="id on-phone">{entry.reference}</span>,
  },
  { name: 'Reference', kind: 'id', from: 'tablet', cell: (entry) => entry.reference },
  { name: 'Amount', kind: 'number', cell: (entry) => entry.amount },
];

/** The order in the shop's own books: its state and every movement of its money. */
export function OrderCard({ order, asOf }: { order: Order; asOf: number }) {
  const [total = 'not known', currency] = order.total?.split(' ') ?? [];
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Order {order.orderId}</h2>
        <span class="chip">{order.status}</span>
      </div>
      <div class="card-body stack">
        <dl class="figures">
          <Figure label="Total" value={total} {...(currency && { unit: currency })} asOf={asOf} />
        </dl>
        <dl class="facts two">
          <Fact name="Created">
            {order.createdAt === undefined ? 'not seen' : <TimeText at={order.createdAt} as="full" />}
            {order.createdBy && ` by ${order.createdBy}`}
          </Fact>
          <Fact name="Confirmed">
            {order.confirmedAt === undefined ? 'not yet' : <TimeText at={order.confirmedAt} as="full" />}
          </Fact>
        </dl>
      </div>
      {order.entries.length > 0 && (
        <DataTable
          caption={`Entries of order ${order.orderId}`}
          columns={columns}
          rows={order.entries}
          rowKey={(entry) => `${entry.kind} ${entry.reference}`}
        />
      )}
    </section>
  );
}
