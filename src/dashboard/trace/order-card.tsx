import type { TraceAnswer } from '../../api/answers.ts';
import { Badge } from '../../ui/badge.tsx';
import { Fact } from '../../ui/fact.tsx';
import { Figure } from '../../ui/figure.tsx';
import { amountText, moneyText, readMoney } from '../../ui/money.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { movedBy } from '../orders/movements.ts';
import { factSays } from '../orders/words.ts';

type Order = NonNullable<TraceAnswer['order']>;

const columns: Column<Order['entries'][number]>[] = [
  { name: 'When', kind: 'time', cell: (entry) => <TimeText at={entry.occurredAt} /> },
  {
    name: 'Entry',
    kind: 'word',
    cell: (entry) => factSays(entry.kind),
    sub: (entry) => <span class="id on-phone">{entry.reference}</span>,
  },
  { name: 'Reference', kind: 'id', from: 'tablet', cell: (entry) => entry.reference },
  { name: 'Amount', kind: 'number', cell: (entry) => movedText(entry) },
];

/** What moved, as in the book of orders: below zero where money went away. */
function movedText({ kind, amount }: Order['entries'][number]): string | undefined {
  const told = amount === undefined ? undefined : readMoney(amount);
  if (!told) return amount;
  return moneyText(movedBy({ fact: kind, amount: told }) ?? told);
}

function Sum({ label, of, asOf }: { label: string; of: string | undefined; asOf: number }) {
  const told = of === undefined ? undefined : readMoney(of);
  if (!told) return <Figure label={label} value={of ?? 'not told'} asOf={asOf} />;
  return <Figure label={label} value={amountText(told.amount)} unit={told.currency} asOf={asOf} />;
}

/** The order in the shop's own books: its state and every movement of its money. */
export function OrderCard({ order, asOf }: { order: Order; asOf: number }) {
  return (
    <section class="card flush">
      <div class="card-head">
        <h2>Order {order.orderId}</h2>
        <Badge is={order.status} />
      </div>
      <div class="card-body stack">
        <dl class="figures">
          <Sum label="Total" of={order.total} asOf={asOf} />
          {order.net !== undefined && <Sum label="Net" of={order.net} asOf={asOf} />}
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
