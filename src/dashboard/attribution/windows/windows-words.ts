import type { WindowsAnswer } from '../../../api/attribution.ts';
import { kindSays } from '../words.ts';

type Windows = Pick<WindowsAnswer['windows'][number], 'click' | 'engagedView' | 'view'>;

const KINDS = ['click', 'engagedView', 'view'] as const;

/** Short names of windows that stand side by side: only what they differ in, such as `click 7d`. */
export function shortNames(windows: readonly Windows[]): string[] {
  const differing = KINDS.filter((kind) => new Set(windows.map((one) => one[kind])).size > 1);
  const kinds = differing.length > 0 ? differing : (['click'] as const);
  return windows.map((one) => kinds.map((kind) => `${kindSays(kind)} ${one[kind]}`).join(', '));
}
