import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { plainE164 } from './e164.ts';

const parsed = (text: string): string | undefined => {
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isValid() ? number.number : undefined;
};

test('what is taken, the library takes as the same number', () => {
  const callingCode = fc.constantFrom(...new Set(getCountries().map((country) => getCountryCallingCode(country))));
  const digits = fc.stringMatching(/^\d{4,12}$/);
  const groups = fc.array(fc.constantFrom('', '', '', ' ', '-'), { maxLength: 16 });
  let taken = 0;
  void fc.assert(
    fc.property(callingCode, digits, groups, (code, national, signs) => {
      const text = [...`+${code}${national}`].map((sign, n) => (n > 1 ? (signs[n] ?? '') : '') + sign).join('');
      const number = plainE164(text);
      if (number === undefined) return;
      taken++;
      assert.equal(parsed(text), number);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(taken > 500, `only ${taken} were taken`);
});

test("most countries' own example is taken at once, as it is written there", () => {
  const slow = getCountries().filter((country) => {
    const example = getExampleNumber(country, examples);
    return example && plainE164(example.number) !== example.number;
  });
  assert.ok(getCountries().length > 240);
  assert.ok(slow.length < 60, slow.join());
  for (const country of ['US', 'GB', 'DE', 'FR', 'ID'] as const) {
    const example = getExampleNumber(country, examples);
    assert.equal(plainE164(example?.formatInternational() ?? ''), example?.number);
  }
});

for (const text of [
  '',
  '+',
  '+49',
  '4915123456789',
  '+49 (0)151 23456789',
  '+49  151 23456789',
  '+4915123',
  '+490151234567',
  '+0151234567',
  '+1 555',
])
  test(`"${text}" is left to the library`, () => assert.equal(plainE164(text), undefined));
