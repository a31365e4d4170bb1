import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { bookQuestions, bookSamples } from './book-samples.ts';
import type { LeadsAsked } from './books.ts';
import type { OpenLedger } from './ledger.conformance.ts';
import type { Ledger } from './ledger.ts';
import { effectsOf, leadRow } from './sample-rows.ts';

/** Leads as lists, and how long they have stood. */
export function leadConformance(open: OpenLedger): void {
  for (const { title, asked, id, gives } of bookQuestions())
    test(`leads newest first: ${title}`, async (t) => {
      const ledger = await open(t);
      const leads = bookSamples().map((told) => leadRow(told.id, { status: told.status, createdAt: told.placed }));
      await ledger.commit(effectsOf({ leads }), 1);
      const narrowed: LeadsAsked = { ...asked, ...(id === undefined ? {} : { leadId: id }) };
      assert.deepEqual(
        (await ledger.leads(narrowed, 50)).map(({ leadId }) => leadId),
        gives,
      );
      assert.deepEqual(await leadIds(ledger, narrowed, 2), gives);
    });

  test('leads are narrowed by since when they have stood at their status, page by page', async (t) => {
    const ledger = await open(t);
    const leads = ['a', 'ab', 'b', 'c', 'd'].map((id, n) =>
      leadRow(id, { createdAt: n % 2, changedAt: 10 * n, status: n === 3 ? 'won' : 'new' }),
    );
    await ledger.commit(effectsOf({ leads }), 1);
    for (const [asked, expected] of [
      [{ changed: {} }, 'c ab d b a'],
      [{ changed: { from: 10, to: 40 } }, 'c ab b'],
      [{ changed: { from: 20 }, status: 'new' }, 'd b'],
      [{ changed: { to: 20 }, leadId: 'a' }, 'ab a'],
      [{ changed: { from: 41 } }, ''],
    ] as const)
      for (const limit of [1, 2, 9]) assert.equal((await leadIds(ledger, asked, limit)).join(' '), expected);
  });

  test('leads are counted by status and by how long they have stood at it, whatever was written', async (t) => {
    const lead = fc.record({
      leadId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      status: fc.constantFrom('new', 'qualified'),
      changedAt: fc.integer({ min: 0, max: 60 }),
      value: fc.constantFrom('1.00 EUR' as const, '1 JPY' as const),
    });
    const bounds = fc.constantFrom([], [10], [10, 20, 50]);
    const check = async (told: Parameters<typeof leadRow>[1][], at: number, edges: readonly number[]) => {
      const ledger = await open(t);
      for (const [n, row] of told.entries())
        await ledger.commit(effectsOf({ leads: [leadRow(row?.leadId ?? '', row)] }), n + 1);
      const leads = await ledger.leads({}, 100);
      const bandOf = (changedAt: number) => edges.filter((edge) => at - changedAt >= edge).length;
      const expected = [...new Set(leads.map(({ status }) => status))].sort().map((status) => {
        const own = leads.filter((row) => row.status === status);
        const bands = Array.from({ length: edges.length + 1 }, (_, band) => band);
        return { status, leads: bands.map((band) => own.filter((row) => bandOf(row.changedAt) === band).length) };
      });
      assert.deepEqual(await ledger.leadAges(at, edges), expected);
      await ledger.close();
    };
    await fc.assert(
      fc.asyncProperty(fc.array(lead, { maxLength: 12 }), fc.integer({ min: 40, max: 70 }), bounds, check),
      { numRuns: 25 },
    );
  });
}

async function leadIds(ledger: Ledger, asked: LeadsAsked, limit: number): Promise<string[]> {
  const all: string[] = [];
  for (let narrowed = asked; ; ) {
    const page = await ledger.leads(narrowed, limit);
    all.push(...page.map(({ leadId }) => leadId));
    const last = page.at(-1);
    if (!last) return all;
    narrowed = { ...asked, after: { createdAt: last.createdAt, leadId: last.leadId } };
  }
}
