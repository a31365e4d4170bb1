import type { ClientConfig } from '../event/client-spec.ts';

/** What the collector tells this page. There is one page, so its state lives in the modules. */
export const client = {} as ClientConfig;

/** Unix seconds. */
export function now(): number {
  return Date.now() / 1000;
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** The function's value; undefined where it throws, as a page's storage may at every touch. */
export function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
