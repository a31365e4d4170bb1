import type { ReplayAnswer, ReplayRequest } from '../../api/letters.ts';
import type { Answer, Failure } from '../fetch.ts';

/** Letters that are replayed together: some by their ids, or all that match. */
export type Wanted = Pick<ReplayRequest, 'ids' | 'where'>;

/** What came of a replay so far: each refusal once, with how many it concerns. */
export interface Outcome {
  replayed: number;
  refused: { why: string; says: string; count: number }[];
}

export const NOTHING: Outcome = { replayed: 0, refused: [] };

/** Requests of one replay, a thousand letters each: a server that never comes to an end is not asked for ever. */
const REQUESTS_MAX = 10_000;

/** Asks for one part after the other until there is none left; `onPart` hears what came so far. */
export async function replayAll(
  wanted: Wanted,
  dry: boolean,
  post: (request: ReplayRequest) => Promise<Answer<ReplayAnswer>>,
  onPart: (soFar: Outcome) => void,
): Promise<{ outcome: Outcome; failure?: Failure }> {
  let outcome = NOTHING;
  let after: string | undefined;
  for (let n = 0; n < REQUESTS_MAX; n++) {
    const answer = await post({ ...wanted, ...(after === undefined ? {} : { after }), dry });
    if (!answer.ok) return { outcome, failure: answer.failure };
    outcome = plus(outcome, answer.value);
    onPart(outcome);
    after = answer.value.next;
    if (after === undefined) break;
  }
  return { outcome };
}

/** Refusals of one reason are one, in the words of the first. */
function plus(so: Outcome, more: Pick<ReplayAnswer, 'replayed' | 'refused'>): Outcome {
  const refused = so.refused.map((one) => ({ ...one }));
  for (const { why, says, count } of more.refused) {
    const known = refused.find((one) => one.why === why);
    if (known) known.count += count;
    else refused.push({ why, says, count });
  }
  return { replayed: so.replayed + more.replayed, refused };
}

export function refusedIn({ refused }: Outcome): number {
  return refused.reduce((sum, { count }) => sum + count, 0);
}
