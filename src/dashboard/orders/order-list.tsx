import type { OrderAnswer } from '../../api/books.ts';
import { Badge } from '../../ui/badge.tsx';
import { moneyText } from '../../ui/money.ts';
import { type Column, DataTable } from '../../ui/table.tsx';
import { TimeText } from '../../ui/time-text.tsx';

const columns: Column<OrderAnswer>[] = [
  { name: 'Placed', kind: 'time', from: 'tablet', cell: (order) => <Placed order={order} /> },
  {
    name: 'Order',
    main: true,
    cell: (order) => <span class="id">{order.order_id}</span>,
  },
  {
    name: 'Status',
    cell: (order) => <Badge is={order.status} />,
    sub: (order) => (
      <>
        <span class="on-phone">
          <Placed order={order} />
        </span>
        {order.origin === 'system' && <div>no visitor placed it</div>}
        {order.lostSession && <div>session lost</div>}
      </>
    ),
  },
  {
    name: 'Purchase',
    kind: 'word',
    from: 'wide',
    cell: (order) =>
      order.legs.map((leg) => (
        <div key={`${leg.destination} ${leg.leg}`} title={`${leg.leg} to ${leg.destination}: ${leg.why}`}>
          <span class="quiet">{leg.leg}</span> <Badge is={leg.state} />
        </div>
      )),
  },
  {
    name: 'Total',
    kind: 'number',
    from: 'tablet',
    cell: (order) => (order.total ? moneyText(order.total) : <span class="quiet">not told</span>),
  },
  {
    name: 'Net',
    kind: 'number',
    cell: (order) => order.net && moneyText(order.net),
    sub: (order) => (
      <>
        {order.otherNets.map((net) => (
          <div key={net.currency}>{moneyText(net)}</div>
        ))}
        {order.total && <span class="on-phone">of {moneyText(order.total)}</span>}
      </>
    ),
  },
];

/** The list of orders; a row opens to its entries. */
export function OrderList(props: {
  orders: readonly OrderAnswer[];
  open: string | undefined;
  onOpen: (order: OrderAnswer) => void;
}) {
  return (
    <DataTable
      caption="Orders, newest first"
      columns={columns}
      rows={props.orders}
      rowKey={orderKey}
      open={props.open}
      onOpen={props.onOpen}
    />
  );
}

/** Two shops may give the same number. */
export function orderKey({ shop, order_id }: OrderAnswer): string {
  return `${shop} ${order_id}`;
}

/** When it was placed; an order that nobody told stands where its first fact does. */
function Placed({ order }: { order: OrderAnswer }) {
  const at = order.createdAt ?? order.entries[0]?.occurredAt;
  return at === undefined ? <>not told</> : <TimeText at={at} as="list" />;
}
