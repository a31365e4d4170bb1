import { useCallback, useEffect, useState } from 'preact/hooks';
import type { SettingsAnswer } from '../../api/answers.ts';
import { type Answer, ask, type Failure, send } from '../fetch.ts';

/** What the server is set up with. A failure leaves the last answer standing. */
export interface SettingsState {
  answer?: SettingsAnswer;
  failure?: Failure;
}

/** Asks once, and again after every change. */
export function useSettings(): SettingsState & { again: () => void } {
  const [state, setState] = useState<SettingsState>({});
  const [asked, setAsked] = useState(0);
  const again = useCallback(() => setAsked((times) => times + 1), []);

  // `asked` counts the wishes to ask again.
  useEffect(() => {
    const abort = new AbortController();
    void ask<SettingsAnswer>('/v1/settings', fetch, abort.signal).then((answer) => {
      if (abort.signal.aborted) return;
      setState((before) => (answer.ok ? { answer: answer.value } : { ...before, failure: answer.failure }));
    });
    return () => abort.abort();
  }, [asked]);

  return { ...state, again };
}

/** One thing that an operator may do: whether it is under way, and what went wrong with it. */
export interface Act {
  busy: boolean;
  failure: Failure | undefined;
  /** resolves with the answer, or undefined when it failed */
  run<T>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<T | undefined>;
}

export function useAct(): Act {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const run = async <T>(method: 'POST' | 'DELETE', path: string, body?: object): Promise<T | undefined> => {
    setBusy(true);
    setFailure(undefined);
    const answer: Answer<T> = await send<T>(method, path, body, fetch);
    setBusy(false);
    if (answer.ok) return answer.value;
    setFailure(answer.failure);
    return undefined;
  };
  return { busy, failure, run };
}
