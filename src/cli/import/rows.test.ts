import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { csvRows, jsonRows, type Row } from './rows.ts';

async function rows(text: string, cut = 1000, read = csvRows): Promise<Row[]> {
  const parts = Array.from({ length: Math.ceil(text.length / cut) }, (_, n) => text.slice(n * cut, (n + 1) * cut));
  return all(read(Readable.from(parts)));
}

async function all(found: AsyncIterable<Row>): Promise<Row[]> {
  const list: Row[] = [];
  for await (const row of found) list.push(row);
  return list;
}

for (const [name, text, found] of [
  ['commas', 'a,b\n1,2\n', ['1 a|b', '2 1|2']],
  ['semicolons, with commas in the cells', 'a;b\n1,5;2\n', ['1 a|b', '2 1,5|2']],
  ['tabs', 'a\tb\n1\t2', ['1 a|b', '2 1|2']],
  ['the mark of UTF-8', '\uFEFFa,b\n1,2\n', ['1 a|b', '2 1|2']],
  ['lines of Windows', 'a,b\r\n1,2\r\n', ['1 a|b', '2 1|2']],
  ['a header with quoted delimiters', '"a;b;c;d",e\n1,2\n', ['1 a;b;c;d|e', '2 1|2']],
  ['empty lines', 'a,b\n\n\n1,2\n', ['1 a|b', '4 1|2']],
  ['cells with line breaks', 'a,b\n"x\ny",2\n3,4\n', ['1 a|b', '2 x\ny|2', '4 3|4']],
  ['rows of another length', 'a,b\n1\n1,2,3\n', ['1 a|b', '2 1', '3 1|2|3']],
  ['nothing', '', []],
] as const)
  test(`a file with ${name} is read, whatever its pieces`, async () => {
    for (const cut of [1, 3, 1000])
      assert.deepEqual(
        (await rows(text, cut)).map((row) => `${row.line} ${'cells' in row ? row.cells.join('|') : 'fault'}`),
        found,
      );
  });

test('a quote in the wrong place costs its own line only', async () => {
  const found = await rows('a,b\n1,x"y"z\n3,4\n');
  assert.deepEqual(
    found.map((row) => [row.line, 'fault' in row]),
    [
      [1, false],
      [2, true],
      [3, false],
    ],
  );
});

test('a line without an end is refused before it fills the memory', async () => {
  const endless = async function* () {
    yield 'a,b\n"';
    for (;;) yield 'x'.repeat(10_000);
  };
  await assert.rejects(all(csvRows(endless())), { code: 'line_too_long' });
  await assert.rejects(all(jsonRows(endless())), { code: 'line_too_long' });
});

test('any cells come back as they were written', async () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => text.replace(/\r/g, ''));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 40 }),
      async (lines, cut) => {
        const quoted = lines.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','));
        const found = await rows(`"a","b"\n${quoted.join('\n')}\n`, cut);
        assert.deepEqual(
          found.slice(1).map((row) => ('cells' in row ? row.cells : 'fault')),
          lines.map((cells) => [...cells]),
        );
      },
    ),
    { numRuns: 60 },
  );
});
