import type { SQLInputValue } from 'node:sqlite';
import { type AdReportRow, adReportKey } from '../../event/ad-report.ts';
import type { AttemptRow, DispatchRow } from '../../event/dispatch.ts';
import type { EventRow, Personal } from '../../event/event.ts';
import type { DifferenceRow, FindingRow } from '../../event/finding.ts';
import type { KeyRow, TestRow } from '../../event/key.ts';
import type { LeadRow } from '../../event/lead.ts';
import type { EntryRow, OrderRow } from '../../event/order.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { SpecRow } from '../effects.ts';
import { paymentOf } from '../payment-key.ts';
import { dueOf, expiryOf } from '../waiting.ts';

/** How rows become columns: the key first, then what indexes and counters read. The document comes after them. */
export interface Table<Row> {
  name: string;
  key: readonly string[];
  beside: readonly string[];
  values(row: Row): SQLInputValue[];
}

export const eventTable: Table<EventRow> = {
  name: 'event',
  key: ['seq'],
  beside: ['order_id'],
  values: (row) => [row.seq, row.orderId ?? null],
};

/** An order with the time under which it is listed, and its marks as one text. */
export interface ListedOrder {
  order: OrderRow;
  at: number;
  marks: string;
}

export const orderTable: Table<ListedOrder> = {
  name: '"order"',
  key: ['order_id', 'shop'],
  beside: ['status', 'created_at', 'marks'],
  values: ({ order, at, marks }) => [order.orderId, order.shop, order.status, at, marks],
};

export const entryTable: Table<EntryRow> = {
  name: 'entry',
  key: ['order_id', 'shop', 'reference'],
  beside: ['payment'],
  values: (row) => [row.orderId, row.shop, row.reference, paymentOf(row) ?? null],
};

export const dispatchTable: Table<DispatchRow> = {
  name: 'dispatch',
  key: ['event', 'destination', 'leg'],
  beside: ['state', 'money', 'due', 'expiry'],
  values: (row) => [
    row.event,
    row.destination,
    row.leg,
    row.state,
    row.money ? 1 : 0,
    dueOf(row) ?? null,
    expiryOf(row) ?? null,
  ],
};

export const leadTable: Table<LeadRow> = {
  name: 'lead',
  key: ['lead_id'],
  beside: ['status', 'created_at', 'changed_at', 'visitor'],
  values: (row) => [row.leadId, row.status, row.createdAt, row.changedAt, row.visitor ?? null],
};

export const attemptTable: Table<AttemptRow> = {
  name: 'attempt',
  key: ['event', 'destination', 'leg', 'n'],
  beside: [],
  values: (row) => [row.event, row.destination, row.leg, row.n],
};

export const findingTable: Table<FindingRow> = {
  name: 'finding',
  key: ['id'],
  beside: ['subject', 'last_seen_at'],
  values: (row) => [row.id, row.subject, row.lastSeenAt],
};

export const differenceTable: Table<DifferenceRow> = {
  name: 'difference',
  key: ['event', 'field', 'seq'],
  beside: [],
  values: (row) => [row.event, row.field, row.seq],
};

export const specTable: Table<SpecRow> = {
  name: 'spec',
  key: ['version'],
  beside: [],
  values: (row) => [row.version],
};

export const touchTable: Table<TouchRow> = {
  name: 'touch',
  key: ['touch'],
  beside: [],
  values: (row) => [row.touch],
};

export const adReportTable: Table<AdReportRow> = {
  name: 'ad_report',
  key: ['key'],
  beside: [],
  values: (row) => [adReportKey(row)],
};

export const keyTable: Table<KeyRow> = { name: 'key', key: ['id'], beside: [], values: (row) => [row.id] };

export const testTable: Table<TestRow> = {
  name: 'test',
  key: ['destination'],
  beside: [],
  values: (row) => [row.destination],
};

/** A stored event, as statements give it back. */
export interface StoredEvent {
  seq: number;
  doc: string;
  personal: string | null;
}

/** A stored document, as statements give it back. */
export interface Stored {
  doc: string;
  personal?: string | null;
}

export function rowOf<Row>(stored: Stored): Row {
  const row = JSON.parse(stored.doc) as Row;
  if (stored.personal === undefined) return row;
  return { ...row, personal: stored.personal === null ? null : (JSON.parse(stored.personal) as Personal) };
}

/** The document and the personal text of a row that has both. */
export function splitPersonal(row: { personal: Personal | null }): [doc: string, personal: string | null] {
  const { personal, ...rest } = row;
  return [JSON.stringify(rest), personal === null ? null : JSON.stringify(personal)];
}
