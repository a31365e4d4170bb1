import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, scriptLiteral } from './html.ts';

test('no value of a template can open a tag or leave its attribute', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const inside = html`${text}`.text;
      assert.doesNotMatch(inside, /[<>"']/);
      assert.equal(
        inside.replace(
          /&(lt|gt|quot|amp|#39);/g,
          (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? "'",
        ),
        text,
      );
    }),
  );
});

test('templates inside templates and lists of them stay as they are', () => {
  assert.equal(
    html`<ul>${['<a>', 'b'].map((item) => html`<li>${item}</li>`)}${undefined}${7}</ul>`.text,
    '<ul><li>&lt;a&gt;</li><li>b</li>7</ul>',
  );
});

test('a value written into a script stays inside it and means the same', () => {
  const hostile = { id: '</script><script>alert(1)</script><!--', line: '\u2028\u2029', and: '&amp;' };
  const { text } = scriptLiteral(hostile);
  assert.doesNotMatch(text, /[<>&\u2028\u2029]/);
  assert.deepEqual(JSON.parse(text), hostile);
});
