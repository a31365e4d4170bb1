import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DispatchRow } from '../../src/event/dispatch.ts';
import type { EventRow } from '../../src/event/event.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import { dueOf } from '../../src/store/waiting.ts';
import { consentTold, factTold, orderTold, START } from '../admission-kit.ts';
import { explore, legOf, type Model, type State, type Step } from './model.ts';

type Fact = 'server' | 'page' | 'paid' | 'more' | 'back' | 'cancelled' | 'no';

const FACTS: Record<Fact, { record: NewRecord; cents?: number }> = {
  server: { record: orderTold('server') },
  page: { record: orderTold('browser') },
  paid: { record: factTold('payment', 'pay-1', '59.90 EUR', START + 1000), cents: 5990 },
  more: { record: factTold('payment', 'pay-2', '20.00 EUR', START + 2000), cents: 2000 },
  back: { record: factTold('refund', 'ref-1', '59.90 EUR', START + 3000), cents: -5990 },
  cancelled: { record: factTold('cancellation', 'can-1', '', START + 4000) },
  no: { record: consentTold('denied') },
};

interface Bounds extends Omit<Model, 'facts'> {
  facts: readonly Fact[];
}

const BOUNDS: Record<string, Bounds> = {
  'legs that are tried three times': { facts: ['server', 'paid', 'no'], attemptsMax: 3 },
  'an order and its legs': { facts: ['server', 'page', 'paid', 'cancelled'], attemptsMax: 2 },
  'an order of six facts': {
    facts: ['server', 'page', 'paid', 'more', 'back', 'cancelled'],
    attemptsMax: 1,
    never: ['fire', 'replay', 'give', 'park', 'bury without a copy', 'retry'],
  },
};

for (const [name, bounds] of Object.entries(BOUNDS))
  test(`${name}: no state that can be reached breaks an invariant`, async (context) => {
    const reached = new Set<string>();
    const check = checker(bounds.facts);
    const { states, steps } = await explore(modelOf(bounds), (step) => {
      check(step);
      for (const { leg, state } of step.after.books.dispatches) reached.add(`${leg} ${state}`);
    });
    context.diagnostic(`${states} states, ${steps} steps`);
    assert.ok(states > 1000, `${states} states`);
    for (const state of ['api held', 'api inFlight', 'api delivered', 'api queued', 'api withheld', 'pixel queued'])
      assert.ok(reached.has(state), `never ${state}`);
  });

/** Bugs, each of which some state must show. */
const PLANTED: Record<string, { breaks: RegExp; plant: Partial<Bounds> }> = {
  'the page is told to fire while the api leg leaves': {
    breaks: /pixel leg before/,
    plant: {
      planted: (effects, { books }) => {
        const pixel = legOf(books, 'pixel');
        const leaves = effects.dispatches.some(({ leg, state }) => leg === 'api' && state === 'inFlight');
        return leaves && pixel
          ? { ...effects, dispatches: [...effects.dispatches, { ...pixel, state: 'queued', why: 'handout_open' }] }
          : effects;
      },
    },
  },
  'an answer that says nothing is a success': {
    breaks: /delivered without/,
    plant: {
      planted: (effects) => ({
        ...effects,
        dispatches: effects.dispatches.map((row) => (row.state === 'unknown' ? { ...row, state: 'delivered' } : row)),
      }),
    },
  },
  'an order leaves as soon as it is told': {
    breaks: /not confirmed/,
    plant: {
      planted: (effects) => ({
        ...effects,
        dispatches: effects.dispatches.map((row) => (row.leg === 'api' ? { ...row, dueAt: START } : row)),
      }),
    },
  },
  'a visitor’s no reaches nothing that waits': {
    breaks: /after a no/,
    plant: {
      planted: (effects) =>
        effects.choices.length > 0 ? { ...effects, dispatches: [], events: [], orders: [] } : effects,
    },
  },
  'a payment told with its cents cut off': {
    breaks: /net/,
    plant: {
      planted: (effects) => ({
        ...effects,
        orders: effects.orders.map((row) => (row.net ? { ...row, net: row.net.replace('.90', '.00') } : row)),
      }),
    },
  },
};

for (const [name, { breaks, plant }] of Object.entries(PLANTED))
  test(`where ${name}, a state shows it`, async () => {
    const bounds: Bounds = { facts: ['server', 'paid', 'no'], attemptsMax: 1, ...plant };
    await assert.rejects(explore(modelOf(bounds), checker(bounds.facts)), breaks);
  });

function modelOf({ facts, ...bounds }: Bounds): Model {
  return { ...bounds, facts: facts.map((name) => ({ name, record: FACTS[name].record })) };
}

/** What must hold of every step; throws with the inputs that led to it. */
function checker(facts: readonly Fact[]): (step: Step) => void {
  const booked = new Map<string, string>();
  return (step) => {
    const { before, after, findings } = step;
    const told = after.around.told.flatMap((index) => facts[index] ?? []);
    const problems = [
      ...keyed(after),
      ...confirmed(after),
      ...overtaken(step),
      ...delivered(step),
      ...frozen(before, after),
      ...refused(after),
      ...before.books.dispatches.flatMap((leg) => ended(leg, after)),
      ...fold(after, told),
      // A page that fired without our word is the one that can be told to fire once more.
      ...findings.filter((what) => what.startsWith('dispatch_impossible') && after.around.fired === 0),
    ];
    const [order] = after.books.orders;
    const now = JSON.stringify([order?.status, order?.net, order?.total]);
    const same = told.toSorted().join(' ');
    if ((booked.get(same) ?? now) !== now) problems.push(`the same facts come to ${now} and ${booked.get(same)}`);
    booked.set(same, now);
    const [latest] = [...after.journal.values()].slice(-1);
    if (latest && !latest.verdict) problems.push(`a ${latest.record.kind} without a verdict`);
    assert.deepEqual(problems, [], after.path.join(' → '));
  };
}

function keyed({ books }: State): string[] {
  const sales = books.events.filter(({ name }) => name === 'Purchase').length;
  return sales > 1 || books.orders.length > 1 ? [`${sales} Purchases of ${books.orders.length} orders`] : [];
}

function confirmed({ books }: State): string[] {
  const isConfirmed = books.orders.some(({ confirmedAt }) => confirmedAt !== undefined);
  return books.dispatches
    .filter((leg) => !isConfirmed && (leg.attempts > 0 || dueOf(leg) !== undefined))
    .map(({ leg }) => `the ${leg} leg leaves, and the order is not confirmed`);
}

/** The money came while the end of its order's hold was being written. */
function overtaken({ before, after }: Step): string[] {
  const isEnded = legOf(after.books, 'api')?.why === 'confirmation_expired';
  const wasOpen = legOf(before.books, 'api')?.why !== 'confirmation_expired';
  const isConfirmed = before.books.orders.some(({ confirmedAt }) => confirmedAt !== undefined);
  return isEnded && wasOpen && isConfirmed ? ['an order that was confirmed ends as unconfirmed'] : [];
}

function delivered({ after }: Step): string[] {
  const { books, around } = after;
  if (around.accepts > 0) return [];
  const pixel = legOf(books, 'pixel');
  const isOpen = pixel?.state === 'queued' || pixel?.state === 'inFlight' || (pixel?.attempts ?? 0) > 0;
  return [
    ...books.dispatches.filter(({ state }) => state === 'delivered').map(({ leg }) => `${leg} delivered without a yes`),
    ...(isOpen ? ['the pixel leg before TikTok took the other'] : []),
  ];
}

function frozen(before: State, after: State): string[] {
  const shown = ({ sourceId, name, eventId, occurredAt, sendValue, value }: EventRow): string =>
    JSON.stringify([sourceId, name, eventId, occurredAt, sendValue === undefined ? value : sendValue]);
  return before.books.events
    .filter(({ frozenAt }) => frozenAt !== undefined)
    .filter((event) => {
      const now = after.books.events.find(({ seq }) => seq === event.seq);
      return now === undefined || shown(now) !== shown(event);
    })
    .map((event) => `${shown(event)} changed after it had left`);
}

/** An order that is told with a yes, after a no, has its own. */
function refused({ path }: State): string[] {
  const isLast = path.lastIndexOf('no') > Math.max(path.lastIndexOf('server'), path.lastIndexOf('page'));
  return isLast && path.at(-1) === 'choose' ? ['an attempt begins after a no'] : [];
}

/** What has ended stays so: but for a replay, for what was leaving while it ended, and for a page that fires. */
function ended(old: DispatchRow, after: State): string[] {
  const now = after.books.dispatches.find(({ event, leg }) => event === old.event && leg === old.leg);
  if (!now) return [`the ${old.leg} leg is gone`];
  const input = after.path.at(-1);
  const problems: string[] = [];
  if (now.attempts < old.attempts) problems.push(`the ${old.leg} leg forgets an attempt`);
  if (old.copyAt && !(now.copyAt && now.copyAt[0] <= old.copyAt[0])) problems.push(`the ${old.leg} leg forgets a copy`);
  if (now.state === old.state) return problems;
  const mayMove: Record<DispatchRow['state'], boolean> = {
    held: true,
    queued: true,
    inFlight: true,
    delivered: false,
    unknown: input === 'replay' && old.leg === 'api',
    withheld: input === 'send' || input === 'hand out' || input === 'fire',
    dead: input === 'replay',
  };
  return mayMove[old.state] ? problems : [...problems, `${old.leg} ${old.state} became ${now.state} by ${input}`];
}

function fold({ books }: State, told: readonly Fact[]): string[] {
  const moved = told.flatMap((name) => FACTS[name].cents ?? []);
  const cents = moved.reduce((sum, one) => sum + one, 0);
  const digits = String(Math.abs(cents)).padStart(3, '0');
  const sign = cents < 0 ? '-' : '';
  const wanted = moved.length > 0 ? `${sign}${digits.slice(0, -2)}.${digits.slice(-2)} EUR` : undefined;
  const net = books.orders[0]?.net;
  return net === wanted ? [] : [`net ${net} instead of ${wanted}`];
}
