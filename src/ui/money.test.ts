import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amountText, moneyText, readMoney, toldMoney } from './money.ts';

const table = `
  # told                     shown
  0.00                       0.00
  59.90                      59.90
  1259.90                    1,259.90
  -200.00                    −200.00
  -1234567.891               −1,234,567.891
  5990                       5,990
  0.12345                    0.12345
  9007199254740993000.01     9,007,199,254,740,993,000.01
  a1000                      a1000
`;

for (const line of table.trim().split('\n').slice(1)) {
  const [told = '', shown] = line.trim().split(/\s+/);
  test(`${told} is shown as ${shown}`, () => assert.equal(amountText(told), shown));
}

test('money is told with its currency', () => {
  assert.equal(moneyText({ amount: '1259.90', currency: 'EUR' }), '1,259.90 EUR');
  assert.equal(toldMoney('-1259.900 KWD'), '−1,259.900 KWD');
});

test('what is no money stays as it was told', () => {
  for (const text of ['', '59.90', 'EUR', '59.90 euro', '1e3 EUR', '<b>5</b> EUR', '5 EUR 5 EUR']) {
    assert.equal(readMoney(text), undefined);
    assert.equal(toldMoney(text), text);
  }
});
