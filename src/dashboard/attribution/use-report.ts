import { useEffect } from 'preact/hooks';
import { type Books, useBooks } from '../books/use-books.ts';

/** What the server says while the warehouse is not there yet, or not at the moment. */
const NOT_YET = 'attribution_not_ready';
/** As long as the server asks one to wait. */
const AGAIN_MS = 5000;

/** A report's answer; while the server has none yet, it is asked for again and again. */
export function useReport<T>(question: string): Books<T> & { waiting: boolean } {
  const { answer, failure, ...books } = useBooks<T>(question);
  const { again } = books;
  const waiting = failure?.code === NOT_YET;
  // Each refusal is another one, so that each begins a wait of its own.
  useEffect(() => {
    if (failure?.code !== NOT_YET) return;
    const timer = setTimeout(again, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [failure, again]);
  return { ...books, ...(answer && { answer }), ...(failure && !waiting && { failure }), waiting };
}
