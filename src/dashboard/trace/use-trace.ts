import { useCallback, useEffect, useState } from 'preact/hooks';
import type { TraceAnswer } from '../../api/answers.ts';
import { ask, type Failure } from '../fetch.ts';
import { refreshMs } from './refresh.ts';

/** What is known about an id. A failure leaves the last answer standing. */
export interface TraceState {
  answer?: TraceAnswer;
  failure?: Failure;
  loading: boolean;
}

const START: TraceState = { loading: true };

/** Asks for an id (mount anew for another), and again for as long as something about it is under way and the page is looked at. */
export function useTrace(id: string): TraceState & { again: () => void } {
  const [state, setState] = useState<TraceState>(START);
  const [asked, setAsked] = useState(0);
  const again = useCallback(() => setAsked((times) => times + 1), []);

  // `asked` counts the wishes to ask again.
  useEffect(() => {
    const abort = new AbortController();
    setState((before) => ({ ...before, loading: true }));
    void ask<TraceAnswer>(`/v1/trace/${encodeURIComponent(id)}`, fetch, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setState((before) =>
        answer.ok ? { answer: answer.value, loading: false } : { ...before, failure: answer.failure, loading: false },
      );
    });
    return () => abort.abort();
  }, [id, asked]);

  const wait = state.answer && refreshMs(state.answer);
  useEffect(() => {
    if (wait === undefined || state.loading) return;
    const timer = setInterval(() => !document.hidden && again(), wait);
    return () => clearInterval(timer);
  }, [wait, state.loading, again]);

  return { ...state, again };
}
