import assert from 'node:assert/strict';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../scripts/chromium.ts';

// As root Chromium needs --no-sandbox; the rest keeps it from requests of its own.
const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** A headless Chromium with a fresh profile, and perhaps flags of its own; the test closes it. */
export async function launch(...flags: string[]): Promise<Browser> {
  const executablePath = findChromium();
  assert.ok(executablePath, 'Chromium is missing: node scripts/chromium.ts');
  return chromium.launch({ executablePath, args: [...FLAGS, ...flags] });
}
