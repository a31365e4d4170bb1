import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { REASONS } from '../src/server/reasons.ts';

const listed = REASONS.map(({ code }) => code);
const ROOMS = ['src/admission', 'src/collection', 'src/transport'];
const sources = [
  ...ROOMS.flatMap((room) => globSync(`${room}/**/*.ts`)),
  'src/tiktok/answer.ts',
  'src/tiktok/parameters.ts',
  ...globSync(['src/server/{doors,checks}.ts', 'src/server/doors/*.ts']),
]
  .filter((file) => !/\.(?:test|conformance)\.ts$/.test(file))
  .map((file) => withoutTables(readFileSync(file, 'utf8')));

test('every reason is listed once, with its meaning', () => {
  assert.deepEqual(
    listed.filter((code, index) => listed.indexOf(code) !== index),
    [],
  );
  for (const { code, means } of REASONS) assert.ok(/^[a-z][a-z_]*$/.test(code) && means.endsWith('.'), code);
});

test('every reason that the code gives is listed', () => {
  const given = new Set(
    sources.flatMap((text) =>
      GIVEN.flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => match[1] ?? '')),
    ),
  );
  assert.ok(given.size > 50, 'the patterns find what they look for');
  assert.deepEqual(
    [...given].filter((code) => !listed.includes(code)),
    [],
  );
});

test('every listed reason is given by the code, and a test comes to it', () => {
  const tests = globSync(['src/**/*.test.ts', 'test/**/*.ts'], { exclude: ['test/reasons.test.ts'] }).map((file) =>
    readFileSync(file, 'utf8'),
  );
  const stands = (code: string, texts: readonly string[]): boolean =>
    texts.some((text) => new RegExp(`\\b${code}\\b`).test(text));
  assert.deepEqual(
    listed.filter((code) => !stands(code, sources)),
    [],
    'never given',
  );
  assert.deepEqual(
    listed.filter((code) => !stands(code, tests)),
    [],
    'never tested',
  );
});

/** How the code gives a reason. */
const GIVEN = [
  /\bwhy: '([a-z_]+)'/g,
  /\breason: '([a-z_]+)'/g,
  /\bcode: '([a-z_]+)'/g,
  /\bwithheld\('([a-z_]+)'\)/g,
  /\bnotes\.push\('([a-z_]+)'\)/g,
  /\bnotes: \[\.\.\.draft\.notes, '([a-z_]+)'/g,
  /\bverdict\(record, '[a-z]+', \['([a-z_]+)'/g,
  /\b(?:read|problem|wrong)\(\s*'([a-z]+_[a-z_]+)'/g,
  /\breturn '([a-z]+_[a-z_]+)'/g,
  // A topic of a provider tells facts, which are no reasons.
  /(?:\?|(?<!tells):) \['([a-z_]+)'\]/g,
];

/** The code without its tables of reasons. */
function withoutTables(text: string): string {
  return text.replace(/export const [A-Z]+_REASONS[\s\S]*?\n\](?: as const)?;/g, '');
}
