import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const PAGES = ['README.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: ROOT })];

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

for (const page of PAGES)
  test(`every link of ${page} leads somewhere`, () => {
    for (const [, target = '', anchor] of prose(read(page)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)) {
      const file = target === '' ? page : join(dirname(page), target);
      assert.ok(existsSync(join(ROOT, file)), `${page} links to ${target}`);
      if (anchor !== undefined) assert.ok(anchors(read(file)).includes(anchor), `${page} links to ${target}#${anchor}`);
    }
  });

test('every test that the invariants name exists', () => {
  const named = [...read('docs/invariants.md').matchAll(/^- `([^`]+)`: (.+)$/gm)];
  const missing = named.filter(
    ([, file = '', name = '']) => !existsSync(join(ROOT, file)) || !read(file).includes(name),
  );
  assert.deepEqual(
    missing.map(([line]) => line),
    [],
  );
  assert.ok(named.length > 30);
});

test('each invariant names a test', () => {
  const [, ...sections] = read('docs/invariants.md').split(/^## /m);
  assert.equal(sections.length, 14);
  for (const section of sections) assert.match(section, /^- `/m);
});

function prose(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** Anchors of the headings, as forges make them. */
function anchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\d\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
