import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { runAssay, type Started, startAssay } from '../../test/assay.ts';
import { signIn } from '../../test/live.ts';
import type { LeadsAnswer } from '../api/books.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';

const UNTIL = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
const FROZEN = DEFAULT_TRACKING_YAML.replace(
  'freeze: null',
  `freeze: { until: ${UNTIL}, because: value test, what: [leads.ladder] }`,
);
const DEARER = FROZEN.replace('"40.00 EUR"', '"60.00 EUR"');
const CHANGE = 'leads.ladder.qualified: was 40.00 EUR, becomes 60.00 EUR';
const REASON = 'the old prices were wrong';

interface Ready {
  adminUrl: string;
  signInUrl: string;
  spec: number;
}

test('a frozen scale changes at no command but one that says why, and the reports tell who tried and what was broken', async (t) => {
  const place = folderOf(t);
  place.write(FROZEN);
  const first = await place.serve();
  place.write(DEARER);

  const whileItRuns = await place.activate('--override', REASON);
  assert.notEqual(whileItRuns.code, 0);
  assert.match(whileItRuns.stderr, /^another writer has this store open: /);
  assert.deepEqual(await report(first), { version: 1, worth: '40.00', frozen: true, tried: undefined, breaks: [] });
  await first.end('SIGTERM');

  const silent = await place.activate();
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /leads\.ladder\.qualified is frozen until .* \(value test\): was 40\.00 EUR, becomes 60/);
  const second = await place.serve();
  assert.match(second.said(), /was not activated, and version 1 stays active/);
  const tried = await report(second);
  assert.deepEqual([tried.version, tried.worth, tried.breaks], [1, '40.00', []]);
  assert.match(
    tried.tried ?? '',
    /^2 times: leads\.ladder\.qualified: was 40\.00 EUR, becomes 60\.00 EUR; frozen until/,
  );
  await second.end('SIGTERM');

  const forced = await place.activate('--override', REASON);
  assert.deepEqual([forced.code, forced.stderr], [0, '']);
  const third = await place.serve();
  assert.equal(third.said(), '');
  const { breaks, ...broken } = await report(third);
  assert.deepEqual([broken.version, broken.worth, broken.frozen], [2, '60.00', true]);
  assert.deepEqual(breaks, [{ version: 2, because: REASON, what: [CHANGE] }]);
  await third.end('SIGTERM');
});

/** A folder with a spec and a store, and the commands on them. */
function folderOf(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-activate-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const spec = join(folder, 'tracking.yaml');
  const env = {
    ...{ ASSAY_DATA: join(folder, 'store'), ASSAY_SPEC: spec, ASSAY_PORT: '0', ASSAY_ADMIN_PORT: '0' },
    ...{ ASSAY_SECRET_KEY: 'secret-key-of-the-server-door', ASSAY_TIKTOK_API: 'http://127.0.0.1:1' },
    TIKTOK_TOKEN: 'token-of-the-test',
  };
  return {
    write: (text: string) => writeFileSync(spec, text),
    activate: (...args: string[]) => runAssay(['spec', 'activate', spec, ...args], { env }),
    serve: () => startAssay<Ready>(['serve', '--json'], env, (child) => t.after(() => child.kill('SIGKILL'))),
  };
}

/** What a running server's report on leads says of the scale. */
async function report({ ready }: Started<Ready>) {
  const headers = { cookie: await signIn(ready.signInUrl) };
  const answer = (await (await fetch(`${ready.adminUrl}/v1/reports/leads`, { headers })).json()) as LeadsAnswer;
  const { specVersion, ladder, freeze, attempt, breaks = [] } = answer;
  return {
    version: specVersion,
    worth: ladder.find(({ status }) => status === 'qualified')?.value?.amount,
    frozen: freeze?.until === UNTIL,
    tried: attempt ? `${attempt.times} times: ${attempt.what}` : undefined,
    breaks: breaks.map(({ version, because, what }) => ({ version, because, what })),
  };
}
