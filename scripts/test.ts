// Runs the tests: all of them, or those whose path contains one of the words given.
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { bundleForBrowsers } from './bundle.ts';
import { findChromium } from './chromium.ts';

const FILES_AT_ONCE = 2;

const words = process.argv.slice(2);
const files = globSync(['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'])
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
const chromium = findChromium();
if (chromium) process.env['CHROMIUM'] = chromium;

// The tests of the whole see the pages and the SDK as they are now.
await bundleForBrowsers(join(import.meta.dirname, '../dist'));

// Until node's own summary says otherwise.
process.exitCode = 1;
if (files.length === 0) console.error(`No test file has ${words.join(' or ')} in its path.`);
else
  run({
    files,
    concurrency: FILES_AT_ONCE,
    execArgv: ['--test-timeout=60000', `--import=${new URL('../test/limit.ts', import.meta.url).href}`],
  })
    .on('test:summary', ({ file, success, counts }) => {
      if (file !== undefined) return;
      // A skipped test proves nothing.
      process.exitCode = success && counts.skipped + counts.todo === 0 ? 0 : 1;
    })
    .compose(spec)
    .pipe(process.stdout);
