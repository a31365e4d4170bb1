// Finds Chromium for the browser tests, and installs Debian's where it is missing and that is allowed.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const INSTALL_MS_MAX = 600_000;

/** The Chromium to test with: the one that CHROMIUM names, else the first that stands in a usual place. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  return named ? [named].find(runs) : PLACES.find(runs);
}

if (import.meta.main) {
  if (!findChromium() && mayInstall()) install();
  if (!findChromium()) {
    console.error(
      'The browser tests need Chromium: install it, or name it in CHROMIUM, such as CHROMIUM=/usr/bin/chromium.',
    );
    process.exitCode = 1;
  }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function mayInstall(): boolean {
  return !process.env['CHROMIUM'] && process.getuid?.() === 0 && runs('/usr/bin/apt-get');
}

function install(): void {
  console.log('Installing Chromium for the browser tests. This takes a minute or two.');
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
    spawnSync('/usr/bin/apt-get', ['--quiet=2', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'ignore',
      timeout: INSTALL_MS_MAX,
    });
}
