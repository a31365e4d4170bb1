import type { ReasonAnswer, SettingsAnswer } from '../api/answers.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Acts } from './acts.ts';
import { bookRoutes } from './books.ts';
import type { Standing } from './deliveries/answer.ts';
import { deliveryRoutes } from './deliveries.ts';
import { type Asked, HttpProblem, problem, type Route, readBody } from './http.ts';
import { type ImportParts, importRoutes } from './imports.ts';
import { type LetterParts, letterRoutes } from './letters.ts';
import type { Live } from './live.ts';
import { REASONS } from './reasons.ts';
import type { AttributionSource } from './reports/source.ts';
import { reportRoutes } from './reports.ts';
import type { Specs } from './specs.ts';
import { trace } from './trace.ts';

/** The admin listener's API. */
export function adminRoutes(parts: {
  reader: LedgerReader;
  specs: Specs;
  live: Live;
  now(): number;
  ready(): { ok: boolean };
  settings(): Promise<SettingsAnswer>;
  /** what transport does with a destination */
  standing(id: string): Standing;
  acts: Acts;
  letters: LetterParts;
  imports: ImportParts;
  attribution: AttributionSource;
}): Route[] {
  return [
    {
      method: 'GET',
      path: '/readyz',
      answer() {
        const ready = parts.ready();
        return { status: ready.ok ? 200 : 503, json: ready };
      },
    },
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
    ...bookRoutes(parts),
    ...deliveryRoutes(parts),
    ...letterRoutes(parts.letters),
    ...importRoutes(parts.imports),
    ...reportRoutes(parts),
    { method: 'GET', path: '/v1/settings', answer: async () => ({ status: 200, json: await parts.settings() }) },
    {
      method: 'POST',
      path: '/v1/keys',
      answer: async (asked) => ({ status: 201, json: await parts.acts.makeKey(await json(asked)) }),
    },
    {
      method: 'DELETE',
      path: '/v1/keys/:id',
      async answer({ parameters, url }) {
        const grace = url.searchParams.get('grace') ?? '0s';
        return { status: 200, json: await parts.acts.endKey(parameters['id'] ?? '', grace) };
      },
    },
    {
      method: 'POST',
      path: '/v1/tests',
      answer: async (asked) => ({ status: 201, json: await parts.acts.openTest(await json(asked)) }),
    },
    {
      method: 'DELETE',
      path: '/v1/tests/:destination',
      async answer({ parameters }) {
        return { status: 200, json: await parts.acts.closeTest(parameters['destination'] ?? '') };
      },
    },
  ];
}

const BODY_BYTES_MAX = 4096;

async function json({ request }: Asked): Promise<unknown> {
  const raw = await readBody(request, BODY_BYTES_MAX);
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new HttpProblem(problem(400, 'body_not_json', 'The body is not JSON in UTF-8.'));
  }
}
