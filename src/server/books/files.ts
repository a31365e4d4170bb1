import { setImmediate } from 'node:timers/promises';
import type { MoneyAnswer, OrderAnswer } from '../../api/books.ts';
import type { LeadRow } from '../../event/lead.ts';
import { orderedAt } from '../../store/book-order.ts';
import type { LeadsAsked, OrdersAsked } from '../../store/books.ts';
import type { LedgerReader } from '../../store/ledger.ts';
import { orderAnswers } from './answers.ts';
import { type Cell, csvRow } from './csv.ts';

/** Rows read at once: a page holds up everybody else in this thread for some milliseconds. */
const PAGE_ROWS = 200;

type Column<Row> = readonly [name: string, cell: (row: Row) => Cell];

const text = (value: string | null | undefined): Cell => ({ text: value ?? null });
const number = (value: number | string | null | undefined): Cell => ({ number: value ?? null });
const time = (at: number | null): Cell => ({ number: at === null ? null : new Date(at).toISOString() });

const ORDER_COLUMNS: readonly Column<OrderAnswer>[] = [
  ['order_id', (order) => text(order.order_id)],
  ['status', ({ status }) => text(status)],
  ['created_at', ({ createdAt }) => time(createdAt)],
  ['created_by', ({ createdBy }) => text(createdBy)],
  ['confirmed_at', ({ confirmedAt }) => time(confirmedAt)],
  ['origin', ({ origin }) => text(origin)],
  ['total', ({ total }) => number(total?.amount)],
  ['total_currency', ({ total }) => text(total?.currency)],
  ['net', ({ net }) => number(net?.amount)],
  ['net_currency', ({ net }) => text(net?.currency)],
  ['other_nets', ({ otherNets }) => number(otherNets.map(moneyWords).join(' '))],
  ['visitor', ({ visitor }) => text(visitor)],
  ['legs', ({ legs }) => text(legs.map(({ destination, leg, state }) => `${destination} ${leg} ${state}`).join('; '))],
  ['shop', ({ shop }) => text(shop)],
  ['lost_session', ({ lostSession }) => text(lostSession?.says)],
];

interface EntryOfOrder {
  order: OrderAnswer;
  entry: OrderAnswer['entries'][number];
}

const ENTRY_COLUMNS: readonly Column<EntryOfOrder>[] = [
  ['order_id', ({ order }) => text(order.order_id)],
  ['order_status', ({ order }) => text(order.status)],
  ['reference', ({ entry }) => text(entry.reference)],
  ['fact', ({ entry }) => text(entry.fact)],
  ['amount', ({ entry }) => number(entry.amount?.amount)],
  ['currency', ({ entry }) => text(entry.amount?.currency)],
  ['provider', ({ entry }) => text(entry.provider)],
  ['occurred_at', ({ entry }) => time(entry.occurredAt)],
  ['seq', ({ entry }) => number(entry.seq)],
];

const LEAD_COLUMNS: readonly Column<LeadRow>[] = [
  ['lead_id', ({ leadId }) => text(leadId)],
  ['status', ({ status }) => text(status)],
  ['value', ({ value }) => number(value?.split(' ')[0])],
  ['currency', ({ value }) => text(value?.split(' ')[1])],
  ['created_at', ({ createdAt }) => time(createdAt)],
  ['changed_at', ({ changedAt }) => time(changedAt)],
  ['source', ({ source }) => text(source)],
  ['visitor', ({ visitor }) => text(visitor)],
  ['steps', ({ steps }) => number(steps.length)],
  // One cell, whatever the properties are called: a file whose columns depend on its rows can't be read twice alike.
  ['properties', ({ properties }) => text(JSON.stringify(properties))],
];

interface StepOfLead {
  lead: LeadRow;
  step: LeadRow['steps'][number];
}

const STEP_COLUMNS: readonly Column<StepOfLead>[] = [
  ['lead_id', ({ lead }) => text(lead.leadId)],
  ['lead_status', ({ lead }) => text(lead.status)],
  ['step', ({ step }) => text(step.status)],
  ['at', ({ step }) => time(step.at)],
  ['received_at', ({ step }) => time(step.receivedAt)],
  ['by', ({ step }) => text(step.by)],
  ['seq', ({ step }) => number(step.seq)],
  ['event', ({ step }) => number(step.event)],
  ['unsent', ({ step }) => text(step.unsent)],
  ['reversal', ({ step }) => text(step.reversal && 'yes')],
];

/** One row an order, newest first, in parts of some hundred rows. */
export async function* ordersFile(reader: Books, asked: OrdersAsked): AsyncGenerator<string> {
  yield header(ORDER_COLUMNS);
  for await (const orders of orderPages(reader, asked)) yield rowsOf(ORDER_COLUMNS, orders);
}

/** One row an entry, each order's oldest first. */
export async function* entriesFile(reader: Books, asked: OrdersAsked): AsyncGenerator<string> {
  yield header(ENTRY_COLUMNS);
  for await (const orders of orderPages(reader, asked))
    yield rowsOf(
      ENTRY_COLUMNS,
      orders.flatMap((order) => order.entries.map((entry) => ({ order, entry }))),
    );
}

/** One row a lead, newest first. */
export async function* leadsFile(reader: Books, asked: LeadsAsked): AsyncGenerator<string> {
  yield header(LEAD_COLUMNS);
  for await (const leads of leadPages(reader, asked)) yield rowsOf(LEAD_COLUMNS, leads);
}

/** One row a step, each lead's in the order of its life. */
export async function* stepsFile(reader: Books, asked: LeadsAsked): AsyncGenerator<string> {
  yield header(STEP_COLUMNS);
  for await (const leads of leadPages(reader, asked))
    yield rowsOf(
      STEP_COLUMNS,
      leads.flatMap((lead) => lead.steps.map((step) => ({ lead, step }))),
    );
}

type Books = Pick<LedgerReader, 'orders' | 'leads' | 'load'>;

async function* orderPages(reader: Books, asked: OrdersAsked): AsyncGenerator<OrderAnswer[]> {
  for (let page = await reader.orders(asked, PAGE_ROWS); page.length > 0; ) {
    yield await orderAnswers(reader, page);
    const last = page.at(-1);
    if (!last || page.length < PAGE_ROWS) return;
    // Others come first: a large file is in no hurry.
    await setImmediate();
    const { orderId, shop } = last.order;
    const after = { createdAt: orderedAt(last.order, last.entries), orderId, shop };
    page = await reader.orders({ ...asked, after }, PAGE_ROWS);
  }
}

async function* leadPages(reader: Books, asked: LeadsAsked): AsyncGenerator<LeadRow[]> {
  for (let page = await reader.leads(asked, PAGE_ROWS); page.length > 0; ) {
    yield page;
    const last = page.at(-1);
    if (!last || page.length < PAGE_ROWS) return;
    await setImmediate();
    page = await reader.leads({ ...asked, after: { createdAt: last.createdAt, leadId: last.leadId } }, PAGE_ROWS);
  }
}

function header<Row>(columns: readonly Column<Row>[]): string {
  return csvRow(columns.map(([name]) => text(name)));
}

function rowsOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows.map((row) => csvRow(columns.map(([, cell]) => cell(row)))).join('');
}

function moneyWords({ amount, currency }: MoneyAnswer): string {
  return `${amount} ${currency}`;
}
