import type { ReasonAnswer } from '../api/answers.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { problem, type Route } from './http.ts';
import type { Live } from './live.ts';
import { REASONS } from './reasons.ts';
import type { Specs } from './specs.ts';
import { trace } from './trace.ts';

/** The admin listener's API. */
export function adminRoutes(parts: {
  reader: LedgerReader;
  specs: Specs;
  live: Live;
  now(): number;
  ready(): object;
}): Route[] {
  return [
    { method: 'GET', path: '/readyz', answer: () => ({ status: 200, json: parts.ready() }) },
    {
      method: 'GET',
      path: '/v1/reasons',
      answer: () => ({
        status: 200,
        json: REASONS.map(
          (reason): ReasonAnswer => ({ code: reason.code, verdict: reason.with, means: reason.means, fix: reason.fix }),
        ),
      }),
    },
    {
      method: 'GET',
      path: '/v1/live',
      async answer({ response }) {
        return (await parts.live.join(response))
          ? 'answered'
          : problem(503, 'too_many_watchers', 'Too many pages watch Live. Close some.', [], { 'retry-after': '30' });
      },
    },
    {
      method: 'GET',
      path: '/v1/trace/:id',
      async answer({ parameters }) {
        const id = parameters['id'] ?? '';
        const answer = await trace(parts.reader, id, (version) => parts.specs.of(version), parts.now());
        return answer
          ? { status: 200, json: answer }
          : problem(404, 'unknown_id', `Nothing is known about ${JSON.stringify(id.slice(0, 100))}.`);
      },
    },
  ];
}
