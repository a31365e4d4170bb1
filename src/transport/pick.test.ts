import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DispatchRow } from '../event/dispatch.ts';
import type { EventRow } from '../event/event.ts';
import type { TestRow } from '../event/key.ts';
import { outgoing } from '../event/outgoing.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';
import { defaultSpec } from '../spec/default.ts';
import type { Sendable } from '../store/outbox.ts';
import { dispatchRow, eventRow } from '../store/sample-rows.ts';
import { type TrackItem, type TrackRequest, trackItem, trackRequest } from '../tiktok/body.ts';
import { handoutStep } from './handout.ts';
import { firstCopy, pick, requestsOf } from './pick.ts';

const SPEC = { ...defaultSpec(), version: 1 };
const NOW = Date.UTC(2026, 7, 1);
const NO_TESTS = new Map<string, TestRow>();

test('a leg that may no longer leave ends, with its reason', () => {
  const copied = (ms: number): DispatchRow =>
    dispatchRow(1, { leg: 'pixel', state: 'unknown', copyAt: [NOW - ms, NOW - ms] });
  for (const [name, dispatch, event, pixel, end] of [
    ['nothing stands against it', {}, {}, undefined, undefined],
    ['no such destination', { destination: 'gone' }, {}, undefined, 'bury destination_gone'],
    ['no place for its source', {}, { source: 'offline' }, undefined, 'bury destination_gone'],
    ['a copy 47 hours ago', {}, {}, copied(47 * HOUR), undefined],
    ['a copy before that', {}, {}, copied(47 * HOUR + 1), 'bury clock_passed'],
    ['its own copy before that', { attempts: 3, copyAt: [NOW - 48 * HOUR, NOW] }, {}, undefined, 'bury clock_passed'],
    ['28 days old', {}, { occurredAt: NOW - 28 * DAY }, undefined, undefined],
    ['older', {}, { occurredAt: NOW - 28 * DAY - 1 }, undefined, 'withhold too_old'],
    ['the visitor has said no', {}, { consent: 'denied' }, undefined, 'withhold consent_denied'],
  ] as const) {
    const spec = { ...SPEC, destinations: SPEC.destinations.map((one) => ({ ...one, offlineEventSet: null })) };
    const due = [sendable(dispatchRow(1, dispatch), { occurredAt: NOW, receivedAt: NOW, ...event }, pixel)];
    const { batches, ends } = pick(due, () => spec, NO_TESTS, NOW);
    assert.deepEqual(
      ends.map(({ input, why }) => `${input} ${why}`),
      end ? [end] : [],
      name,
    );
    assert.equal(batches.length, end ? 0 : 1, name);
  }
});

test('an event goes under the names of the spec that its page ran', () => {
  const due = [1, 2].map((version) =>
    sendable(dispatchRow(version), { name: 'Purchase', occurredAt: NOW, receivedAt: NOW, specVersion: version }),
  );
  const legacy = { ...SPEC, destinations: SPEC.destinations.map((one) => ({ ...one, eventNames: 'legacy' as const })) };
  const { batches } = pick(due, (version) => (version === 1 ? legacy : SPEC), NO_TESTS, NOW);
  assert.deepEqual(
    batches
      .flatMap((batch) => requestsOf(batch))
      .flatMap(({ body }) => (JSON.parse(body.toString()) as TrackRequest).data.map(({ event }) => event))
      .sort(),
    ['CompletePayment', 'Purchase'],
  );
});

test('a request holds no more events of a destination than it is allowed, nor more than the spec says', () => {
  const due = Array.from({ length: 10 }, (_, n) => sendable(dispatchRow(n), { occurredAt: NOW, receivedAt: NOW }));
  const spec = { ...SPEC, delivery: { ...SPEC.delivery, batch: 6 } };
  for (const [batchMax, sizes] of [
    [undefined, [6, 4]],
    [() => 4, [4, 4, 2]],
  ] as const) {
    const { batches } = pick(due, () => spec, NO_TESTS, NOW, batchMax);
    assert.deepEqual(
      batches.map(({ sends }) => sends.length),
      sizes,
    );
  }
});

test('a request’s bytes are the JSON of its items, in as few requests as 900,000 bytes allow', () => {
  for (const [events, letters, sizes] of [
    [1, 'a', [1]],
    [1, 'a'.repeat(2_000_000), [1]],
    [3, 'a'.repeat(299_000), [3]],
    [4, 'a'.repeat(299_000), [3, 1]],
    [7, '成'.repeat(100_000), [2, 2, 2, 1]],
    [3, 'a'.repeat(950_000), [1, 1, 1]],
  ] as const) {
    const rows = Array.from({ length: events }, (_, n) =>
      eventRow(n + 1, { occurredAt: NOW, receivedAt: NOW, properties: { description: letters } }),
    );
    const due = rows.map((event) => ({ dispatch: dispatchRow(event.seq), event: outgoing(event), pixel: undefined }));
    const requests = pick(due, () => SPEC, NO_TESTS, NOW).batches.flatMap((batch) => requestsOf(batch));
    assert.deepEqual(
      requests.map(({ sends }) => sends.length),
      sizes,
    );
    const [target] = SPEC.destinations;
    assert.ok(target);
    for (const { sends, body } of requests) {
      const items: TrackItem[] = sends.map(({ event }) =>
        trackItem(rows[event.seq - 1] ?? assert.fail(), target.eventNames, SPEC.delivery.freeKeys),
      );
      assert.equal(body.toString(), JSON.stringify(trackRequest(target, 'web', target.pixel, items)));
    }
  }
});

test('an event without money that no copy of is out waits for its destination for as long as delivery.keep', () => {
  const late = { receivedAt: NOW - DAY - 1, occurredAt: NOW };
  for (const [name, dispatch, end] of [
    ['it waited since it came', { attempts: 3 }, 'bury expired_waiting'],
    ['it was never tried', { changedAt: late.receivedAt }, 'bury expired_waiting'],
    ['it was held until now', { changedAt: NOW }, undefined],
    ['it is money', { attempts: 3, money: true }, undefined],
    ['an operator has asked for it since', { attempts: 3, replayedAt: NOW }, undefined],
    ['a copy may be out', { attempts: 3, copyAt: [NOW - DAY, NOW - DAY] }, undefined],
  ] as const) {
    const due = [sendable(dispatchRow(1, { ...dispatch }), late)];
    const { ends } = pick(due, () => SPEC, NO_TESTS, NOW);
    assert.deepEqual(
      ends.map(({ input, why }) => `${input} ${why}`),
      end ? [end] : [],
      name,
    );
  }
});

test('the first copy is the earliest of the destination’s own', () => {
  const legs = [
    dispatchRow(1, { destination: 'other', copyAt: [1, 2] }),
    dispatchRow(1, { copyAt: [9, 10] }),
    dispatchRow(1, { leg: 'pixel', copyAt: [5, 20] }),
  ];
  assert.deepEqual(firstCopy(legs, 'main'), { leg: 'pixel', at: [5, 20] });
  assert.equal(firstCopy([dispatchRow(1)], 'main'), undefined);
});

test('what a page is told follows from the pixel leg alone', () => {
  const pixel = (more: Partial<DispatchRow>): DispatchRow => dispatchRow(1, { leg: 'pixel', ...more });
  const open = pixel({ state: 'queued', why: 'handout_open', expiresAt: NOW + MINUTE });
  const second = { ...open, destination: 'second' };
  const waiting = pixel({ state: 'held', why: 'awaiting_api', destination: 'second' });
  for (const [legs, given, step] of [
    [[], [], { do: 'refuse', why: 'no_pixel_leg' }],
    [[dispatchRow(1)], [], { do: 'refuse', why: 'no_pixel_leg' }],
    [[pixel({ state: 'held', why: 'awaiting_api' })], [], { do: 'wait', why: 'awaiting_api' }],
    [[open], [], { do: 'give', leg: open, fireBefore: NOW + MINUTE, more: false }],
    [[open, second], [], { do: 'give', leg: open, fireBefore: NOW + MINUTE, more: true }],
    [[open, second], ['1/main'], { do: 'give', leg: second, fireBefore: NOW + MINUTE, more: false }],
    [[open, waiting], [], { do: 'give', leg: open, fireBefore: NOW + MINUTE, more: true }],
    [[open, waiting], ['1/main'], { do: 'wait', why: 'awaiting_api' }],
    [[open], ['1/main'], { do: 'refuse', why: 'handed_out' }],
    [[pixel({ state: 'queued', why: 'handout_open', expiresAt: NOW })], [], { do: 'refuse', why: 'handout_expired' }],
    [[pixel({ state: 'withheld', why: 'consent_denied' })], [], { do: 'refuse', why: 'consent_denied' }],
  ] as const)
    assert.deepEqual(handoutStep([...legs], new Set<string>(given), NOW), step);
});

function sendable(dispatch: DispatchRow, event: Partial<EventRow>, pixel?: DispatchRow): Sendable {
  return { dispatch, event: outgoing(eventRow(dispatch.event, event)), pixel };
}
