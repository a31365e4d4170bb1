import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Connection, connectionSays } from './connection.ts';

const now = Date.UTC(2026, 10, 22, 12);
const says = (connection: Connection) => connectionSays(connection, 'Europe/Berlin', now).says;

test('a connection says what it does', () => {
  assert.equal(says({ is: 'connecting' }), 'Connecting');
  assert.equal(says({ is: 'live' }), 'Live');
});

test('a lost connection says when data came last, in the business time zone', () => {
  assert.equal(says({ is: 'reconnecting', lastAt: now }), 'Reconnecting, last data 13:00:00');
  assert.equal(says({ is: 'reconnecting' }), 'Reconnecting');
});

test('only a live connection is shown as good', () => {
  assert.equal(connectionSays({ is: 'live' }, 'UTC', now).tone, 'good');
  assert.equal(connectionSays({ is: 'reconnecting' }, 'UTC', now).tone, 'busy');
});
