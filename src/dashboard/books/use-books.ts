import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, type Failure } from '../fetch.ts';

/** Long enough for the next letter to be typed. */
const PAUSE_MS = 200;

/** What the server says to one question. While another is under way, the last answer stands. */
interface BooksState<T> {
  answer?: T;
  failure?: Failure;
  loading: boolean;
}

/** The same, with the wish to ask again. */
export type Books<T> = BooksState<T> & { again: () => void };

/** Asks when the question changes, and again on request. A failure takes the rows away: they answer another question. */
export function useBooks<T>(question: string): Books<T> {
  const [state, setState] = useState<BooksState<T>>({ loading: true });
  const [asked, setAsked] = useState(0);
  const first = useRef(true);
  const again = useCallback(() => setAsked((times) => times + 1), []);

  // `asked` counts the wishes to ask again.
  useEffect(() => {
    const abort = new AbortController();
    const go = () =>
      void ask<T>(question, fetch, abort.signal).then((answer) => {
        if (abort.signal.aborted) return;
        setState(answer.ok ? { answer: answer.value, loading: false } : { failure: answer.failure, loading: false });
      });
    setState((before) => ({ ...before, loading: true }));
    const timer = setTimeout(go, first.current ? 0 : PAUSE_MS);
    first.current = false;
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [question, asked]);

  return { ...state, again };
}
