import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testIo } from '../../test/io.ts';
import { HOUR, MINUTE } from '../event/time.ts';
import { defaultSpec } from '../spec/default.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { noEffects } from '../store/effects.ts';
import { dispatchRow, eventRow } from '../store/sample-rows.ts';
import { openLedger } from '../store/sqlite/ledger.ts';
import { temporaryFolder } from '../store/test-folder.ts';
import { CLOCK_LIMITS, forecast } from '../tiktok/clocks.ts';
import { spanAt, timeline } from './clock-timeline.ts';
import { type ClocksOptions, clocks } from './clocks.ts';

const FIRST = Date.UTC(2026, 10, 1, 10);

async function run(id: string | undefined, options: ClocksOptions) {
  const io = testIo({ now: FIRST });
  const code = await clocks(id, options, io);
  return { code, out: io.out(), err: io.err() };
}

test('at every instant the timeline says what the forecast says', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('api' as const, 'pixel' as const),
      fc.constantFrom('api' as const, 'pixel' as const),
      fc.integer({ min: 0, max: 10 * MINUTE }),
      fc.integer({ min: 0, max: 50 * HOUR }),
      (by, leg, width, after) => {
        const first = { leg: by, at: [FIRST, FIRST + width] } as const;
        const spans = timeline(first, leg, CLOCK_LIMITS);
        const said = spanAt(spans, FIRST + after)?.span.forecast;
        assert.equal(said, forecast(first, leg, FIRST + after, CLOCK_LIMITS));
        for (const [n, span] of spans.entries()) assert.notEqual(span.forecast, spans[n + 1]?.forecast);
      },
    ),
  );
  assert.equal(spanAt(timeline({ leg: 'api', at: [FIRST, FIRST] }, 'api', CLOCK_LIMITS), FIRST - 1), undefined);
});

const table = `
  # first                                     by     at                    pixel           api
  2026-11-01T10:00:00Z                        api    2026-11-01T10:03:00Z  willMerge       willBeDropped
  2026-11-01T10:00:00Z/2026-11-01T10:00:05Z   api    2026-11-01T10:05:03Z  unknown         willBeDropped
  2026-11-01T10:00:00Z                        pixel  2026-11-01T10:03:00Z  willBeDropped   willMerge
  2026-11-01T10:00:00Z                        api    2026-11-02T10:00:00Z  willBeDropped   willBeDropped
  2026-11-01T10:00:00Z                        api    2026-11-03T09:30:00Z  wouldCountTwice wouldCountTwice
  1793527200                                  api    2026-11-01T09:00:00Z  unknown         unknown
`;
for (const row of table.split('\n').filter((line) => /^ +\d/.test(line))) {
  const [first = '', leg = '', at = '', pixel = '', api = ''] = row.trim().split(/ +/);
  test(`first ${first} by ${leg}: at ${at} a pixel copy ${pixel}, an api copy ${api}`, async () => {
    const { code, out } = await run(undefined, { first, leg, at, json: true });
    const { events } = JSON.parse(out) as { events: { destinations: { copies: { leg: string; now: string }[] }[] }[] };
    assert.equal(code, 0);
    assert.deepEqual(
      events[0]?.destinations[0]?.copies.map((copy) => [copy.leg, copy.now]),
      [
        ['pixel', pixel],
        ['api', api],
      ],
    );
  });
}

test('in words it says what happens now, when that changes, and what the words mean', async () => {
  const { out } = await run(undefined, { first: '2026-11-01T10:00:00Z', leg: 'api', at: '2026-11-01T10:03:00Z' });
  assert.match(out, /^As of 1 Nov 2026, 11:03:00 \(Europe\/Berlin\)$/m);
  assert.match(out, /^ {2}First copy: by api, arrived 1 Nov 2026, 11:00:00$/m);
  assert.match(out, /^ {2}A pixel copy now will merge, until 1 Nov 2026, 11:04:00 \(1m from now\)$/m);
  assert.match(out, /^ {4}│ 1 Nov 2026, 11:00:00 {2}will merge {3}← now$/m);
  assert.match(out, /^ {4}│ 3 Nov 2026, 10:00:00 {2}would count twice$/m);
  assert.match(out, /^will be dropped: TikTok throws it away/m);
});

test('an event of the store is judged by its own copies, destination by destination', async (t) => {
  const folder = await temporaryFolder(t);
  const ledger = await openLedger(folder);
  const at = FIRST + 4000;
  await ledger.commit(
    {
      ...noEffects(),
      specs: [{ version: 1, hash: defaultSpec().hash, activatedAt: 1, text: DEFAULT_TRACKING_YAML, rates: null }],
      events: [eventRow(2, { eventId: 'one' }), eventRow(3, { eventId: 'none' })],
      dispatches: [
        dispatchRow(2, { destination: 'main', leg: 'api', state: 'delivered', copyAt: [FIRST, FIRST + 900] }),
        dispatchRow(2, { destination: 'main', leg: 'pixel', state: 'unknown', copyAt: [at, at] }),
        dispatchRow(2, { destination: 'second', leg: 'pixel', state: 'unknown', copyAt: [at, at + 9000] }),
        dispatchRow(3, { destination: 'main', leg: 'api', state: 'queued' }),
      ],
    },
    3,
  );
  await ledger.close();
  const one = await run('one', { data: folder, at: new Date(FIRST + MINUTE).toISOString() });
  assert.match(one.out, /^AddToCart one$/m);
  assert.match(one.out, /First copy to main: by api, arrived 1 Nov 2026, 11:00:00\n {2}A pixel copy now will merge/);
  assert.match(
    one.out,
    /First copy to second: by pixel, arrived between 1 .* 11:00:04 and 1 .* 11:00:13\n {2}A pixel copy now will be dropped/,
  );
  const none = await run('none', { data: folder });
  assert.match(
    none.out,
    /First copy to main: none can have arrived\n {2}A pixel copy now will count\n {2}An api copy now will count\n/,
  );
  assert.deepEqual(await run('nobody', { data: folder }), {
    code: 1,
    out: '',
    err: 'Nothing is known about "nobody".\n',
  });
});

test('what can’t be read is said, with what to write', async () => {
  for (const [id, options, says] of [
    [undefined, {}, /Name an order or event/],
    [undefined, { first: 'noon', leg: 'api' }, /--first noon is not a time/],
    [undefined, { first: '2026-11-01T10:00:00Z/2026-11-01T09:00:00Z', leg: 'api' }, /--first .* is not a time/],
    [undefined, { first: '2026-11-01', leg: 'both' }, /--leg api or --leg pixel/],
    [undefined, { first: '2026-11-01', leg: 'api', spec: 'none.yaml' }, /none\.yaml does not exist/],
    ['x', { at: 'later' }, /--at later is not a time/],
    ['x', { data: 'none' }, /There is no store in none/],
  ] as const) {
    const { code, out, err } = await run(id, options);
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, says);
  }
});
