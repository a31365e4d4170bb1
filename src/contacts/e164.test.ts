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
import { isPlainE164 } from './e164.ts';

const parsed = (text: string): string | undefined => {
  const number = parsePhoneNumberFromString(text, { extract: false });
  return number?.isValid() ? number.number : undefined;
};

test('what is taken, the library takes as the same number', () => {
  const callingCode = fc.constantFrom(...new Set(getCountries().map((country) => getCountryCallingCode(country))));
  const digits = fc.stringMatching(/^\d{4,12}$/);
  let taken = 0;
  void fc.assert(
    fc.property(callingCode, digits, (code, national) => {
      const text = `+${code}${national}`;
      if (!isPlainE164(text)) return;
      taken++;
      assert.equal(parsed(text), text);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(taken > 500, `only ${taken} were taken`);
});

test("nearly every country's own example is taken at once, if its calling code is not shared", () => {
  const codes = getCountries().map((country) => getCountryCallingCode(country));
  const alone = getCountries().filter((country) => {
    const code = getCountryCallingCode(country);
    return codes.filter((other) => other === code).length === 1;
  });
  const slow = alone.filter((country) => !isPlainE164(getExampleNumber(country, examples)?.number ?? ''));
  assert.ok(alone.length > 150);
  assert.ok(slow.length < 10, slow.join());
});

for (const text of [
  '',
  '+',
  '+49',
  '4915123456789',
  '+49 151 23456789',
  '+4915123',
  '+490151234567',
  '+0151234567',
  '+12133734253',
])
  test(`"${text}" is left to the library`, () => assert.equal(isPlainE164(text), false));
