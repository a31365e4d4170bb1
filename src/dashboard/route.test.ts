import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOf, tracePath } from './route.ts';

const table = `
  # path              page   id
  /                   live   -
  /live               live   -
  /live/              live   -
  /trace              trace  -
  /trace/10045        trace  10045
  /trace/demo-10045   trace  demo-10045
  /trace/a%2Fb        trace  a/b
  /trace/a/b          trace  a/b
  /funnel             funnel -
  /attribution        attribution -
  /attribution/windows  attribution windows
  /orders             orders -
  /leads              leads  -
  /deliveries         deliveries -
  /settings           settings  -
  /traces             none   -
  /trace/%E0%A4%A     none   -
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [path = '', page, id] = line.trim().split(/\s+/);
  test(`${path} shows ${page} of ${id}`, () => {
    const route = routeOf(path);
    assert.equal(route.page, page);
    assert.equal('id' in route ? route.id : '-', id);
  });
}

test('any id survives the way into an address and back', () => {
  for (const id of ['a/b', '50%', 'ü ?#&', 42]) {
    const path = new URL(tracePath(id), 'http://dashboard.example').pathname;
    assert.deepEqual(routeOf(path), { page: 'trace', id: String(id) });
  }
});
