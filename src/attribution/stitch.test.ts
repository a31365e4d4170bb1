import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { IdentifierKind, LinkFact } from '../event/fact.ts';
import { Stitching } from './stitch.ts';

function link(visitor: string, kind: IdentifierKind, value: string, seq = 1): LinkFact {
  return { visitor, kind, value, firstAt: seq * 1000, lastAt: seq * 1000, seq };
}

function stitched(links: readonly LinkFact[], visitorsMax = 3): Stitching {
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
  stitching.changes();
  stitching.remove(link('b', 'email', 'h1', 2));
  assert.deepEqual(
    new Set([...stitching.changes()].map((person) => [...person].sort().join('+'))),
    new Set(['a', 'b+c']),
  );
  assert.equal(stitching.changes().size, 0, 'once told, they have changed no more');
  assert.deepEqual(people(stitching, ['a', 'b', 'c']), ['a', 'b+c']);
});

test('a link that is told again changes nobody, and goes at once', () => {
  const stitching = stitched([link('a', 'email', 'h1', 1), link('b', 'email', 'h1', 2)]);
  stitching.changes();
  stitching.add(link('b', 'email', 'h1', 3));
  assert.equal(stitching.changes().size, 0);
  stitching.remove(link('b', 'email', 'h1'));
  assert.equal(stitching.changes().size, 2);
  stitching.remove(link('b', 'email', 'h1'));
  assert.equal(stitching.changes().size, 0);
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
  const stitching = stitched([link('b', 'email', 'h1', 5), link('a', 'email', 'h1', 2)]);
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
      const there = new Map<string, LinkFact>();
      for (const { link: one, gone } of told) {
        const before = new Map(ALL.map((visitor) => [visitor, people(stitching, [visitor])[0]]));
        const key = `${one.visitor} ${one.kind} ${one.value}`;
        if (gone) {
          stitching.remove(one);
          there.delete(key);
        } else {
          stitching.add(one);
          there.set(key, one);
        }
        const fresh = stitched([...there.values()].reverse(), visitorsMax);
        assert.deepEqual(people(stitching, ALL), people(fresh, ALL));
        assert.deepEqual(stitching.shared(), fresh.shared());
        const changed = new Set([...stitching.changes()].flatMap((person) => [...person]));
        for (const visitor of ALL)
          if (people(stitching, [visitor])[0] !== before.get(visitor)) assert.ok(changed.has(visitor), visitor);
      }
    }),
    { numRuns: 500 },
  );
});

const ALL = ['a', 'b', 'c', 'd', 'e', 'f'];
