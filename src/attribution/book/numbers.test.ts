import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Numbers } from './numbers.ts';

test('names have the numbers in whose order they came, then and when read back', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 })), (names) => {
      const numbers = new Numbers();
      const distinct = [...new Set(names)];
      for (const name of names) assert.equal(numbers.of(name), distinct.indexOf(name));
      const again = new Numbers(numbers.keys().slice());
      assert.equal(again.count, distinct.length);
      for (const [number, name] of distinct.entries()) assert.equal(again.find(name), number);
      assert.equal(again.find('a name that is longer than all of them'), -1);
    }),
  );
});

test('names that differ in one character, in their order or in their length have fingerprints of their own', () => {
  const numbers = new Numbers();
  const names = new Set<string>();
  for (let n = 0; n < 50_000; n++) for (const name of [`${n}`, `v-${n}`, `~${n}`, `${n}-v`]) names.add(name);
  for (let length = 0; length < 2000; length++) names.add('\0'.repeat(length)).add('x'.repeat(length));
  for (const name of names) numbers.of(name);
  assert.equal(numbers.count, names.size);
  const bits: number[] = Array.from({ length: 128 }, () => 0);
  for (const [place, word] of numbers.keys().entries())
    for (let bit = 0; bit < 32; bit++) (bits[(place % 4) * 32 + bit] as number) += (word >>> bit) & 1;
  for (const [bit, set] of bits.entries())
    assert.ok(Math.abs(set / names.size - 0.5) < 0.01, `bit ${bit} is set in ${set} of ${names.size}`);
});
