import { createHash, timingSafeEqual } from 'node:crypto';

/** Equal texts, compared in a time that does not depend on where they differ. */
export function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
