import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';

// Lets the launcher believe that it runs under another Node.
const pretend = (version: string) => [
  `--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`,
];

let folder = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-launcher-'));
  mkdirSync(join(folder, 'bin'));
  cpSync(join(import.meta.dirname, '../bin/assay.js'), join(folder, 'bin/assay.js'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
after(() => rmSync(folder, { recursive: true }));

test('under an older Node the package says in one sentence what to do', async () => {
  const { code, stdout, stderr } = await launch(pretend('20.19.0'));
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^Assay needs Node 24 or newer and this is v[\d.]+: run `npm install node@24`, then `npx assay`\.\n$/,
  );
});

test('under a new Node the package runs what was built', async () => {
  write('dist/cli/main.js', "console.log('built', process.argv.slice(2).join(' '));");
  assert.deepEqual(await launch([], 'explain', 'a b'), { code: 0, stdout: 'built explain a b\n', stderr: '' });
});

test('a checkout runs its source, even where something was built', async () => {
  write(
    'src/cli/main.ts',
    "const from: string = 'source';\nconsole.log(from, process.argv[2]);\nprocess.exitCode = 3;",
  );
  assert.deepEqual(await launch([], 'explain'), { code: 3, stdout: 'source explain\n', stderr: '' });
});

test('under an older Node a checkout without its packages says in one sentence what to do', async () => {
  const { code, stderr } = await launch(pretend('22.1.0'));
  assert.equal(code, 1);
  assert.match(stderr, /^Assay needs Node 24 .*: run `npm ci`, then `npx --no-install assay`\.\n$/);
});

test('under an older Node a checkout starts the newer one that it has, with its arguments and exit code', async () => {
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  assert.deepEqual(await launch(pretend('20.19.0'), 'explain'), { code: 3, stdout: 'source explain\n', stderr: '' });
});

test('a request to end reaches the newer Node', async () => {
  write(
    'src/cli/main.ts',
    "process.on('SIGTERM', () => process.exit(7));\nsetInterval(() => {}, 1000);\nconsole.log('ready');",
  );
  const child = start(pretend('20.19.0'));
  const ended = once(child, 'exit');
  await once(child.stdout ?? child, 'data');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [7, null]);
});

function start(flags: string[], ...args: string[]): ChildProcess {
  return spawn(process.execPath, [...flags, join(folder, 'bin/assay.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function launch(flags: string[], ...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = start(flags, ...args);
  assert.ok(child.stdout && child.stderr);
  const [[code], stdout, stderr] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

function write(path: string, source: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), source);
}
