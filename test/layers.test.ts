import assert from 'node:assert/strict';
import { cpSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { circle, type Rooms, wrongReaches } from './layers.ts';

/** The map of the project: each room of src/, and the rooms it may import. Tests may import anything. */
const ROOMS: Rooms = {
  // the words
  event: { code: [], packages: [] },
  spec: { code: ['event'] },
  contacts: { code: ['event'], packages: ['node:crypto', 'node:net', 'libphonenumber-js/max'] },
  tiktok: { code: ['event', 'contacts'] },
  // in the page
  api: { code: [], types: ['event'] },
  browser: { code: [], types: ['event', 'api'], packages: [] },
  // in a merchant's server
  client: { code: [], types: ['event', 'api'], packages: ['node:net', 'node:util', 'node:zlib'] },
  // the way of a fact
  store: { code: ['event'] },
  collection: { code: ['event', 'spec', 'contacts', 'store', 'tiktok', 'api'] },
  admission: { code: ['event', 'spec', 'store', 'tiktok'] },
  transport: { code: ['event', 'spec', 'store', 'tiktok'] },
  // which touch earned what
  attribution: { code: ['event', 'spec', 'store'] },
  server: {
    code: [
      ...['event', 'spec', 'contacts', 'tiktok', 'api', 'store', 'collection', 'admission', 'transport'],
      ...['attribution', 'ui'],
    ],
  },
  // what people see
  ui: { code: [], packages: ['preact', 'preact/hooks', '@preact/signals'] },
  dashboard: { code: ['api', 'ui'], types: ['event'], packages: ['preact', 'preact/hooks', '@preact/signals'] },
  // the pretend world, which judges the rooms above and so shares no code with them
  sim: { code: ['ui'], types: ['event'] },
  cli: {
    code: [
      ...['event', 'spec', 'contacts', 'tiktok', 'api', 'store', 'collection', 'admission', 'transport', 'server'],
      ...['attribution', 'client', 'ui', 'sim'],
    ],
  },
};

/** What the rooms may read beside src/. */
const OUTSIDE = ['package.json', 'dist'];

const SRC = fileURLToPath(new URL('../src', import.meta.url));

test('no file reaches into a room that its own room may not import', () => {
  assert.deepEqual(wrongReaches(SRC, ROOMS, OUTSIDE), []);
});

test('every room of the map has files', () => {
  for (const room of Object.keys(ROOMS)) assert.ok(globSync(`${room}/**/*.{ts,tsx}`, { cwd: SRC }).length > 0, room);
});

test('the map has no circle', () => {
  assert.equal(circle(ROOMS), undefined);
  assert.deepEqual(circle({ a: { code: ['b'] }, b: { code: [], types: ['c'] }, c: { code: ['a'] } }), [
    ...['a', 'b', 'c', 'a'],
  ]);
});

let copy = '';
before(() => {
  copy = mkdtempSync(join(tmpdir(), 'assay-layers-'));
  cpSync(SRC, copy, { recursive: true });
});
after(() => rmSync(copy, { recursive: true }));

const planted: [file: string, text: string, sentences: string[]][] = [
  ['event/plant.ts', "import { parseSpec } from '../spec/parse.ts';", ['event/plant.ts reaches into spec']],
  ['event/plant.ts', "import type { Spec } from '../spec/spec.ts';", ['event/plant.ts reaches into spec']],
  ['event/plant.ts', "export * from '../spec/spec.ts';", ['event/plant.ts reaches into spec']],
  ['event/plant.ts', "import '../store/journal.ts';", ['event/plant.ts reaches into store']],
  ['event/plant.ts', "const x = await import('../store/journal.ts');", ['event/plant.ts reaches into store']],
  ['event/plant.ts', 'new URL("../ui/ui.css", import.meta.url);', ['event/plant.ts reaches into ui']],
  ['event/plant.ts', 'new Worker(workerUrl(`../store/writer`));', ['event/plant.ts reaches into store']],
  ['event/plant.ts', "import { hash } from 'node:crypto';", ['event/plant.ts takes the package node:crypto']],
  ['sim/twin/plant.ts', "import type { Leg } from '../../event/event.ts';", []],
  [
    'sim/twin/plant.ts',
    "import { money } from '../../event/money.ts';",
    ['sim/twin/plant.ts reaches into event for more than types'],
  ],
  [
    'sim/twin/plant.ts',
    "import { type Leg } from '../../event/event.ts';",
    ['sim/twin/plant.ts reaches into event for more than types'],
  ],
  ['sim/twin/plant.ts', "import { codes } from '../../tiktok/codes.ts';", ['sim/twin/plant.ts reaches into tiktok']],
  [
    'server/plant.ts',
    "import x from '../../test/data/x.json';",
    ['server/plant.ts reaches out of src to test/data/x.json'],
  ],
  ['server/plant.ts', "import x from '../../package.json';", []],
  ['plant.ts', "import './event/event.ts';", ['plant.ts stands in no room of the table']],
  ['event/plant.test.ts', "import { parseSpec } from '../spec/parse.ts';", []],
];
for (const [file, text, sentences] of planted)
  test(`${file} with \`${text}\` is ${sentences.length > 0 ? 'named' : 'in order'}`, () => {
    writeFileSync(join(copy, file), text);
    const found = wrongReaches(copy, ROOMS, OUTSIDE).filter((sentence) => sentence.includes('plant'));
    rmSync(join(copy, file));
    assert.deepEqual(found, sentences);
  });
