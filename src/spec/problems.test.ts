import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSpec } from './parse.ts';
import { renderProblems } from './problems.ts';

test('a problem names file, line and column and marks the place', () => {
  const text = 'assay: 1\r\nevents: { Purchase: { delai: 5s } }\r\n';
  const parsed = parseSpec(text);
  assert.ok(!parsed.ok);
  assert.equal(
    renderProblems(
      'tracking.yaml',
      text,
      parsed.problems.filter(({ code }) => code === 'key_unknown'),
    ),
    `tracking.yaml:2:23 events.Purchase.delai is unknown. Did you mean delay?
  2 | events: { Purchase: { delai: 5s } }
                            ^
`,
  );
});

test('what may be a token is not shown', () => {
  const text = 'assay: 1\ndestinations: [{ token: 9f8e7d6c }]\n';
  const parsed = parseSpec(text);
  assert.ok(!parsed.ok);
  const tokens = parsed.problems.filter(({ code }) => code === 'token_form');
  assert.equal(tokens.length, 1);
  assert.doesNotMatch(renderProblems('tracking.yaml', text, tokens), /9f8e/);
});

test('escape sequences never reach the terminal', () => {
  const text = 'assay: 1\n"\\e[31mred": 1\n\u009b31m: 2\n\u202egreen: 3\n';
  const parsed = parseSpec(text);
  assert.ok(!parsed.ok);
  assert.doesNotMatch(renderProblems('tracking.yaml', text, parsed.problems).replaceAll('\n', ''), /[\p{Cc}\p{Cf}]/u);
});

test('the mark stands under the place, however long the line and wherever the place', () => {
  const problem = { where: 'the file', what: 'is odd', fix: 'Mend it.', code: 'odd' };
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 300 })), fc.nat(50), fc.nat(400), (lines, line, column) => {
      const text = lines.join('\n');
      const [head = '', excerpt, mark] = renderProblems('f', text, [
        { ...problem, line: line + 1, column: column + 1 },
      ]).split('\n');
      assert.equal(head, `f:${line + 1}:${column + 1} the file is odd. Mend it.`);
      if (excerpt !== '') assert.equal(mark?.trim(), '^');
    }),
  );
  const text = `${'x'.repeat(500)}HERE`;
  const [, excerpt = '', mark = ''] = renderProblems('f', text, [{ ...problem, line: 1, column: 501 }]).split('\n');
  assert.equal(excerpt.slice(mark.indexOf('^')), 'HERE');
});
