import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../../../scripts/chromium.ts';
import { FLAGS } from '../../chromium.ts';

/** Opens a page in a browser that nobody drives: Chromium prerenders nothing while DevTools are attached. */
export function openUndriven(url: string): () => Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'assay-undriven-'));
  // Without a port for DevTools a headless browser ends once the page has loaded; nobody connects to it.
  const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const browser: ChildProcess = spawn(findChromium() ?? '', [...FLAGS, ...own, url], { stdio: 'ignore' });
  return async () => {
    const ended = once(browser, 'exit');
    browser.kill('SIGTERM');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
}
