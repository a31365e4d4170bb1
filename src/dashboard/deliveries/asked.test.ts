import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, askedOf, fileQueryOf, NO_FILTER, narrows, pageQueryOf, whereOf } from './asked.ts';

test('what the page is narrowed to stands in its address and is read from it again', () => {
  for (const query of [
    '',
    '?hours=6',
    '?kind=dead&why=refused_by_tiktok&code=40002',
    '?money=true&after=x&hours=168',
  ]) {
    const { hours, filter } = askedOf(query);
    assert.equal(addressOf(hours, filter), query);
  }
  assert.deepEqual(askedOf('?nonsense=1'), { hours: '24', filter: NO_FILTER });
});

test('the server is asked for a page in the same words, and a file and a replay begin at the first', () => {
  const { filter } = askedOf('?hours=6&kind=dead&event=%20Lead%20&after=x');
  assert.equal(pageQueryOf(filter), '?kind=dead&event=Lead&after=x&limit=50');
  assert.equal(fileQueryOf(filter), '?kind=dead&event=Lead');
  assert.deepEqual(whereOf(filter), { kind: 'dead', event: 'Lead' });
  assert.deepEqual([narrows(filter), narrows({ ...NO_FILTER, after: 'x' })], [true, false]);
});
