// Loaded into the process of every test file: ends it when something was left running, and says what.
import { relative } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** How long a file may take in all, by the start of its path. A single test has a limit of its own. */
const LIMITS_S: readonly [path: string, seconds: number][] = [
  ['test/browser', 240],
  // By hand with more kills than usual.
  ['test/crash', 240 + 12 * Number(process.env['ASSAY_KILLS'] ?? 20)],
  ['test/dashboard', 240],
  ['test/demo', 240],
  ['test/month', 600],
  ['test/pack', 240],
  ['', 120],
];

const file = relative(process.cwd(), process.argv[1] ?? '');
const seconds = LIMITS_S.find(([path]) => file.startsWith(path))?.[1] ?? 0;
if (isMainThread)
  setTimeout(() => {
    console.error(`${file} still runs after ${seconds} s, with open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, seconds * 1000).unref();
