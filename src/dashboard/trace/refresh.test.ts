import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceAnswer, TraceEvent } from '../../api/answers.ts';
import type { DispatchState } from '../../event/dispatch.ts';
import { refreshMs } from './refresh.ts';

function answer(...states: DispatchState[]): TraceAnswer {
  const dispatches = states.map((state) => ({
    destination: 'main',
    leg: 'api' as const,
    state,
    why: '',
    attempts: 0,
    says: '',
    forecast: 'unknown' as const,
    forecastSays: '',
  }));
  const event: TraceEvent = {
    seq: 1,
    event: 'Purchase',
    eventId: 'demo-1',
    sourceId: 'demo/web',
    source: 'web',
    occurredAt: 0,
    consent: 'granted',
    specVersion: 1,
    matchKeys: [],
    observations: [],
    dispatches,
    legsDiffer: [],
    hops: [],
    normalised: {},
    requests: [],
  };
  return { id: '1', asOf: 0, timezone: 'UTC', touches: [], events: [event], cut: false };
}

const table = `
  # states              asks again after
  -                     -
  delivered unknown     -
  withheld dead         -
  held                  5000
  queued                2000
  inFlight delivered    2000
  held queued           2000
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [states = '', after] = line.trim().split(/\s{2,}/);
  test(`legs that are ${states} are asked for again after ${after} ms`, () => {
    const list = states === '-' ? [] : (states.split(' ') as DispatchState[]);
    assert.equal(String(refreshMs(answer(...list)) ?? '-'), after);
  });
}
