import { FROZEN_CHANGE } from '../../admission/activation.ts';
import type { LeadsAnswer } from '../../api/books.ts';
import { isFrozen } from '../../spec/freeze.ts';
import type { Spec } from '../../spec/spec.ts';
import type { LedgerReader } from '../../store/ledger.ts';

/** Whether the scale of the leads is frozen as of `at`, who tried to change it, and when it was changed all the same. */
export async function freezeAnswer(
  reader: Pick<LedgerReader, 'specs' | 'load'>,
  spec: Spec,
  at: number,
): Promise<Required<Pick<LeadsAnswer, 'freeze' | 'attempt' | 'breaks'>>> {
  const id = `${FROZEN_CHANGE.check}:${FROZEN_CHANGE.subject}`;
  const [attempt] = (await reader.load({ events: [], orders: [], findings: [id] })).findings;
  const breaks = (await reader.specs()).flatMap(({ version, activatedAt, override }) =>
    override ? [{ version, at: activatedAt, ...override }] : [],
  );
  return {
    freeze: spec.freeze && isFrozen(spec, at) ? spec.freeze : null,
    attempt: attempt ? { at: attempt.lastSeenAt, times: attempt.times, what: attempt.what } : null,
    breaks,
  };
}
