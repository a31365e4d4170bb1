export type Theme = 'system' | 'light' | 'dark';

const KEY = 'assay.theme';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** The theme chosen earlier in this browser; `system` when there is none or storage is closed. */
export function storedTheme(storage: () => Pick<Storage, 'getItem'>): Theme {
  try {
    return themes.find((theme) => theme === storage().getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

/** Keeps the choice; a browser that stores nothing forgets it on the next load. */
export function storeTheme(storage: () => Pick<Storage, 'setItem'>, theme: Theme): void {
  try {
    storage().setItem(KEY, theme);
  } catch {
    return;
  }
}

/** The order in which the toggle walks. */
export function nextTheme(theme: Theme): Theme {
  return themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
}
