import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch } from './chromium.ts';

const script = join(import.meta.dirname, '../scripts/chromium.ts');

test('the Chromium that is found opens a page', async () => {
  const browser = await launch();
  const page = await browser.newPage();
  await page.setContent('<h1>Assay</h1>');
  assert.equal(await page.textContent('h1'), 'Assay');
  await browser.close();
});

test('a Chromium that cannot be run ends the tests with one sentence', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    env: { ...process.env, CHROMIUM: join(import.meta.dirname, 'no-such-browser') },
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^[^\n]+ Chromium: [^\n]+\.\n$/);
});
