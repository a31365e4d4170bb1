import { HOUR } from './time.ts';

/** What a key opens: pages' doors, servers' doors, or imports only. */
export type KeyRole = 'browser' | 'server' | 'import';

/** A key that an operator made; its text was shown once and is not kept. */
export interface KeyRow {
  id: string;
  role: KeyRole;
  /** what the operator calls it */
  name: string;
  /** SHA-256 of its text, in hex */
  hash: string;
  /** everything told with it is a draft */
  draft: boolean;
  createdAt: number;
  /** UTC ms from which it opens nothing any more */
  endsAt?: number;
}

/** A test session ends by itself after this. */
export const TEST_MS_MAX = 24 * HOUR;

/** While it lasts, drafts go to a destination's Test Events with this code. The key is the destination. */
export interface TestRow {
  destination: string;
  code: string;
  openedAt: number;
  until: number;
}

/** Do drafts go to the destination now? */
export function isOpen(test: TestRow | undefined, at: number): test is TestRow {
  return test !== undefined && test.openedAt <= at && at < test.until;
}
