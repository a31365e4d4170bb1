import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR } from '../event/time.ts';
import { at, CONVERSIONS, FIRST, type OpenReports, TOUCHES } from './report-samples.ts';
import { eventFact, factsOf, placeAt } from './warehouse-samples.ts';

/** How far people come. */
export function funnelConformance(open: OpenReports): void {
  test('people climb the ladder, each under the click that brought them', async (t) => {
    const { warehouse, reports } = await open(t);
    const step = (seq: number, visitor: string | null, name: string, hour: number, more = {}) =>
      eventFact(seq, { visitor, name, occurredAt: at(1, hour), ...more });
    const events = [
      // by the blue ad, on two devices: all steps
      step(21, 'v1', 'ViewContent', 1),
      step(22, 'v1', 'AddToCart', 2),
      step(23, 'v2', 'AddToCart', 4),
      step(24, 'v2', 'Purchase', 6),
      // by mail: buys without a cart
      step(31, 'v3', 'ViewContent', 11),
      step(32, 'v3', 'Purchase', 12),
      // by nothing
      step(41, 'v8', 'ViewContent', 3),
      // counts nobody: bots, what was not confirmed, who is not known, other days, other events
      step(51, 'v9', 'ViewContent', 3, { bot: true }),
      step(17, 'v8', 'Purchase', 4),
      step(52, null, 'Purchase', 4),
      step(53, 'v8', 'Purchase', 100),
      step(54, 'v8', 'Search', 3),
    ];
    const people = [{ visitor: 'v2', person: 'v1' }];
    await warehouse.commit(factsOf({ touches: TOUCHES, conversions: CONVERSIONS, events, people }), placeAt(1));
    const days = { first: FIRST + 1, starts: [at(1, 0)], end: at(2, 0) };
    const asked = { days, steps: ['ViewContent', 'AddToCart', 'Purchase'], reach: 28 * DAY, narrowed: {} };
    const { total, lines, more } = await reports.funnel({ ...asked, by: 'campaign' });
    const rungs = ({ steps }: { steps: typeof total }): unknown =>
      steps.map(({ visitors, medianMs }) => [visitors, medianMs]);
    assert.deepEqual(rungs({ steps: total }), [
      [3, null],
      [2, HOUR],
      [2, 4 * HOUR],
    ]);
    assert.deepEqual(
      lines.map((line) => [line.channel, line.key, rungs(line)]),
      [
        [
          '',
          '',
          [
            [1, null],
            [0, null],
            [0, null],
          ],
        ],
        [
          'mail / email',
          'News',
          [
            [1, null],
            [1, null],
            [1, null],
          ],
        ],
        [
          'tiktok / paid',
          'c1',
          [
            [1, null],
            [1, HOUR],
            [1, 4 * HOUR],
          ],
        ],
      ],
    );
    assert.equal(more, 0);
    const mail = await reports.funnel({ ...asked, by: 'channel', narrowed: { channel: 'mail / email' } });
    assert.deepEqual(rungs({ steps: mail.total }), [
      [1, null],
      [1, null],
      [1, null],
    ]);
    const old = await reports.funnel({ ...asked, by: 'channel', reach: HOUR });
    assert.deepEqual(
      old.lines.map(({ channel }) => channel),
      ['', 'mail / email'],
    );
  });
}
