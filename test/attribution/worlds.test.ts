import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TOUCH_KINDS } from '../../src/event/fact.ts';
import { ENDS } from '../../src/sim/attribution/edges.ts';
import { openWarehouse } from '../../src/store/duckdb/warehouse.ts';
import { memoryWarehouse } from '../../src/store/memory/warehouse.ts';
import {
  type CreditWrite,
  NO_CREDIT,
  type ReachColumns,
  type SharedIdentifier,
  type Statement,
  type Warehouse,
} from '../../src/store/warehouse.ts';
import { DAY } from '../journeys.ts';
import { dayIn } from './days.ts';
import { figuresOf, figuresTable, type WorldFigures } from './figures.ts';
import {
  lastTouch,
  type OracleConversion,
  type OracleRules,
  type OracleTouch,
  type OracleView,
  type Ties,
  view,
} from './oracle.ts';
import { liveThrough, tiesOf } from './world-run.ts';
import { SEEDS, WORLDS_PAGE, withTable } from './worlds-page.ts';

/** One world in so many is written to a file of columns. */
const ON_DISK_EVERY = 5;

const WINDOWS = [1, 7, 14, 28].flatMap((click) =>
  [0, 1, 7].flatMap((engagedView) =>
    [0, 1, 7].map((view) => ({ click: click * DAY, engagedView: engagedView * DAY, view: view * DAY })),
  ),
);

const figures: WorldFigures[] = [];

for (let seed = 0; seed < SEEDS; seed++)
  test(`world ${seed}: every conversion has the oracle’s touch under each of ${WINDOWS.length} windows`, async (t) => {
    const warehouse = seed % ON_DISK_EVERY === 0 ? await onDisk(t) : memoryWarehouse();
    const lived = await liveThrough(seed, warehouse);
    const { observed, book, tail, spec, world } = lived;
    figures.push(figuresOf(lived));
    const standing = tail.standing as Statement;
    const seen = view(observed, tiesOf(spec));
    assert.ok(seen.conversions.length > 40 && seen.touches.length > 100, world.setting.name);
    for (const windows of WINDOWS) {
      const statement: Statement = { ...standing, statement: 99, role: 'asked', windows };
      assert.deepEqual(
        creditedOf(book.all(statement)),
        expected(seen, { ...windows, precedence: standing.precedence }, standing.timezone),
        JSON.stringify(windows),
      );
    }
    assert.deepEqual(reached(book.all(standing)), expectedReach(seen), 'the latest touch of each kind');
    const conversions = seen.conversions.map(({ conversion }) => conversion);
    const kept = await warehouse.creditsOf(standing.statement, conversions);
    assert.deepEqual(
      creditedOf({ statement: standing, what: 'all', conversions: [], credits: kept }),
      expected(seen, { ...standing.windows, precedence: standing.precedence }, standing.timezone),
      'what was kept up to date as records came',
    );
  });

test('precision and recall against the true people stand in the documents as they are', (t) => {
  const table = figuresTable(figures);
  for (const line of table.split('\n')) t.diagnostic(line);
  const page = readFileSync(WORLDS_PAGE, 'utf8');
  assert.equal(withTable(page, table), page, 'run: node scripts/worlds.ts --write');
});

test('a touch earns in the last millisecond of its window, not in the next, and in its own; of two in one, the later told', async () => {
  const { observed, book, tail } = await liveThrough(0, memoryWarehouse());
  const earned = (edge: number, windows: Statement['windows']): string => {
    const event = observed.events.find(({ orderId }) => orderId === `edge-${edge}`);
    const write = book.all({ ...(tail.standing as Statement), role: 'asked', windows });
    const row = creditedOf(write).find((says) => says.startsWith(`${event?.seq}: `)) ?? '';
    return row.split(' ').slice(1, -2).join(' ');
  };
  for (const [place, [kind, days]] of ENDS.entries()) {
    const windows = { click: 0, engagedView: 0, view: 0, [kind]: days * DAY };
    assert.match(earned(2 * place, windows), new RegExp(`^\\d+ ${kind} 1$`), `${kind} ${days}`);
    assert.equal(earned(2 * place + 1, windows), 'outside_windows', `${kind} ${days}`);
  }
  const [, later] = observed.touches.filter(({ at }, _, all) => all.filter((other) => other.at === at).length === 2);
  assert.equal(earned(2 * ENDS.length, { click: DAY, engagedView: 0, view: 0 }), `${later?.seq} click 1`);
});

const planted: [name: string, seed: number, rules: (rules: OracleRules) => OracleRules, ties: (ties: Ties) => Ties][] =
  [
    ['a window that ends a millisecond sooner', 0, (rules) => ({ ...rules, click: rules.click - 1 }), (ties) => ties],
    ['views before clicks', 7, (rules) => ({ ...rules, precedence: rules.precedence.toReversed() }), (ties) => ties],
    ['e-mail addresses that tie nobody', 1, (rules) => rules, (ties) => ({ ...ties, match: without(ties, 'email') })],
    ['click ids that tie nobody', 10, (rules) => rules, (ties) => ({ ...ties, match: without(ties, 'ttclid') })],
    ['a limit of one visitor less', 5, (rules) => rules, (ties) => ({ ...ties, sharedBy: ties.sharedBy - 1 })],
    ['a limit of one visitor more', 6, (rules) => rules, (ties) => ({ ...ties, sharedBy: ties.sharedBy + 1 })],
    ['orders that count before they are paid', 0, (rules) => rules, (ties) => ({ ...ties, confirmed: [] })],
    ['referrers that are all foreign', 8, (rules) => rules, (ties) => ({ ...ties, domains: [] })],
  ];
for (const [name, seed, rules, ties] of planted)
  test(`the comparison would notice ${name}`, async () => {
    const { observed, book, tail, spec } = await liveThrough(seed, memoryWarehouse());
    const standing = tail.standing as Statement;
    const wrong = expected(
      view(observed, ties(tiesOf(spec))),
      rules({ ...standing.windows, precedence: standing.precedence }),
      standing.timezone,
    );
    assert.notDeepEqual(creditedOf(book.all(standing)), wrong);
  });

function without({ match }: Ties, kind: string): string[] {
  return match.filter((one) => one !== kind);
}

for (const [seed, shared] of [
  [5, []],
  [6, [11]],
] as const)
  test(`an identifier of ${seed === 5 ? 'as many visitors as the spec allows' : 'one visitor more'} is ${seed === 5 ? 'not ' : ''}said to be shared`, async () => {
    const warehouse = memoryWarehouse();
    let told: readonly SharedIdentifier[] = [];
    await liveThrough(seed, {
      ...warehouse,
      async commit(facts, place, credits) {
        told = facts.shared ?? told;
        await warehouse.commit(facts, place, credits);
      },
    });
    assert.deepEqual(
      told.map(({ visitors }) => visitors),
      shared,
    );
  });

async function onDisk(t: TestContext): Promise<Warehouse> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-worlds-'));
  const warehouse = await openWarehouse(folder);
  t.after(async () => {
    await warehouse.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return warehouse;
}

/** `conversion: touch kind, day of the touch, day of the conversion`, or why nothing earned it; in order. */
function creditedOf({ credits }: CreditWrite): string[] {
  const rows = [...credits.conversion].map((conversion, n) => {
    const why = NO_CREDIT[credits.why[n] as number];
    const what = why ?? `${credits.touch[n]} ${TOUCH_KINDS[credits.kind[n] as number]} ${credits.share[n]}`;
    return { conversion, says: `${conversion}: ${what} ${credits.touchedDay[n]} ${credits.convertedDay[n]}` };
  });
  return rows.sort((a, b) => a.conversion - b.conversion).map(({ says }) => says);
}

/** `conversion: touch and age of the latest click, engaged view and view within 28 days`, in order. */
function reached({ reach }: CreditWrite): string[] {
  const { conversion, click, clickAge, engagedView, engagedViewAge, view, viewAge } = reach as ReachColumns;
  const pairs = [[click, clickAge] as const, [engagedView, engagedViewAge] as const, [view, viewAge] as const];
  const places = [...conversion.keys()].sort((a, b) => (conversion[a] as number) - (conversion[b] as number));
  return places.map((n) => {
    const latest = pairs.map(([touch, age]) => (touch[n] === 0 ? '-' : `${touch[n]} ${age[n]}`));
    return `${conversion[n]}: ${latest.join(', ')}`;
  });
}

function expectedReach(seen: OracleView): string[] {
  return inOrder(seen).map((conversion) => {
    const touches = touchesOf(conversion, seen);
    const latest = TOUCH_KINDS.map((kind) => {
      const rules = { click: 0, engagedView: 0, view: 0, [kind]: 28 * DAY, precedence: [kind] };
      const touch = lastTouch(conversion, touches, rules);
      return typeof touch === 'string' ? '-' : `${touch.touch} ${conversion.at - touch.at}`;
    });
    return `${conversion.conversion}: ${latest.join(', ')}`;
  });
}

function inOrder({ conversions }: OracleView): OracleConversion[] {
  return [...conversions].sort((a, b) => a.conversion - b.conversion);
}

/** All touches of whoever converted. */
function touchesOf({ visitor: own }: OracleConversion, { touches, personOf }: OracleView): OracleTouch[] {
  const person = personOf(own);
  return touches.filter(({ visitor }) => personOf(visitor) === person);
}

function expected(seen: OracleView, rules: OracleRules, timezone: string): string[] {
  return inOrder(seen).map((conversion) => {
    const earned = lastTouch(conversion, touchesOf(conversion, seen), rules);
    const [what, touchedAt] =
      typeof earned === 'string' ? [earned, conversion.at] : [`${earned.touch} ${earned.kind} 1`, earned.at];
    return `${conversion.conversion}: ${what} ${dayIn(timezone, touchedAt)} ${dayIn(timezone, conversion.at)}`;
  });
}
