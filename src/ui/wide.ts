import { useEffect, useState } from 'preact/hooks';

const WIDE = '(min-width: 60rem)';

/** Whether list and panel fit side by side; the same limit as in ui.css. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const changed = () => setWide(query.matches);
    query.addEventListener('change', changed);
    // It may have changed before anybody listened.
    changed();
    return () => query.removeEventListener('change', changed);
  }, []);
  return wide;
}
