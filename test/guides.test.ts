/**
 * What the guides show must work. A new guide, and a new block, is covered by its language alone:
 *   sh    is run, in the order of the guide, in a folder of its own with a collector of its own; a curl must answer 2xx
 *   js    is run where it imports assay/server; otherwise it must be JavaScript
 *   json  must be JSON, and what looks like an event must be admitted
 *   yaml  must pass `assay spec check`; a fragment is put into the smallest spec
 * Two words after the language change that: ```sh shown is not run, ```json wrong must not be admitted.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { transform } from 'esbuild';
import { parse } from 'yaml';
import { explain } from '../src/cli/explain.ts';
import { parseSpec } from '../src/spec/parse.ts';
import { type Block, blocksOf } from './blocks.ts';
import { WITH_CLIENT } from './node-with-client.ts';
import { HOOK_SECRET, SECRET_KEY, startTestServer, type TestServer, WRITE_KEY } from './server.ts';

const ROOT = join(import.meta.dirname, '..');
const GUIDES = globSync('docs/guides/*.md', { cwd: ROOT }).sort();

/** The commands that the guides use, as people have them once the package is installed. */
let commands = '';
before(() => {
  commands = mkdtempSync(join(tmpdir(), 'assay-guides-bin-'));
  const assay = `exec ${JSON.stringify(process.execPath)} ${JSON.stringify(join(ROOT, 'bin/assay.js'))} "$@"`;
  for (const [name, line] of [
    ['assay', assay],
    ['npx', '[ "$1" = --no-install ] && shift\nexec "$@"'],
  ] as const) {
    writeFileSync(join(commands, name), `#!/bin/sh\n${line}\n`);
    chmodSync(join(commands, name), 0o755);
  }
});
after(() => rmSync(commands, { recursive: true }));

for (const guide of GUIDES) {
  const blocks = blocksOf(readFileSync(join(ROOT, guide), 'utf8'));
  const of = (language: string): Block[] => blocks.filter((block) => block.language === language);

  for (const block of of('yaml'))
    test(`${guide}:${block.line} passes the spec check`, () => {
      const parsed = parseSpec(wholeSpec(block.text), { rates: () => 'currency,rate,date\n' });
      assert.deepEqual(parsed.ok ? [] : parsed.problems, []);
    });

  for (const block of of('json'))
    test(`${guide}:${block.line} is JSON, and its events are what they should be`, async () => {
      const events = jsonIn(block.text).filter(isEvent);
      for (const { verdict, problems } of await explain(events, undefined, Date.now()))
        if (block.words.includes('wrong')) assert.ok(verdict === 'quarantined' || verdict === 'refused');
        else assert.equal(verdict, 'admitted', JSON.stringify(problems));
    });

  for (const block of of('js').filter((one) => !runs(one)))
    test(`${guide}:${block.line} is JavaScript`, async () => {
      await transform(block.text, { loader: 'js', format: 'esm' });
    });

  const running = blocks.filter(runs);
  if (running.length > 0)
    test(`${guide} works when copied, line by line`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'assay-guides-'));
      t.after(() => rmSync(folder, { recursive: true, force: true }));
      const server = await startTestServer('http://127.0.0.1:1', { dataFolder: join(folder, '.assay') });
      t.after(() => server.stop());
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      mkdirSync(join(folder, 'examples'));
      for (const file of ['tracking.yaml', 'examples/tracking.yaml'])
        writeFileSync(join(folder, file), readFileSync(join(ROOT, 'examples/tracking.yaml')));
      for (const block of running) {
        const { code, said } = await run(block, folder, server);
        assert.equal(code, 0, `${guide}:${block.line}\n${said}`);
      }
    });
}

test('every guide shows something that is checked', () => {
  assert.ok(GUIDES.length >= 6);
  const checked = GUIDES.flatMap((guide) => blocksOf(readFileSync(join(ROOT, guide), 'utf8'))).filter(
    ({ language }) => language !== 'text',
  );
  assert.ok(checked.length > 30);
});

test('blocks are found in lists too, with the words after their language', () => {
  const found = blocksOf('a\n```sh shown\nx\n```\n- b\n  ```json\n  {\n    "y": 1\n  }\n  ```\n');
  assert.deepEqual(found, [
    { line: 3, language: 'sh', words: ['shown'], text: 'x\n' },
    { line: 7, language: 'json', words: [], text: '{\n  "y": 1\n}\n' },
  ]);
});

function runs({ language, words, text: told }: Block): boolean {
  return (language === 'sh' && !words.includes('shown')) || (language === 'js' && told.includes("from 'assay/server'"));
}

/** Runs a block as a reader would, against this server instead of the guide's addresses. */
async function run(block: Block, folder: string, server: TestServer): Promise<{ code: number | null; said: string }> {
  const here = block.text
    .replaceAll('https://collect.shop.example', server.publicUrl)
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8787/g, server.publicUrl)
    .replaceAll(/(?:http:\/\/)?(?:localhost|127\.0\.0\.1):8788/g, server.adminUrl);
  // An answer that is not 2xx ends the script.
  const shell = ['bash', '-euo', 'pipefail', '-c', `curl() { command curl --fail-with-body "$@"; }\n${here}`];
  const [command = '', ...args] =
    block.language === 'sh' ? shell : [process.execPath, '--input-type=module', '--eval', here];
  const child = spawn(command, args, {
    cwd: folder,
    env: {
      ...process.env,
      NODE_OPTIONS: WITH_CLIENT,
      PATH: [commands, dirname(process.execPath), process.env['PATH']].join(delimiter),
      ASSAY_URL: server.publicUrl,
      ASSAY_PUBLIC_URL: server.publicUrl,
      ASSAY_SECRET_KEY: SECRET_KEY,
      ASSAY_WEBHOOK_SECRET: HOOK_SECRET,
      ASSAY_WRITE_KEY: WRITE_KEY,
      ASSAY_DATA: join(folder, '.assay'),
      TIKTOK_TOKEN: 'twin-token',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code: code as number | null, said: out + err };
}

const SMALLEST: Readonly<Record<string, string>> = {
  assay: '1',
  business: '{ id: nugget, name: Nugget, country: DE, currency: EUR, timezone: Europe/Berlin }',
  sites: '{ origins: ["https://shop.example"] }',
  destinations: '[{ id: main, pixel: CD9079RC77U0N3GBV16Y, token: env:TIKTOK_TOKEN }]',
};

/** A part of a spec, with the parts that it needs around it. */
function wholeSpec(part: string): string {
  const own = Object.keys((parse(part) as object | null) ?? {});
  const missing = Object.entries(SMALLEST).filter(([name]) => !own.includes(name));
  return `${missing.map(([name, value]) => `${name}: ${value}\n`).join('')}${part}`;
}

/** One value, or one a line. */
function jsonIn(told: string): unknown[] {
  try {
    const value: unknown = JSON.parse(told);
    return Array.isArray(value) ? value : [value];
  } catch {
    return told
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as unknown);
  }
}

function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'event' in value && !('fire' in value);
}
