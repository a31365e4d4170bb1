import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { DispatchRow } from '../../src/event/dispatch.ts';
import { start as startTwin, type TwinProcess } from '../../src/sim/twin/client.ts';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import type { LedgerReader } from '../../src/store/ledger.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { type CodeClass, RETURN_CODES } from '../../src/tiktok/codes.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../server.ts';

const SPEC = DEFAULT_TRACKING_YAML.replace('mode: required', 'mode: none')
  .replace('linger: 1s', 'linger: 10ms')
  .replace('firstRetry: 1s', 'firstRetry: 100ms');
const clock = { offsetMs: 0 };
const folder = mkdtempSync(join(tmpdir(), 'assay-faults-'));
let twin: TwinProcess;
let server: TestServer;
let reader: LedgerReader;
let told = 0;

before(async () => {
  twin = await startTwin();
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, SPEC);
  const now = (): number => Date.now() + clock.offsetMs;
  server = await startTestServer(twin.url, { specFile }, { now, random: () => 0.5 });
  reader = await openLedgerReader(server.folder);
});

after(async () => {
  await reader.close();
  await server.stop();
  await twin.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What must become of a dispatch whose first answer is a code of this class. */
const ENDS: Record<CodeClass, DispatchRow['state']> = {
  accept: 'delivered',
  partial: 'unknown',
  retry: 'delivered',
  throttle: 'delivered',
  fixRequest: 'dead',
  fixToken: 'queued',
  unknown: 'unknown',
};

for (const { code, class: kind } of RETURN_CODES.values())
  test(`answered ${code} (${kind}), a dispatch ends ${ENDS[kind]}`, { timeout: 20_000 }, async () => {
    if (code !== 0) await twin.fault({ channel: 'api', kind: 'code', code, times: 1 });
    const id = await tell();
    const leg = await settled(
      id,
      (row) => row.state === ENDS[kind] && (kind !== 'fixToken' || row.why === 'destination_paused'),
    );
    if (kind !== 'retry' && kind !== 'throttle') assert.equal(leg.code, code);
    await agrees(id, leg);
    if (kind !== 'fixToken') return;
    assert.equal(
      (await twin.events({ event_id: id })).length,
      0,
      'nothing reaches TikTok while the destination is paused',
    );
    await later(6 * 60_000);
    // The next event wakes the outbox, now that the pause is over.
    const next = await tell();
    for (const each of [id, next]) await agrees(each, await settled(each, (row) => row.state === 'delivered'));
  });

const FAULTS = `
  # fault          the twin then counts
  http502          1
  hang             1
  cutAfterAccept   1
  cutBefore        1
`;
for (const row of FAULTS.trim().split('\n').slice(1)) {
  const [kind = '', counted] = row.trim().split(/\s+/);
  test(`after ${kind}, the same id is sent again and the twin counts ${counted}`, { timeout: 40_000 }, async () => {
    await twin.fault({ channel: 'api', kind: kind as 'hang', times: 1 });
    const id = await tell();
    const leg = await settled(id, (state) => state.state === 'delivered');
    assert.equal(leg.attempts, 2);
    const [event] = await twin.events({ event_id: id });
    assert.equal(event?.counted, Number(counted));
    assert.equal(event?.dropped, kind === 'cutAfterAccept' ? 1 : 0);
  });
}

test('a good event in a batch with a bad one is delivered where TikTok says so item by item', async () => {
  await twin.fault({ channel: 'api', kind: 'partial', orders: [1], times: 1 });
  const [good = '', bad = ''] = await tellTogether(2);
  assert.equal((await settled(good, (row) => row.state === 'delivered')).code, 20001);
  assert.equal((await settled(bad, (row) => row.state === 'dead')).why, 'refused_by_tiktok');
  assert.equal((await twin.events({ event_id: bad })).length, 0);
});

test('nothing is delivered that the twin did not accept, and nothing is counted twice', async () => {
  const { dispatches, events } = await reader.load({
    events: Array.from({ length: 2000 }, (_, seq) => seq),
    orders: [],
  });
  const counted = new Map((await twin.events()).map((event) => [event.event_id, event.counted]));
  const idOf = new Map(events.map((event) => [event.seq, event.eventId]));
  const delivered = dispatches.filter((leg) => leg.state === 'delivered').map((leg) => idOf.get(leg.event) ?? '');
  assert.ok(delivered.length > 60, `${delivered.length} delivered`);
  assert.deepEqual(
    delivered.filter((id) => counted.get(id) !== 1),
    [],
  );
});

async function tell(): Promise<string> {
  const [id = ''] = await tellTogether(1);
  return id;
}

async function tellTogether(count: number): Promise<string[]> {
  const events = Array.from({ length: count }, () => {
    told += 1;
    return { event: 'Contact', event_id: `fault-${told}`, page: { url: 'https://shop.example/' } };
  });
  const response = await fetch(`${server.publicUrl}/v1/server/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  });
  assert.equal(response.status, 202);
  return events.map((event) => event.event_id);
}

async function settled(eventId: string, holds: (leg: DispatchRow) => boolean): Promise<DispatchRow> {
  for (let tries = 0; ; tries++) {
    const [seq] = await reader.find(eventId, 1);
    const { dispatches } = await reader.load({ events: seq === undefined ? [] : [seq], orders: [] });
    const leg = dispatches.find((row) => row.leg === 'api');
    if (leg && holds(leg)) return leg;
    if (tries === 1500) assert.fail(`${eventId} is ${leg?.state} (${leg?.why})`);
    await pause(10);
  }
}

/** The ledger and TikTok say the same of this event. */
async function agrees(eventId: string, leg: DispatchRow): Promise<void> {
  const [event] = await twin.events({ event_id: eventId });
  if (leg.state === 'delivered') assert.equal(event?.counted, 1);
}

async function later(ms: number): Promise<void> {
  clock.offsetMs += ms;
  await twin.clock({ advanceMs: ms });
}
