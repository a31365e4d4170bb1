import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf } from './attributes.ts';

const table = `
  data-assay-value=9.90          {"value":9.9}
  data-assay-value=12,50         {"value":"12,50"}
  data-assay-value=0             {"value":"0"}
  data-assay-price=5             {"price":5}
  data-assay-num_items=3         {"num_items":3}
  data-assay-content_id=007      {"content_id":"007"}
  data-assay-order_id=12         {"order_id":"12"}
  data-assay-page=               {}
  data-assay-lead=               {}
  data-assay=AddToCart           {}
  class=assay                    {}
  data-assay-email=jo@x.de       {}
`;
for (const line of table.trim().split('\n')) {
  const [attribute = '', properties = ''] = line.trim().split(/\s+/);
  test(`the attribute ${attribute} means ${properties}`, () => {
    const [name = '', value = ''] = attribute.split('=');
    // As browsers name them: a dash makes the next letter a capital.
    const key = name.replace(/^data-/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const dataset = name.startsWith('data-') ? { [key]: value } : {};
    assert.deepEqual(attributesOf({ dataset }), JSON.parse(properties));
  });
}

test('no element has no properties', () => {
  assert.deepEqual(attributesOf(null), {});
});
