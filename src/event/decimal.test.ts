import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalText, parseDecimal, quantize, ROUNDING_MODES, type Rounding } from './decimal.ts';

interface Vector {
  value: string;
  decimals: number;
  mode: string;
  expected: string;
}
const vectors = JSON.parse(readFileSync(new URL('../../test/data/rounding.json', import.meta.url), 'utf8')) as Vector[];

function rounded(text: string, decimals: number, mode: Rounding): bigint {
  const value = parseDecimal(text);
  assert.ok(value, text);
  return quantize(value, decimals, mode);
}

test('every rounding vector of the General Decimal Arithmetic testcases comes out', () => {
  assert.equal(vectors.length, 103);
  assert.deepEqual(new Set(vectors.map(modeOf)), new Set(ROUNDING_MODES));
  for (const one of vectors)
    assert.equal(
      decimalText(rounded(one.value, one.decimals, modeOf(one)), one.decimals),
      // Money has no negative zero.
      /^-[0.]+$/.test(one.expected) ? one.expected.slice(1) : one.expected,
      `${one.value} to ${one.decimals} decimals, ${one.mode}`,
    );
});

function modeOf(one: Vector): Rounding {
  const mode = ROUNDING_MODES.find((known) => known === one.mode.replace('_', '-'));
  assert.ok(mode, one.mode);
  return mode;
}

const halves = `
  mode       2.5  -2.5  3.5  -3.5  2.51  -2.51  2.49  -2.49
  half-even   2    -2    4    -4    3     -3     2     -2
  half-up     3    -3    4    -4    3     -3     2     -2
  half-down   2    -2    3    -3    3     -3     2     -2
  up          3    -3    4    -4    3     -3     3     -3
  down        2    -2    3    -3    2     -2     2     -2
  ceiling     3    -2    4    -3    3     -2     3     -2
  floor       2    -3    3    -4    2     -3     2     -3
`;
const [head, ...rows] = halves
  .trim()
  .split('\n')
  .map((row) => row.trim().split(/\s+/));
for (const [mode, ...expected] of rows)
  test(`${mode} rounds halves and their neighbours as its name says`, () => {
    const way = ROUNDING_MODES.find((known) => known === mode);
    assert.ok(way);
    assert.deepEqual(
      head?.slice(1).map((text) => String(rounded(text, 0, way))),
      expected,
    );
  });

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.integer({ min: 0, max: 12 }))
  .map(([units, scale]) => ({ units, scale }));

test('rounding modes keep their order: floor ≤ every other ≤ ceiling, down nearest to zero, up farthest', () => {
  const magnitude = (units: bigint) => (units < 0n ? -units : units);
  fc.assert(
    fc.property(decimals, fc.integer({ min: 0, max: 8 }), (value, digits) => {
      const by = (mode: Rounding) => quantize(value, digits, mode);
      assert.ok(by('ceiling') - by('floor') <= 1n);
      for (const mode of ROUNDING_MODES) {
        assert.ok(by('floor') <= by(mode) && by(mode) <= by('ceiling'), mode);
        assert.ok(magnitude(by('down')) <= magnitude(by(mode)) && magnitude(by(mode)) <= magnitude(by('up')), mode);
      }
    }),
  );
});

test('rounding keeps the order of values and leaves exact ones as they are', () => {
  fc.assert(
    fc.property(decimals, decimals, fc.constantFrom(...ROUNDING_MODES), (a, b, mode) => {
      const [x, y] = [a.units * 10n ** BigInt(b.scale), b.units * 10n ** BigInt(a.scale)];
      const [less, more] = x <= y ? [a, b] : [b, a];
      assert.ok(quantize(less, 2, mode) <= quantize(more, 2, mode));
      assert.equal(quantize(a, a.scale, mode), a.units);
    }),
  );
});

test('text and number are each other’s inverse', () => {
  fc.assert(
    fc.property(decimals, ({ units, scale }) => {
      assert.deepEqual(parseDecimal(decimalText(units, scale)), { units, scale });
    }),
  );
});

const readable = `
  12       12    0
  -0.50    -50   2
  +1.5     15    1
  .5       5     1
  5.       5     0
  1.5e3    1500  0
  15e-2    15    2
  1E+2     100   0
`;
for (const row of readable.trim().split('\n')) {
  const [text = '', units = '', scale] = row.trim().split(/\s+/);
  test(`${text} is ${units} × 10^-${scale}`, () => {
    assert.deepEqual(parseDecimal(text), { units: BigInt(units), scale: Number(scale) });
  });
}

const refused = ['', '.', '-', '1,50', '€5', '5 ', ' 5', '1_000', '0x10', 'NaN', 'Infinity', '1e', 'e5', '1e999', '٣'];
for (const text of [...refused, '1'.repeat(41)])
  test(`"${text}" is no number`, () => {
    assert.equal(parseDecimal(text), undefined);
  });
