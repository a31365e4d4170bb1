import type { Reading } from './answer.ts';

/** Return codes that another token may not get: expired, wrong, missing, or without permission for the pixel. */
const CODES: ReadonlySet<number> = new Set([40001, 40101, 40102, 40103, 40104, 40105, 40106, 40115, 40116]);

/** Is it this token that TikTok does not take? Then it took no event either. */
export function isTokenFault({ outcome, code, http }: Reading): boolean {
  return outcome === 'paused' && (code === undefined ? http === 401 || http === 403 : CODES.has(code));
}
