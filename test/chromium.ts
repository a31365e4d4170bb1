import assert from 'node:assert/strict';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.ts';

// A visitor's: the doors take a headless one for a bot's. Of two such flags the last one holds.
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';

// As root Chromium needs --no-sandbox; the rest keeps it from requests of its own.
export const FLAGS: readonly string[] = [
  `--user-agent=${USER_AGENT}`,
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A headless Chromium with a fresh profile, and perhaps flags of its own; the test closes it. */
export async function launch(...flags: string[]): Promise<Browser> {
  const executablePath = findChromium();
  assert.ok(executablePath, 'Chromium is missing: node scripts/chromium.ts');
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}
