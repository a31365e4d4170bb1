import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const EVENT = {
  event: 'AddToCart',
  event_id: 'cart-1',
  page: { url: 'https://shop.example/cart' },
  properties: { content_id: 'SKU-1', quantity: 1, value: 59.9, currency: 'EUR' },
};

interface Manifest {
  version: string;
  dependencies: Record<string, string>;
  bin: Record<string, string>;
}
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

let folder = '';
let installed = '';
let packed: string[] = [];

before(
  async () => {
    folder = mkdtempSync(join(tmpdir(), 'assay-pack-'));
    installed = join(folder, 'shop/node_modules/assay');
    await pack(join(folder, 'checkout'));
    await install();
  },
  { timeout: 120_000 },
);
after(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what runs and nothing else', () => {
  const rooms = new Set(packed.map((file) => file.split('/').slice(0, 2).join('/')));
  for (const file of ['bin/assay.js', 'LICENSE', 'package.json', 'README.md', 'CHANGELOG.md', 'dist/cli/main.js'])
    assert.ok(packed.includes(file), file);
  for (const file of [
    'dist/browser/assay.js',
    'dist/browser/assay.mjs',
    'dist/types/browser/assay.d.ts',
    'dist/types/client/client.d.ts',
  ])
    assert.ok(packed.includes(file), file);
  for (const file of ['dist/pages/index.html', 'dist/pages/dashboard.js', 'dist/pages/dashboard.css'])
    assert.ok(packed.includes(file), file);
  for (const room of ['src', 'test', 'scripts', 'node_modules', '.ci', 'dist/dashboard'])
    assert.ok(![...rooms].some((name) => name.startsWith(room)), room);
  assert.deepEqual(
    packed.filter((file) => /\.test\.|\.conformance\.|(?<!\.d)\.tsx?$/.test(file)),
    [],
  );
});

test('installed in an empty folder, it explains an event', async () => {
  const file = join(folder, 'shop/event.json');
  writeFileSync(file, JSON.stringify(EVENT));
  const { stdout } = await assay('explain', file, '--json');
  const answer = JSON.stringify(JSON.parse(stdout));
  assert.match(answer, /"verdict":"admitted"/);
  assert.match(answer, /"event_source_id"/);
  assert.match(answer, /"value":59\.9[,}]/);
});

test('it says its version and its commands', async () => {
  assert.equal((await assay('--version')).stdout.trim(), manifest.version);
  const help = (await assay('--help')).stdout;
  for (const command of ['demo', 'serve', 'explain', 'trace']) assert.match(help, new RegExp(`\\b${command}\\b`));
});

test('its SDK is a module that does nothing on import', async () => {
  const code = "import('assay/browser').then((sdk) => console.log(Object.keys(sdk).join()))";
  const { stdout } = await run(process.execPath, ['-e', code], { cwd: join(folder, 'shop') });
  assert.equal(stdout.trim(), 'load');
});

test('its client for servers is a module without anything else', async () => {
  const code = "import('assay/server').then((client) => console.log(Object.keys(client).sort().join()))";
  const { stdout } = await run(process.execPath, ['-e', code], { cwd: join(folder, 'shop') });
  assert.equal(stdout.trim(), 'CLIENT_CODES,ClientError,createClient,visitorOf');
});

function assay(...args: string[]): Promise<{ stdout: string }> {
  return run(process.execPath, [join(installed, manifest.bin['assay'] ?? ''), ...args], { cwd: join(folder, 'shop') });
}

/** Packs a copy, because packing writes dist/ anew and other tests read it. */
async function pack(checkout: string): Promise<void> {
  mkdirSync(checkout);
  for (const name of ['bin', 'src', 'scripts', 'LICENSE', 'README.md', 'CHANGELOG.md', 'package.json'])
    if (existsSync(join(ROOT, name))) cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
  for (const name of ['tsconfig.base.json', 'tsconfig.build.json', 'tsconfig.types.json'])
    cpSync(join(ROOT, name), join(checkout, name));
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  await run('npm', ['pack', '--offline', '--pack-destination', folder], { cwd: checkout });
}

/** What npm would do without a network: the package itself, and links to what it depends on. */
async function install(): Promise<void> {
  mkdirSync(installed, { recursive: true });
  await run('tar', ['-xzf', join(folder, `assay-${manifest.version}.tgz`), '-C', installed, '--strip-components=1']);
  packed = (await run('find', ['.', '-type', 'f'], { cwd: installed })).stdout
    .trim()
    .split('\n')
    .map((file) => file.slice(2));
  for (const name of Object.keys(manifest.dependencies)) {
    const link = join(folder, 'shop/node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link);
  }
}
