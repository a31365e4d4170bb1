import type { SettingsKey } from '../../api/answers.ts';

/** How long an ended key may go on opening doors, so that senders can be given the new one. */
export const GRACES = [
  ['0s', 'At once'],
  ['1h', 'After 1 hour'],
  ['24h', 'After 24 hours'],
  ['7d', 'After 7 days'],
] as const;

export const ROLES = [
  ['browser', 'pages'],
  ['server', 'servers and imports'],
  ['import', 'imports only'],
] as const;

/** Whose doors a key opens. */
export function opens(role: SettingsKey['role']): string {
  return ROLES.find(([name]) => name === role)?.[1] ?? role;
}

/** `open`, `ending` while its grace runs, or `ended`. */
export function keyState(key: Pick<SettingsKey, 'endsAt'>, now: number): 'open' | 'ending' | 'ended' {
  if (key.endsAt === undefined) return 'open';
  return key.endsAt > now ? 'ending' : 'ended';
}

/** Keys that still open something first, those that ended last; the newest first in each. */
export function inOrder(keys: readonly SettingsKey[], now: number): SettingsKey[] {
  const rank = (key: SettingsKey): number => (keyState(key, now) === 'ended' ? 1 : 0);
  return [...keys].sort((a, b) => rank(a) - rank(b) || (b.createdAt ?? 0) - (a.createdAt ?? 0));
}
