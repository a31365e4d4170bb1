import { deepEqual } from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';

const MS_MAX = 15_000;

/** Waits until what is read is what is expected, and shows the difference when it never is. */
export async function becomes<T>(read: () => T | Promise<T>, expected: NoInfer<T>): Promise<void> {
  for (const end = Date.now() + MS_MAX; ; await wait(25)) {
    const found = await read();
    try {
      return deepEqual(found, expected);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
