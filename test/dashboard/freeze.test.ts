import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { runAssay, type Started, startAssay } from '../assay.ts';
import { launch } from '../chromium.ts';
import { tellServer } from '../door.ts';
import { SECRET_KEY } from '../server.ts';

const UNTIL = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
const FROZEN = DEFAULT_TRACKING_YAML.replace(
  'freeze: null',
  `freeze: { until: ${UNTIL}, because: value test, what: [leads.ladder] }`,
);
const DEARER = FROZEN.replace('"40.00 EUR"', '"60.00 EUR"');
const REASON = 'the bank <b>pays</b> more now';

interface Ready {
  signInUrl: string;
  adminUrl: string;
  publicUrl: string;
}

let browser: Browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

test('a frozen scale: the refused change and the forced one both stand on the page, with reason, time and account', async (t) => {
  const place = folderOf(t);
  place.write(FROZEN);
  const first = await place.serve();
  await tell(first, '/v1/leads', { lead_id: 'L-1', visitor: 'v-1', session: 's-1', consent: 'granted' });
  await tell(first, '/v1/leads/L-1/status', { status: 'qualified' });
  await onLeads(first, async (page) => {
    const note = page.getByRole('region', { name: 'Freeze' });
    assert.match(await note.innerText(), new RegExp(`Frozen until ${UNTIL}[\\s\\S]*value test[\\s\\S]*leads.ladder`));
    assert.equal(await page.getByRole('region', { name: 'Refused change' }).count(), 0);
    assert.match(await worthOf(page), /worth 40\.00 EUR[\s\S]*40\.00 EUR$/);
  });
  await first.end('SIGTERM');

  place.write(DEARER);
  const silent = await place.activate();
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /leads\.ladder\.qualified is frozen/);
  const second = await place.serve();
  await onLeads(second, async (page) => {
    const note = await page.getByRole('region', { name: 'Refused change' }).innerText();
    assert.match(note, /leads\.ladder\.qualified: was 40\.00 EUR, becomes 60\.00 EUR/);
    // The command, and then the start on the same file.
    assert.match(note, /2 times, last \d+ \w+ \d{4}, \d\d:\d\d:\d\d/);
    assert.match(await worthOf(page), /worth 40\.00 EUR/);
    assert.equal(await page.getByRole('region', { name: 'Breaks of the scale' }).count(), 0);
  });
  await second.end('SIGTERM');

  const forced = await place.activate('--override', REASON);
  assert.deepEqual([forced.code, forced.stderr], [0, '']);
  const third = await place.serve();
  await onLeads(third, async (page) => {
    const note = await page.getByRole('region', { name: 'Breaks of the scale' }).innerText();
    assert.match(note, /Version 2, \d+ \w+ \d{4}, \d\d:\d\d:\d\d/);
    assert.ok(note.includes(REASON), note);
    assert.match(note, /by jane[\s\S]*leads\.ladder\.qualified: was 40\.00 EUR, becomes 60\.00 EUR/);
    const funnel = page.getByRole('region', { name: 'Funnel' });
    await funnel.getByText('scale changed by version 2').waitFor();
    // What a step was worth stays in the books as it was.
    assert.match(await worthOf(page), /worth 60\.00 EUR[\s\S]*40\.00 EUR$/);
    await page.getByRole('region', { name: 'Freeze' }).getByText(`Frozen until ${UNTIL}`).waitFor();
  });
  await third.end('SIGTERM');
});

/** The step `qualified` on the funnel, in words. */
async function worthOf(page: Page): Promise<string> {
  const rung = page.locator('.funnel > li').filter({ hasText: 'qualified' });
  return (await rung.innerText()).trim();
}

async function onLeads({ ready }: Started<Ready>, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => line.type() === 'error' && errors.push(`${line.text()} ${line.location().url}`));
    await page.goto(ready.signInUrl);
    await page.waitForURL(/\/(?:live)?$/);
    await page.getByRole('link', { name: 'Leads', exact: true }).click();
    await page.getByText('1 lead on this page, which is all').waitFor();
    await look(page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

function tell({ ready }: Started<Ready>, path: string, body: object): Promise<void> {
  return tellServer(ready.publicUrl, path, body);
}

/** A folder with a spec and a store, and the commands on them. */
function folderOf(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-freeze-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const spec = join(folder, 'tracking.yaml');
  const env = {
    ...{ ASSAY_DATA: join(folder, 'store'), ASSAY_SPEC: spec, ASSAY_PORT: '0', ASSAY_ADMIN_PORT: '0' },
    ...{ ASSAY_SECRET_KEY: SECRET_KEY, ASSAY_TIKTOK_API: 'http://127.0.0.1:1', TIKTOK_TOKEN: 'token-of-the-test' },
    ...{ SUDO_USER: '', USER: 'jane' },
  };
  return {
    write: (text: string) => writeFileSync(spec, text),
    activate: (...args: string[]) => runAssay(['spec', 'activate', spec, ...args], { env }),
    serve: () => startAssay<Ready>(['serve', '--json'], env, (child) => t.after(() => child.kill('SIGKILL'))),
  };
}
