import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { start, TWIN, type TwinProcess } from '../sim/twin/client.ts';
import { read } from '../tiktok/answer.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { openPoster, type Poster } from './post.ts';

let twin: TwinProcess;
let poster: Poster;
before(async () => {
  twin = await start();
  poster = openPoster(twin.url);
});
after(async () => {
  await poster.close();
  await twin.stop();
});
beforeEach(() => twin.reset());

const REQUEST: TrackRequest = {
  event_source: 'web',
  event_source_id: TWIN.pixel,
  partner_name: 'Assay',
  data: [
    {
      event: 'Contact',
      event_time: Math.floor(Date.now() / 1000),
      event_id: 'e-1',
      page: { url: 'https://shop.example/' },
    },
  ],
};

test('what the twin took is accepted, with its request id', async () => {
  const [reading] = read(await poster.post('main', TWIN.token, JSON.stringify(REQUEST)), ['']);
  assert.deepEqual([reading?.outcome, reading?.code, reading?.http], ['accepted', 0, 200]);
  assert.match(reading?.requestId ?? '', /^20\d{12}/);
  assert.equal((await twin.events())[0]?.counted, 1);
});

test('a wrong token, a missing one and another pixel pause the destination', async () => {
  for (const [token, pixel, code] of [
    ['wrong', TWIN.pixel, 40105],
    [undefined, TWIN.pixel, 40104],
    [TWIN.token, 'AAAAAAAAAAAAAAAAAAAA', 40001],
  ] as const) {
    const [reading] = read(await poster.post('main', token, JSON.stringify({ ...REQUEST, event_source_id: pixel })), [
      '',
    ]);
    assert.deepEqual([reading?.outcome, reading?.code], ['paused', code]);
  }
  assert.deepEqual(await twin.events(), []);
});

test('every fault of the way is read as what may have become of the events', async () => {
  const rows: [Omit<Parameters<TwinProcess['fault']>[0], 'channel'>, string, string, boolean, number][] = [
    [{ kind: 'http502' }, 'retry', 'tiktok_failed', true, 0],
    [{ kind: 'cutBefore' }, 'retry', 'no_answer', true, 0],
    [{ kind: 'cutAfterAccept' }, 'retry', 'no_answer', true, 1],
    [{ kind: 'code', code: 40100 }, 'throttled', 'throttled', false, 0],
    [{ kind: 'code', code: 40002 }, 'refused', 'refused_by_tiktok', false, 0],
    [{ kind: 'code', code: 50002 }, 'retry', 'tiktok_failed', true, 0],
    [{ kind: 'code', code: 60001 }, 'retry', 'tiktok_failed', true, 0],
    [{ kind: 'code', code: 40050 }, 'unknown', 'may_have_arrived', true, 0],
    [{ kind: 'partial', orders: [0] }, 'refused', 'refused_by_tiktok', false, 0],
  ];
  for (const [fault, outcome, why, copy, kept] of rows) {
    await twin.reset();
    await twin.fault({ channel: 'api', ...fault });
    const [reading] = read(await poster.post('main', TWIN.token, JSON.stringify(REQUEST)), ['']);
    assert.deepEqual([reading?.outcome, reading?.why, reading?.copy], [outcome, why, copy], JSON.stringify(fault));
    assert.equal((await twin.events()).length, kept, JSON.stringify(fault));
  }
});

test('of a batch, the twin’s partial success is read event by event', async () => {
  await twin.switch({ batchFailures: 'partial20001' });
  const data = ['e-1', 'e-2', 'e-3'].map((event_id) => ({
    ...REQUEST.data[0],
    event_id,
    event: event_id === 'e-2' ? '2nd' : 'Contact',
  }));
  const readings = read(
    await poster.post('main', TWIN.token, JSON.stringify({ ...REQUEST, data })),
    data.map(({ event_id }) => String(event_id)),
  );
  assert.deepEqual(
    readings.map(({ outcome }) => outcome),
    ['accepted', 'refused', 'accepted'],
  );
  assert.deepEqual(new Set((await twin.events()).map((event) => event.event_id)), new Set(['e-1', 'e-3']));
});

test('of a refused batch, the event that the twin names is refused and no other', async () => {
  const data = ['Contact', 'Contact', '2nd'].map((event, index) => ({
    ...REQUEST.data[0],
    event_id: `e-${index}`,
    event,
  }));
  for (const [messagePath, third] of [
    ['data', 'refused refused_by_tiktok'],
    ['Batch', 'refused refused_by_tiktok'],
    ['none', 'retry batch_refused'],
  ] as const) {
    await twin.switch({ messagePath });
    const readings = read(
      await poster.post('main', TWIN.token, JSON.stringify({ ...REQUEST, data })),
      data.map(({ event_id }) => String(event_id)),
    );
    assert.deepEqual(
      readings.map(({ outcome, why }) => `${outcome} ${why}`),
      ['retry batch_refused', 'retry batch_refused', third],
    );
  }
});

test('a host that is not there took nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const gone = openPoster(`http://127.0.0.1:${port}`);
  assert.deepEqual(await gone.post('main', 't', JSON.stringify(REQUEST)), { kind: 'unsent', why: 'ECONNREFUSED' });
  await gone.close();
});

test('an endless answer is cut, and its end is not waited for', async () => {
  const server = createServer((_, response) => {
    const more = (): void => {
      if (!response.destroyed) response.write('x'.repeat(100_000), () => setImmediate(more));
    };
    more();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const endless = openPoster(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const reply = await endless.post('main', 't', JSON.stringify(REQUEST));
  assert.ok(reply.kind === 'http' && reply.body.length <= 1_000_000);
  await endless.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('an answer that comes in pieces, and after an interim one, is read whole', async () => {
  const body = JSON.stringify({ code: 0, message: 'Gültig · 好', request_id: 'r', data: {} });
  const server = createServer((_, response) => {
    response.writeEarlyHints({ link: '</x>; rel=preload' });
    response.writeHead(200, { 'content-type': 'application/json' });
    const left = [...Buffer.from(body)];
    const more = (): void => {
      const byte = left.shift();
      if (byte === undefined) response.end();
      else response.write(Buffer.of(byte), () => setImmediate(more));
    };
    more();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const slow = openPoster(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const reply = await slow.post('main', 't', JSON.stringify(REQUEST));
  assert.deepEqual(reply, { kind: 'http', status: 200, body });
  await slow.close();
  await new Promise((resolve) => server.close(resolve));
});

test('an answer that is cut in the middle, or that no header allows, tells nothing', async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"code":0', () => response.destroy());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const cut = openPoster(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  assert.equal((await cut.post('main', 't', JSON.stringify(REQUEST))).kind, 'unanswered');
  assert.equal((await cut.post('main', 'no\ntoken', JSON.stringify(REQUEST))).kind, 'unanswered');
  await cut.close();
  assert.equal((await cut.post('main', 't', JSON.stringify(REQUEST))).kind, 'unanswered', 'after it was closed');
  await new Promise((resolve) => server.close(resolve));
});
