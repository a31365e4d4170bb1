import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRow } from '../../event/event.ts';
import { eventRow } from '../sample-rows.ts';
import { eventDoc, readEventDoc } from './event-doc.ts';

const full: Required<EventRow> = {
  ...eventRow(7),
  visitor: 'v',
  session: 's',
  orderId: 'o',
  leadId: 'l',
  value: '5.00 EUR',
  sendValue: null,
  rate: { rate: '1.1', date: '2026-01-01' },
  app: { app_id: '1' },
  ad: { campaign: '2' },
  lead: { lead_id: '3' },
  limitedDataUse: false,
  bot: true,
  deciders: { value: 'server' },
  frozenAt: 9,
  observations: [
    { seq: 7, door: 'browser', occurredAt: 1, receivedAt: 2, verdict: 'admitted' },
    { seq: 8, door: 'webhook:standard', occurredAt: 0, receivedAt: 4, verdict: 'paired', toldAt: 5, toldName: 'X' },
    { seq: 9, door: 'server', occurredAt: 0, receivedAt: 4, verdict: 'duplicate', toldName: 'Y' },
  ],
};

const again = (row: EventRow): EventRow =>
  readEventDoc(row.seq, eventDoc(row), row.personal === null ? null : JSON.stringify(row.personal));

test('an event comes back with every field it had', () => {
  assert.deepEqual(again(full), full);
});

test('an event comes back without any field that it lacked', () => {
  assert.deepEqual(again(eventRow(1)), eventRow(1));
  for (const name of Object.keys(full) as (keyof EventRow)[]) {
    const { [name]: _left, ...rest } = full;
    const optional = !(name in eventRow(1)) || name === 'value';
    if (optional) assert.deepEqual(again(rest as EventRow), rest, name);
  }
});

test('zero, false and text that is empty stay what they are', () => {
  const odd = { ...full, occurredAt: 0, limitedDataUse: false, visitor: '', properties: {} };
  assert.deepEqual(again(odd), odd);
});
