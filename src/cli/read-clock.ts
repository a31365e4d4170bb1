import { readTime } from '../admission/when.ts';

/** Where a tracking spec stands unless told. */
export const SPEC_FILE = './tracking.yaml';

/** UTC ms of a time as people and scripts write it: ISO 8601 or Unix seconds. */
export function readClock(text: string): number | undefined {
  if (text.trim() === '') return undefined;
  const read = readTime(text, Number.MAX_SAFE_INTEGER, { warnAge: Number.POSITIVE_INFINITY });
  return read.problems.length > 0 ? undefined : read.at;
}
