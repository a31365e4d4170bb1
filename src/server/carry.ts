import { randomBytes } from 'node:crypto';

/** Who a visitor is, on the way from one host of the site to another. */
export interface Carried {
  visitor: string;
  session: string;
}

export const CARRY_S = 120;
const TOKENS_MAX = 10_000;

/** Tokens that give the ids back once. They live in memory: a restart costs a link between two hosts, no more. */
export function openCarries(now: () => number): {
  give(ids: Carried): string;
  take(token: string): Carried | undefined;
} {
  const open = new Map<string, Carried & { until: number }>();
  return {
    give({ visitor, session }) {
      const token = randomBytes(16).toString('base64url');
      if (open.size >= TOKENS_MAX) for (const oldest of open.keys().take(1)) open.delete(oldest);
      open.set(token, { visitor, session, until: now() + CARRY_S * 1000 });
      return token;
    },
    take(token) {
      const found = open.get(token);
      if (!found) return undefined;
      open.delete(token);
      return found.until > now() ? { visitor: found.visitor, session: found.session } : undefined;
    },
  };
}
