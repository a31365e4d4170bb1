import { useEffect, useState } from 'preact/hooks';
import { nextTheme, storedTheme, storeTheme } from './theme.ts';

const storage = () => localStorage;

/** Walks system, light, dark; the choice stays in this browser. */
export function ThemeToggle() {
  const [theme, setTheme] = useState(() => storedTheme(storage));
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const choose = () => {
    const next = nextTheme(theme);
    storeTheme(storage, next);
    setTheme(next);
  };
  return (
    <button type="button" class="button quiet" onClick={choose}>
      Theme: {theme}
    </button>
  );
}
