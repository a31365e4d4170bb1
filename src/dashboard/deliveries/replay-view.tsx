import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReplayAnswer, ReplayRequest } from '../../api/letters.ts';
import { countText, numberText } from '../../ui/number.ts';
import { FailureNote } from '../failure-note.tsx';
import { type Failure, send } from '../fetch.ts';
import { reasons } from '../reasons.ts';
import { NOTHING, type Outcome, refusedIn, replayAll, type Wanted } from './replay.ts';

type Phase = 'trying' | 'tried' | 'running' | 'done';

interface ReplayProps {
  wanted: Wanted;
  /** what they are, such as `3 picked letters` */
  says: string;
  onClose: () => void;
  /** something was replayed: lists have changed */
  onDone: () => void;
}

/** A replay: tried first without changing anything, done when that is confirmed, and told as it goes on. */
export function Replay({ wanted, says, onClose, onDone }: ReplayProps) {
  const [phase, setPhase] = useState<Phase>('trying');
  const [outcome, setOutcome] = useState<Outcome>(NOTHING);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const heading = useRef<HTMLHeadingElement>(null);
  const gone = useRef(false);

  const go = async (dry: boolean) => {
    setPhase(dry ? 'trying' : 'running');
    setOutcome(NOTHING);
    setFailure(undefined);
    const done = await replayAll(wanted, dry, post, (soFar) => gone.current || setOutcome(soFar));
    if (!dry && done.outcome.replayed > 0) onDone();
    if (gone.current) return;
    setOutcome(done.outcome);
    setFailure(done.failure);
    setPhase(dry ? 'tried' : 'done');
  };

  // A replay is mounted for one wish, and tried once.
  useEffect(() => {
    heading.current?.focus();
    void go(true);
    return () => {
      gone.current = true;
    };
  }, []);

  const { replayed } = outcome;
  return (
    <section
      class="note stack"
      data-is={phase === 'done' && !failure ? 'good' : 'info'}
      aria-label={`Replay of ${says}`}
    >
      <h2 ref={heading} tabIndex={-1}>
        Replay of {says}
      </h2>
      <p role="status">{sentence(phase, outcome, failure)}</p>
      <Refusals outcome={outcome} />
      {failure && <FailureNote failure={failure} onRetry={() => void go(phase === 'tried')} />}
      <span class="row">
        {phase === 'tried' && replayed > 0 && !failure && (
          <button type="button" class="button primary" onClick={() => void go(false)}>
            Replay {numberText(replayed)}
          </button>
        )}
        <button type="button" class="button quiet" disabled={phase === 'running'} onClick={onClose}>
          {phase === 'done' ? 'Close' : 'Leave it'}
        </button>
      </span>
    </section>
  );
}

function post(request: ReplayRequest) {
  return send<ReplayAnswer>('POST', '/v1/letters/replay', request, fetch);
}

function sentence(phase: Phase, outcome: Outcome, failure: Failure | undefined): string {
  const { replayed } = outcome;
  const refused = refusedIn(outcome);
  switch (phase) {
    case 'trying':
      return `Looking at what a replay would do; nothing is changed. ${numberText(replayed + refused)} looked at.`;
    case 'tried':
      if (failure) return 'The trial did not come to its end.';
      return `${countText(replayed, 'letter')} would go again, ${numberText(refused)} would not. Nothing is changed yet.`;
    case 'running':
      return `Replaying: ${countText(replayed, 'letter')} so far.`;
    case 'done':
      return `${countText(replayed, 'letter')} replayed${failure ? ' before it broke off' : ''}, ${numberText(refused)} refused. Trace shows what becomes of each.`;
  }
}

function Refusals({ outcome }: { outcome: Outcome }) {
  if (outcome.refused.length === 0) return null;
  return (
    <ul class="sentences">
      {outcome.refused.map(({ why, says, count }) => {
        const fix = reasons.value.get(why)?.fix;
        return (
          <li key={why}>
            <b>{numberText(count)}</b> not: <code>{why}</code> {says}
            {fix && <div class="quiet">{fix}</div>}
          </li>
        );
      })}
    </ul>
  );
}
