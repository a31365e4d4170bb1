import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { DispatchRow } from '../event/dispatch.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import { type Letter, type LettersAsked, letterId } from './letters.ts';
import { dispatchRow, effectsOf, eventRow, verdictRow } from './sample-rows.ts';

/** What was given up or quarantined: lists, and how many there are. */
export function letterConformance(open: OpenLedger): void {
  test('letters are live api legs that were given up and records that are quarantined, newest first', async (t) => {
    const ledger = await open(t);
    const dead = dispatchRow(1, { state: 'dead', why: 'refused_by_tiktok', code: 40001, changedAt: 5000 });
    const unknown = dispatchRow(2, { state: 'unknown', why: 'may_have_arrived', changedAt: 6000 });
    const quarantined = verdictRow(3, { verdict: 'quarantined', reasons: ['parameter_missing'], name: 'Contact' });
    await ledger.commit(
      effectsOf({
        events: [eventRow(1), eventRow(2), eventRow(4)],
        dispatches: [
          dead,
          unknown,
          dispatchRow(1, { state: 'unknown', leg: 'pixel', why: 'fired_by_page' }),
          dispatchRow(2, { destination: 'second', state: 'delivered' }),
          dispatchRow(4, { state: 'dead', draft: true }),
        ],
        verdicts: [
          verdictRow(1),
          verdictRow(2),
          quarantined,
          verdictRow(4, { verdict: 'quarantined', draft: true }),
          verdictRow(5, { verdict: 'refused' }),
        ],
      }),
      5,
    );
    assert.deepEqual(await ledger.letters({}, 10), [
      { kind: 'unknown', place: place(6000, 2), dispatch: unknown, event: eventRow(2) },
      { kind: 'dead', place: place(5000, 1), dispatch: dead, event: eventRow(1) },
      { kind: 'record', place: place(1003, 3, ''), verdict: quarantined },
    ]);
    assert.deepEqual(await ledger.letterCounts(), [
      { kind: 'dead', destination: 'main', why: 'refused_by_tiktok', code: 40001, count: 1 },
      { kind: 'record', destination: '', why: 'parameter_missing', count: 1 },
      { kind: 'unknown', destination: 'main', why: 'may_have_arrived', count: 1 },
    ]);
  });

  test('what is queued again, or judged otherwise, is a letter no more, and may become one again', async (t) => {
    const ledger = await open(t);
    const dead = dispatchRow(1, { state: 'dead', why: 'refused_by_tiktok', code: 40001 });
    const quarantined = verdictRow(2, { verdict: 'quarantined', reasons: ['event_name'] });
    const first = effectsOf({ events: [eventRow(1)], dispatches: [dead], verdicts: [verdictRow(1), quarantined] });
    await ledger.commit(first, 2);
    assert.equal((await ledger.letters({}, 10)).length, 2);
    await ledger.commit(
      effectsOf({ dispatches: [dispatchRow(1)], verdicts: [verdictRow(2, { n: 1 }), verdictRow(3)] }),
      3,
    );
    assert.deepEqual([await ledger.letters({}, 10), await ledger.letterCounts()], [[], []]);
    await ledger.commit(
      effectsOf({
        dispatches: [{ ...dead, why: 'clock_passed', changedAt: 9000 }],
        verdicts: [verdictRow(2, { n: 2, verdict: 'quarantined', reasons: ['event_name'], at: 8000 })],
      }),
      4,
    );
    assert.deepEqual(
      (await ledger.letters({}, 10)).map(({ place: { at }, kind }) => `${kind} ${at}`),
      ['dead 9000', 'record 8000'],
    );
    assert.deepEqual(
      (await ledger.letterCounts()).map(({ why, count }) => `${why} ${count}`),
      ['clock_passed 1', 'event_name 1'],
    );
  });

  test('lists are narrowed by everything that letters have in common', async (t) => {
    const ledger = await open(t);
    await ledger.commit(
      effectsOf({
        events: [eventRow(1, { name: 'Purchase' }), eventRow(2), eventRow(3)],
        dispatches: [
          dispatchRow(1, { state: 'dead', why: 'refused_by_tiktok', code: 40001, money: true, changedAt: 10 }),
          dispatchRow(1, { destination: 'second', state: 'unknown', why: 'gave_up', money: true, changedAt: 20 }),
          dispatchRow(2, { state: 'dead', why: 'refused_by_tiktok', code: 40002, changedAt: 20 }),
          dispatchRow(3, { state: 'dead', why: 'clock_passed', changedAt: 30 }),
        ],
        verdicts: [
          verdictRow(4, { verdict: 'quarantined', reasons: ['event_name', 'other'], name: 'Contact', at: 40 }),
          verdictRow(5, { verdict: 'quarantined', reasons: ['amount_missing'], kind: 'payment', at: 50 }),
        ],
      }),
      5,
    );
    const rows: [LettersAsked, string][] = [
      [{}, 'record:5 record:4 leg:3/main leg:2/main leg:1/second leg:1/main'],
      [{ kind: 'record' }, 'record:5 record:4'],
      [{ kind: 'unknown' }, 'leg:1/second'],
      [{ destination: 'second' }, 'leg:1/second'],
      [{ why: 'refused_by_tiktok' }, 'leg:2/main leg:1/main'],
      [{ code: 40002 }, 'leg:2/main'],
      [{ event: 'Purchase' }, 'leg:1/second leg:1/main'],
      [{ event: 'Contact' }, 'record:4'],
      [{ money: true }, 'record:5 leg:1/second leg:1/main'],
      [{ money: false, kind: 'dead' }, 'leg:3/main leg:2/main'],
      [{ from: 20, to: 40 }, 'leg:3/main leg:2/main leg:1/second'],
      [{ why: 'nothing' }, ''],
    ];
    for (const [asked, ids] of rows) {
      assert.equal(idsOf(await ledger.letters(asked, 10)), ids, JSON.stringify(asked));
      assert.equal(idsOf(await pages(ledger, asked, 1)), ids, `${JSON.stringify(asked)} one by one`);
    }
  });

  test('counts are those of the letters, and pages hold each letter once, whatever was written', async (t) => {
    const leg = fc.record({
      event: fc.integer({ min: 1, max: 4 }),
      destination: fc.constantFrom('main', 'second'),
      state: fc.constantFrom<DispatchRow['state']>('queued', 'dead', 'unknown', 'delivered'),
      why: fc.constantFrom('gave_up', 'refused_by_tiktok'),
      changedAt: fc.integer({ min: 1, max: 3 }),
      code: fc.option(fc.constantFrom(40001, 40002), { nil: undefined }),
    });
    const commits = fc.array(
      fc.uniqueArray(leg, { selector: (one) => `${one.event}/${one.destination}`, maxLength: 4 }),
      {
        maxLength: 5,
      },
    );
    const check = async (all: (typeof leg extends fc.Arbitrary<infer L> ? L : never)[][]): Promise<void> => {
      const ledger = await open(t);
      await ledger.commit(effectsOf({ events: [1, 2, 3, 4].map((seq) => eventRow(seq)) }), 4);
      for (const [n, legs] of all.entries())
        await ledger.commit(
          effectsOf({
            dispatches: legs.map(({ code, ...more }) =>
              dispatchRow(more.event, { ...more, ...(code === undefined ? {} : { code }) }),
            ),
            verdicts: [verdictRow(5 + n, n % 2 === 0 ? {} : { verdict: 'quarantined' })],
          }),
          5 + n,
        );
      const letters = await ledger.letters({}, 100);
      assert.equal(
        (await ledger.letterCounts()).reduce((sum, { count }) => sum + count, 0),
        letters.length,
      );
      for (const { kind, destination, why, code, count } of await ledger.letterCounts()) {
        const found = await ledger.letters({ kind, destination, why, ...(code === undefined ? {} : { code }) }, 100);
        assert.ok(code === undefined ? found.length >= count : found.length === count);
      }
      assert.equal(idsOf(await pages(ledger, {}, 2)), idsOf(letters));
      await ledger.close();
    };
    await fc.assert(fc.asyncProperty(commits, check), { numRuns: 25 });
  });
}

function place(at: number, seq: number, destination = 'main'): Letter['place'] {
  return { at, seq, destination };
}

function idsOf(letters: readonly Letter[]): string {
  return letters.map(letterId).join(' ');
}

async function pages(ledger: Ledger, asked: LettersAsked, limit: number): Promise<Letter[]> {
  const all: Letter[] = [];
  for (let page = await ledger.letters(asked, limit); page.length > 0; ) {
    all.push(...page);
    const after = page.at(-1)?.place;
    page = after ? await ledger.letters({ ...asked, after }, limit) : [];
  }
  return all;
}
