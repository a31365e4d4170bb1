import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { testIo } from '../../test/io.ts';
import { signIn } from '../../test/live.ts';
import { startTestServer, type TestServer } from '../../test/server.ts';
import type { LeadsAnswer } from '../api/books.ts';
import { specActivate } from '../cli/spec-activate.ts';
import { DEFAULT_TRACKING_YAML } from '../spec/default-text.ts';
import { accountOf } from './activate.ts';
import { readConfig } from './config.ts';

const DAY_AFTER_TOMORROW = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
const FROZEN = DEFAULT_TRACKING_YAML.replace(
  'freeze: null',
  `freeze: { until: ${DAY_AFTER_TOMORROW}, because: window test, what: [leads.ladder] }`,
);
const DEARER = FROZEN.replace('"40.00 EUR"', '"60.00 EUR"');
const WHAT = 'leads.ladder.qualified: was 40.00 EUR, becomes 60.00 EUR';

/** A folder with a spec and a store that servers run on, one after the other. */
function place(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'assay-freeze-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const specFile = join(folder, 'tracking.yaml');
  return {
    folder,
    specFile,
    write: (text: string) => writeFileSync(specFile, text),
    async serve<T>(look: (server: TestServer, leads: LeadsAnswer) => T, specOverride?: string): Promise<T> {
      const config = { dataFolder: folder, specFile, ...(specOverride === undefined ? {} : { specOverride }) };
      const server = await startTestServer('http://127.0.0.1:1', config);
      try {
        const headers = { cookie: await signIn(server.signInUrl()) };
        const answer = await fetch(`${server.adminUrl}/v1/reports/leads`, { headers });
        return look(server, (await answer.json()) as LeadsAnswer);
      } finally {
        await server.stop();
      }
    },
  };
}

test('a frozen scale can’t be changed silently: the server goes on with the old one and says so', async (t) => {
  const { serve, write } = place(t);
  write(FROZEN);
  await serve((server, leads) => {
    assert.deepEqual([server.specVersion, server.log], [1, []]);
    const { freeze, attempt, breaks } = leads;
    assert.deepEqual(
      [freeze, attempt, breaks],
      [{ until: DAY_AFTER_TOMORROW, because: 'window test', what: ['leads.ladder'] }, null, []],
    );
  });
  write(DEARER);
  for (const times of [1, 2])
    await serve((server, { ladder, attempt, breaks, specVersion }) => {
      assert.deepEqual([server.specVersion, specVersion], [1, 1]);
      assert.match(
        server.log.join(),
        /was not activated, and version 1 stays active:\n {2}leads\.ladder\.qualified is frozen/,
      );
      assert.equal(ladder.find(({ status }) => status === 'qualified')?.value?.amount, '40.00');
      assert.equal(attempt?.times, times);
      assert.ok(attempt?.what.startsWith(WHAT) && attempt.what.endsWith('window test'), attempt?.what);
      assert.deepEqual(breaks, []);
    });
  await serve((server, { ladder, attempt, breaks }) => {
    assert.deepEqual([server.specVersion, server.log], [2, []]);
    assert.equal(ladder.find(({ status }) => status === 'qualified')?.value?.amount, '60.00');
    assert.deepEqual(
      breaks?.map(({ version, because, what }) => [version, because, what]),
      [[2, 'the old prices were wrong', [WHAT]]],
    );
    assert.equal(attempt?.times, 2);
  }, 'the old prices were wrong');
  await serve((server, { breaks }) => {
    assert.deepEqual([server.specVersion, server.log, breaks?.length], [2, [], 1]);
  });
});

test('the command does what the server’s start would, and takes the reason once', async (t) => {
  const { folder, specFile, serve, write } = place(t);
  const run = async (override?: string) => {
    const io = testIo({ now: Date.now() });
    const options = { file: specFile, data: folder, ...(override === undefined ? {} : { override }) };
    return [await specActivate(options, io), io.out() + io.err()] as const;
  };
  assert.deepEqual((await run())[0], 2);
  write(FROZEN);
  assert.match((await run()).join(), /^2,There is no store/);
  await serve(() => undefined);
  assert.match((await run()).join(), /^0,Version 1 of the tracking spec is active: spec [0-9a-f]{8}\.\n$/);
  write(DEARER);
  const [code, said] = await run();
  assert.equal(code, 1);
  assert.match(
    said,
    /^The tracking spec was not activated.*\n {2}leads\.ladder\.qualified .*\nTo change it all the same/,
  );
  assert.match((await run('write to jane@mail.example')).join(), /^2,--override can’t be used/);
  assert.match((await run('the old prices were wrong')).join(), /^0,Version 2 /);
  write(FROZEN);
  assert.match((await run('the old prices were wrong')).join(), /^1,.*override has served for an earlier version/s);
  write('assay: 2');
  assert.match((await run()).join(), /^1,.*tracking\.yaml:1:/s);
  write(DEARER);
  await serve((server, { breaks }) => {
    assert.deepEqual([server.specVersion, breaks?.map(({ because }) => because)], [2, ['the old prices were wrong']]);
  });
});

test('a reason for an override is a sentence that names nobody', () => {
  const read = (reason: string) => {
    const parsed = readConfig({ ASSAY_SECRET_KEY: 'x'.repeat(20), ASSAY_SPEC_OVERRIDE: reason });
    return parsed.ok ? parsed.value.specOverride : parsed.problems.map(({ where }) => where).join();
  };
  assert.deepEqual(
    [read(''), read(' new prices '), read('x'.repeat(201)), read('ask jane@mail.example')],
    [undefined, 'new prices', 'ASSAY_SPEC_OVERRIDE', 'ASSAY_SPEC_OVERRIDE'],
  );
});

test('the account is the one that a person came from, and nothing that could be more than a name', () => {
  const table: [env: Record<string, string>, account: string | undefined][] = [
    [{ SUDO_USER: 'jane', USER: 'root' }, 'jane'],
    [{ SUDO_USER: '', USER: 'deploy' }, 'deploy'],
    [{ LOGNAME: 'deploy' }, 'deploy'],
    [{}, undefined],
    [{ USER: 'jane@mail.example' }, undefined],
    [{ USER: 'x'.repeat(65) }, undefined],
  ];
  for (const [env, account] of table) assert.equal(accountOf(env), account);
});
