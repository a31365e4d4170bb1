import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type IdentifierKind, type Link, Stitching } from './stitch.ts';

function link(visitor: string, kind: IdentifierKind, value: string, seq = 1): Link {
  return { visitor, kind, value, at: seq * 1000, seq };
}

function stitched(links: readonly Link[], visitorsMax = 3): Stitching {
  const stitching = new Stitching(visitorsMax);
  for (const one of links) stitching.add(one);
  return stitching;
}

const people = (stitching: Stitching, visitors: readonly string[]): string[] =>
  [...new Set(visitors.map((visitor) => [...stitching.person(visitor)].sort().join('+')))].sort();

test('visitors that share an identifier are one person, and so through others', () => {
  const stitching = stitched([
    link('a', 'email', 'h1'),
    link('b', 'email', 'h1'),
    link('b', 'order', '77'),
    link('c', 'order', '77'),
    link('d', 'email', 'h2'),
  ]);
  assert.deepEqual(people(stitching, ['a', 'b', 'c', 'd']), ['a+b+c', 'd']);
});

test('the same value of another kind ties nobody', () => {
  assert.deepEqual(people(stitched([link('a', 'order', '77'), link('b', 'lead', '77')]), ['a', 'b']), ['a', 'b']);
});

test('an erased identifier takes apart whom it alone held together', () => {
  const stitching = stitched([
    link('a', 'email', 'h1'),
    link('b', 'email', 'h1', 2),
    link('b', 'phone', 'p', 3),
    link('c', 'phone', 'p', 4),
  ]);
  assert.deepEqual([...stitching.remove(link('b', 'email', 'h1', 2))].sort(), ['a', 'b', 'c']);
  assert.deepEqual(people(stitching, ['a', 'b', 'c']), ['a', 'b+c']);
});

test('a link that was told twice goes when both records are gone', () => {
  const stitching = stitched([link('a', 'email', 'h1', 1), link('b', 'email', 'h1', 2), link('b', 'email', 'h1', 3)]);
  assert.equal(stitching.remove(link('b', 'email', 'h1', 2)).size, 0);
  assert.deepEqual(people(stitching, ['a', 'b']), ['a+b']);
  assert.equal(stitching.remove(link('b', 'email', 'h1', 3)).size, 2);
  assert.equal(stitching.remove(link('b', 'email', 'h1', 3)).size, 0);
});

test('an identifier of more visitors than a person has ties nobody, is named, and ties again when it is of fewer', () => {
  const all = ['a', 'b', 'c', 'd'];
  const stitching = stitched(all.map((visitor, n) => link(visitor, 'email', 'tablet', n + 1)));
  assert.deepEqual(people(stitching, all), ['a', 'b', 'c', 'd']);
  assert.deepEqual(stitching.shared(), [{ kind: 'email', value: 'tablet', visitors: 4 }]);
  assert.deepEqual(stitching.ties('a'), []);
  stitching.remove(link('d', 'email', 'tablet', 4));
  assert.deepEqual(people(stitching, all), ['a+b+c', 'd']);
  assert.deepEqual(stitching.shared(), []);
});

test('what ties a person is told with the first record of each visitor', () => {
  const stitching = stitched([link('b', 'email', 'h1', 5), link('a', 'email', 'h1', 2), link('a', 'email', 'h1', 9)]);
  const visitors = [
    { visitor: 'a', at: 2000, seq: 2 },
    { visitor: 'b', at: 5000, seq: 5 },
  ];
  assert.deepEqual(stitching.ties('b'), [{ kind: 'email', value: 'h1', visitors }]);
});

test('whatever comes and goes in whatever order, people are those of the links that are there', () => {
  const links = fc
    .record({
      visitor: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      kind: fc.constantFrom('email', 'phone') as fc.Arbitrary<IdentifierKind>,
      value: fc.constantFrom('1', '2', '3'),
      seq: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ visitor, kind, value, seq }) => link(visitor, kind, value, seq));
  const acts = fc.array(fc.record({ link: links, gone: fc.boolean() }), { maxLength: 40 });
  fc.assert(
    fc.property(acts, fc.integer({ min: 1, max: 4 }), (told, visitorsMax) => {
      const stitching = new Stitching(visitorsMax);
      const there = new Map<string, Link>();
      for (const { link: one, gone } of told) {
        const before = new Map(ALL.map((visitor) => [visitor, people(stitching, [visitor])[0]]));
        const changed = gone ? stitching.remove(one) : stitching.add(one);
        if (gone) there.delete(JSON.stringify(one));
        else there.set(JSON.stringify(one), one);
        const fresh = stitched([...there.values()].reverse(), visitorsMax);
        assert.deepEqual(people(stitching, ALL), people(fresh, ALL));
        for (const visitor of ALL)
          if (people(stitching, [visitor])[0] !== before.get(visitor)) assert.ok(changed.has(visitor), visitor);
      }
    }),
    { numRuns: 500 },
  );
});

const ALL = ['a', 'b', 'c', 'd', 'e', 'f'];
