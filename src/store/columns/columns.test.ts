import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../test-folder.ts';
import { readColumns, saveColumns } from './columns.ts';
import { appendStep, readSteps } from './log.ts';

const ROWS = 2 ** 20;

function column(bytes: Uint8Array, changedFrom = 0): { bytes: Uint8Array; width: number; changedFrom: number } {
  return { bytes, width: 1, changedFrom };
}

test('columns are read as they were saved, and only blocks that changed are written anew', async (t) => {
  const folder = await temporaryFolder(t);
  const bytes = Uint8Array.from({ length: 2 * ROWS + 7 }, (_, at) => at % 251);
  saveColumns(folder, { a: column(bytes), empty: column(new Uint8Array(0)) }, { n: 1 });
  assert.deepEqual(new Uint8Array((await readColumns(folder))?.columns['a'] as ArrayBuffer), bytes);
  const files = (): string[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.block'))
      .sort();
  const before = files();

  bytes[ROWS + 1] = 255;
  saveColumns(folder, { a: column(bytes, ROWS + 1), empty: column(new Uint8Array(0)) }, { n: 2 });
  const read = await readColumns(folder);
  assert.deepEqual(new Uint8Array(read?.columns['a'] as ArrayBuffer), bytes);
  assert.deepEqual(read?.notes, { n: 2 });
  assert.deepEqual(
    files().filter((name) => before.includes(name)),
    ['a-0.a.block'],
  );
  assert.equal(files().length, 3, 'what no manifest names is gone');
  if (process.platform !== 'win32')
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});

const damages: [what: string, damage: (path: string) => void][] = [
  ['gone', (path) => rmSync(path)],
  ['cut', (path) => truncateSync(path, Math.max(0, statSync(path).size - 1))],
  [
    'written over',
    (path) => {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      writeFileSync(path, bytes);
    },
  ],
];
for (const [what, damage] of damages)
  test(`columns of which one file is ${what} count as none`, async (t) => {
    const folder = await temporaryFolder(t);
    saveColumns(folder, { a: column(Uint8Array.of(1, 2, 3)) }, null);
    for (const name of readdirSync(folder)) {
      saveColumns(folder, { a: column(Uint8Array.of(1, 2, 3)) }, null);
      assert.ok(await readColumns(folder));
      const [file = ''] = readdirSync(folder).filter((one) => one.split('.')[0] === name.split('.')[0]);
      damage(join(folder, file));
      assert.equal(await readColumns(folder), undefined, file);
    }
  });

test('a log leads from one change to another, or counts as none', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [from, to] of [
    [1, 3],
    [3, 4],
    [4, 9],
  ] as const)
    appendStep(folder, { from, to, told: `${from}-${to}` });
  const told = (from: number, to: number): unknown => readSteps(folder, from, to)?.steps.map((step) => step.told);
  assert.equal(told(2, 9), undefined, 'no step begins there');
  assert.equal(told(1, 5), undefined, 'no step ends there');
  assert.deepEqual(told(1, 9), ['1-3', '3-4', '4-9']);
  assert.deepEqual(told(3, 9), ['3-4', '4-9'], 'a step from before the columns were saved is passed over');
  assert.deepEqual(told(1, 4), ['1-3', '3-4'], 'the last was never committed');
  appendStep(folder, { from: 4, to: 6, told: 'again' });
  assert.deepEqual(told(1, 6), ['1-3', '3-4', 'again'], 'and was cut off');
  appendFileSync(join(folder, 'changes.log'), '00000000 {"from":6,"to":7}\nhalf');
  assert.deepEqual(told(1, 6), ['1-3', '3-4', 'again']);
  assert.equal(told(1, 7), undefined);
});
