import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LeadStep } from '../event/lead.ts';
import { defaultSpec } from '../spec/default.ts';
import { isOvertaken, leadLife } from './lead-life.ts';

const SCALE = defaultSpec().leads;

const table = `
  # steps, by door and minute                         stands at   since  value    added up
  new@1                                               new         1      -        -
  new@1 qualified@5                                   qualified   5      40.00    40.00
  qualified@5 new@1                                   qualified   5      40.00    40.00
  new@1 qualified@5 approved@9                        approved    9      120.00   160.00
  new@1 approved@9 rejected@12                        rejected    12     -        120.00
  rejected@12 approved@9 new@1                        rejected    12     -        120.00
  approved@9 rejected@12 approved@15                  approved    15     120.00   120.00
  qualified@5 qualified@7 qualified@9                 qualified   5      40.00    40.00
  qualified@5 rejected@6 qualified@7 qualified@9      qualified   7      40.00    40.00
  approved@5 qualified@5 new@5                        approved    5      120.00   160.00
  rejected@5 approved@5                               rejected    5      -        120.00
  page:new@1                                          new         1      -        -
  page:new@9 page:new@4                               new         4      -        -
  page:new@1 qualified@5                              qualified   5      40.00    40.00
  page:new@9 qualified@5                              qualified   5      40.00    40.00
  page:new@9 qualified@5 rejected@7                   rejected    7      -        40.00
  hubspot:qualified@5 qualified@5                     qualified   5      40.00    40.00
`;

for (const [steps = '', status = '', since = '', value = '', sum = ''] of rowsOf(table))
  test(`a lead with ${steps} stands at ${status} since ${since}, worth ${value}, added up ${sum}`, () => {
    const life = leadLife(stepsOf(steps), SCALE);
    const added = leadLife(stepsOf(steps), { ...SCALE, values: 'add' });
    assert.deepEqual(
      [life.status, String(life.changedAt), life.value, added.value],
      [status, since, money(value), money(sum)],
    );
    assert.deepEqual(life.otherCurrencies, []);
  });

test('two currencies are never added: the first one’s sum stands, and the other is named', () => {
  const ladder = { new: '5.00 EUR', qualified: '900 JPY', approved: '7.50 EUR' };
  const { value, otherCurrencies } = leadLife(stepsOf('new@1 qualified@2 approved@3'), {
    ...{ ladder, events: {}, values: 'add' },
  });
  assert.deepEqual([value, otherCurrencies], ['12.50 EUR', ['JPY']]);
});

// A star is a step that was signalled.
const reversals = `
  # steps                                             fall
  new@1* qualified@5* approved@9*                     -
  new@1* rejected@5                                   -
  approved@5* rejected@9                              rejected@9
  rejected@9 approved@5*                              rejected@9
  approved@5 rejected@9                               -
  approved@9* rejected@5                              -
  approved@5* qualified@9                             qualified@9
  qualified@5* new@9                                  new@9
  approved@5* rejected@9 new@12 rejected@15           rejected@9
  approved@5* rejected@9 approved@12 rejected@15      rejected@9 rejected@15
  approved@5* page:new@9                              -
  page:new@1* qualified@5* rejected@9                 rejected@9
`;

for (const [steps = '', falls = ''] of rowsOf(reversals))
  test(`of ${steps}, ${falls === '-' ? 'none falls below what was told' : `${falls} falls below what was told`}`, () => {
    const told = steps.split(' ').flatMap((word, index): LeadStep[] => {
      const [step] = stepsOf(word.replace('*', ''));
      return step ? [{ ...step, seq: index + 1, ...(word.endsWith('*') ? { event: index + 1 } : {}) }] : [];
    });
    const { steps: folded } = leadLife(told, SCALE);
    const fell = folded.filter(({ reversal }) => reversal).map(({ status, at }) => `${status}@${at}`);
    assert.equal(fell.join(' ') || '-', falls);
    assert.deepEqual(leadLife(folded, SCALE).steps, folded, 'the next fold finds the same');
  });

test('where no step is worth anything, a lead falls by its place in the ladder; two currencies tell nothing', () => {
  for (const [ladder, falls] of [
    [{ new: null, lost: null, won: null }, 'lost@9'],
    [{ new: null, won: null, lost: null }, ''],
    [{ won: '5.00 EUR', lost: '3.00 EUR' }, 'lost@9'],
    [{ won: '5.00 EUR', lost: '3.00 USD' }, ''],
  ] as const) {
    const told = stepsOf('new@1 won@5 lost@9').map((step) => (step.status === 'won' ? { ...step, event: 2 } : step));
    const { steps } = leadLife(told, { ladder, events: { new: 'Contact', won: 'Lead' }, values: 'replace' });
    assert.equal(steps.flatMap(({ status, at, reversal }) => (reversal ? `${status}@${at}` : [])).join(), falls);
  }
});

const overtaken = `
  # told          known                     is
  new@1           -                         not
  new@1           qualified@5               overtaken
  qualified@5     new@1                     not
  qualified@5     qualified@9               not
  qualified@5     approved@5                overtaken
  approved@5      qualified@5               not
  qualified@5     rejected@7 qualified@9    overtaken
  page:new@9      qualified@5               overtaken
  page:new@9      new@5                     not
  qualified@5     page:new@9                not
`;

for (const [told = '', known = '', is = ''] of rowsOf(overtaken))
  test(`${told} is ${is === 'not' ? 'not overtaken' : is} where ${known === '-' ? 'nothing' : known} is known`, () => {
    const [step] = stepsOf(told) as [LeadStep];
    assert.equal(isOvertaken(step, known === '-' ? [] : stepsOf(known), SCALE), is === 'overtaken');
  });

const anyStep = fc.record({
  status: fc.constantFrom('new', 'qualified', 'approved', 'rejected', 'lost'),
  at: fc.integer({ min: 0, max: 4 }),
  by: fc.constantFrom('server', 'webhook:hubspot', 'browser'),
});

test('any order of arrival and any repetition ends the same', () => {
  fc.assert(
    fc.property(
      fc
        .array(anyStep, { minLength: 1, maxLength: 12 })
        .chain((steps) =>
          fc.tuple(
            fc.shuffledSubarray(steps, { minLength: steps.length }),
            fc.array(fc.constantFrom(...steps), { maxLength: 6 }),
            fc.constant(steps),
            fc.constantFrom('replace' as const, 'add' as const),
          ),
        ),
      ([shuffled, again, steps, values]) => {
        const scale = { ...SCALE, values };
        const told = [...shuffled, ...again];
        assert.deepEqual(ended(leadLife(told.map(told1), scale)), ended(leadLife(steps.map(told1), scale)));
        // Told one after the other, each time from what was kept.
        let kept: LeadStep[] = [];
        for (const step of told.map(told1)) kept = leadLife([...kept, step], scale).steps;
        assert.deepEqual(ended(leadLife(kept, scale)), ended(leadLife(steps.map(told1), scale)));
      },
    ),
    { numRuns: 500 },
  );
});

function told1(step: Pick<LeadStep, 'status' | 'at' | 'by'>, index: number): LeadStep {
  return { ...step, seq: index + 1, receivedAt: index };
}

/** All but the records that told it. */
function ended({ steps, ...life }: ReturnType<typeof leadLife>): unknown {
  return { ...life, steps: steps.map(({ status, at, by }) => `${by} ${status} ${at}`) };
}

function stepsOf(text: string): LeadStep[] {
  return text.split(' ').map((word, index) => {
    const [, door, status = '', at] = /^(?:(\w+):)?(\w+)@(\d+)$/.exec(word) ?? [];
    const by = door === undefined ? 'server' : door === 'page' ? 'browser' : `webhook:${door}`;
    return { seq: index + 1, status, at: Number(at), receivedAt: index, by };
  });
}

function money(text: string): string | undefined {
  return text === '-' ? undefined : `${text} EUR`;
}

function rowsOf(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return lines.map((line) => line.trim().split(/ {2,}/));
}
