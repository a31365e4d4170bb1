import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DispatchRow } from '../event/dispatch.ts';
import type { TestRow } from '../event/key.ts';
import { DAY, HOUR, MINUTE } from '../event/time.ts';
import { defaultSpec } from '../spec/default.ts';
import { dispatchRow, eventRow } from '../store/sample-rows.ts';
import type { TrackRequest } from '../tiktok/body.ts';
import { handoutStep } from './handout.ts';
import { firstCopy, pick, requestsOf } from './pick.ts';

const SPEC = { ...defaultSpec(), version: 1 };
const NOW = Date.UTC(2026, 7, 1);
const NO_LEGS = () => [];
const NO_TESTS = new Map<string, TestRow>();

test('a leg that may no longer leave ends, with its reason', () => {
  const copied = (ms: number): DispatchRow =>
    dispatchRow(1, { leg: 'pixel', state: 'unknown', copyAt: [NOW - ms, NOW - ms] });
  for (const [name, dispatch, event, legs, end] of [
    ['nothing stands against it', {}, {}, [], undefined],
    ['no such destination', { destination: 'gone' }, {}, [], 'bury destination_gone'],
    ['no place for its source', {}, { source: 'offline' }, [], 'bury destination_gone'],
    ['a copy 47 hours ago', {}, {}, [copied(47 * HOUR)], undefined],
    ['a copy before that', {}, {}, [copied(47 * HOUR + 1)], 'bury clock_passed'],
    [
      'its own copy before that',
      { attempts: 3 },
      {},
      [dispatchRow(1, { copyAt: [NOW - 48 * HOUR, NOW] })],
      'bury clock_passed',
    ],
    ['28 days old', {}, { occurredAt: NOW - 28 * DAY }, [], undefined],
    ['older', {}, { occurredAt: NOW - 28 * DAY - 1 }, [], 'withhold too_old'],
    ['the visitor has said no', {}, { consent: 'denied' }, [], 'withhold consent_denied'],
  ] as const) {
    const spec = { ...SPEC, destinations: SPEC.destinations.map((one) => ({ ...one, offlineEventSet: null })) };
    const due = {
      dispatch: dispatchRow(1, dispatch),
      event: eventRow(1, { occurredAt: NOW, receivedAt: NOW, ...event }),
      legs: [...legs],
    };
    const { batches, ends } = pick(
      [due],
      () => due.legs,
      () => spec,
      NO_TESTS,
      NOW,
    );
    assert.deepEqual(
      ends.map(({ input, why }) => `${input} ${why}`),
      end ? [end] : [],
      name,
    );
    assert.equal(batches.length, end ? 0 : 1, name);
  }
});

test('an event goes under the names of the spec that its page ran', () => {
  const due = [1, 2].map((version) => ({
    dispatch: dispatchRow(version),
    event: eventRow(version, { name: 'Purchase', occurredAt: NOW, receivedAt: NOW, specVersion: version }),
    legs: [],
  }));
  const legacy = { ...SPEC, destinations: SPEC.destinations.map((one) => ({ ...one, eventNames: 'legacy' as const })) };
  const { batches } = pick(due, NO_LEGS, (version) => (version === 1 ? legacy : SPEC), NO_TESTS, NOW);
  assert.deepEqual(
    batches
      .flatMap(requestsOf)
      .flatMap(({ body }) => (JSON.parse(body) as TrackRequest).data.map(({ event }) => event))
      .sort(),
    ['CompletePayment', 'Purchase'],
  );
});

test('a request holds no more events of a destination than it is allowed, nor more than the spec says', () => {
  const due = Array.from({ length: 10 }, (_, n) => ({
    dispatch: dispatchRow(n),
    event: eventRow(n, { occurredAt: NOW, receivedAt: NOW }),
    legs: [],
  }));
  const spec = { ...SPEC, delivery: { ...SPEC.delivery, batch: 6 } };
  for (const [batchMax, sizes] of [
    [undefined, [6, 4]],
    [() => 4, [4, 4, 2]],
  ] as const) {
    const { batches } = pick(due, NO_LEGS, () => spec, NO_TESTS, NOW, batchMax);
    assert.deepEqual(
      batches.map(({ sends }) => sends.length),
      sizes,
    );
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
    const row = dispatchRow(1, { ...dispatch });
    const { ends } = pick(
      [{ dispatch: row, event: eventRow(1, late) }],
      () => [row],
      () => SPEC,
      NO_TESTS,
      NOW,
    );
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
