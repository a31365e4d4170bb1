import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkData } from '../../scripts/check-data/check.ts';
import { type Checked, checkedText } from '../../scripts/check-data/comparison.ts';
import { emptyFolder, LEADS_OF_BRAZIL, ORDERS_OF_BRAZIL, PATHS, put, RETAIL } from './tiny.ts';

/** What a folder with these files comes to. */
async function checked(...all: Record<string, string | object>[]): Promise<Awaited<ReturnType<typeof checkData>>> {
  const folder = emptyFolder();
  try {
    for (const files of all) put(folder, files);
    return await checkData(folder, () => undefined);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('invoices, cancellations, bad debts and stock corrections give the sums of the truth, to the penny', async () => {
  const { ok, sets, missing } = await checked(RETAIL);
  const [retail] = sets as [Checked];
  assert.ok(ok, checkedText(retail));
  assert.deepEqual(missing, ['Olist orders', 'Olist leads', 'Path data']);
  assert.deepEqual(rowOf(retail, '2012-04 sale, GBP'), ['1.001', '1.00', '0.001', '0.000']);
  assert.deepEqual(rowOf(retail, '2012-04 cancellation, GBP'), ['-28.755', '-28.76', '0.005', '0.000']);
  assert.deepEqual(rowOf(retail, '2012-04 net, GBP'), ['-30.304', '-30.31', '0.006', '0.000']);
  assert.deepEqual(rowOf(retail, 'orders orphan'), ['6', '6', undefined, '0']);
  assert.deepEqual(rowOf(retail, 'copies withheld too_old'), ['8', '8', undefined, '0']);
  assert.ok(
    retail.notes.includes(
      'Cancellations: 1 went to earlier orders, 1 did in part, 1 found none and stay under their own number.',
    ),
  );
  assert.deepEqual(
    retail.notes.filter((note) => note.includes('exactly')),
    [
      '  700003, sale of 2012-04: 1.001 exactly, 1.00 booked, 0.001 rounding',
      '  C700008, cancellation of 2012-04: -18.755 exactly, -18.76 booked, 0.005 rounding',
    ],
  );
});

test('a sum that is off by a thousandth is named, and nothing else', async () => {
  const [name = '', truth] = Object.entries(RETAIL)[1] ?? [];
  const off = JSON.stringify(truth).replace('"35.500"', '"35.501"');
  const { ok, sets } = await checked(RETAIL, { [name]: off });
  assert.equal(ok, false);
  const [retail] = sets as [Checked];
  const wrong = retail.figures.filter((figure) => !figure.ok);
  assert.deepEqual(
    wrong.map(({ what, difference }) => [what, difference]),
    [['2012-03 sale, GBP', '-0.001']],
  );
  assert.match(checkedText(retail), /NOT ok: 1 of \d+ figures differ/);
});

test('orders in any state of payment, and leads, give theirs', async () => {
  const { ok, sets } = await checked(ORDERS_OF_BRAZIL, LEADS_OF_BRAZIL);
  assert.ok(ok, sets.map(checkedText).join('\n'));
  const [orders, leads] = sets as [Checked, Checked];
  assert.deepEqual(rowOf(orders, 'all, net BRL'), ['105.50', '105.50', undefined, '0.00']);
  assert.deepEqual(rowOf(orders, 'net, as the report adds it up'), ['106.50', '106.50', undefined, '0.00']);
  assert.deepEqual(rowOf(orders, '2017-02 delivered, orders'), ['1', '1', undefined, '0']);
  assert.deepEqual(rowOf(orders, 'copies withheld too_old'), ['6', '6', undefined, '0']);
  assert.deepEqual(rowOf(orders, 'copies withheld order_cancelled'), ['2', '2', undefined, '0']);
  assert.deepEqual(rowOf(orders, 'orders that stand as partlyPaid'), ['1', '1', undefined, '0']);
  assert.deepEqual(rowOf(leads, '(empty), won'), ['1', '1', undefined, '0']);
  assert.deepEqual(rowOf(leads, 'leads that stand as won'), ['2', '2', undefined, '0']);
});

test('paths give each channel what the reference has, by every model, and a figure that is off is named', async () => {
  const { ok, sets } = await checked(PATHS);
  const [paths] = sets as [Checked];
  assert.ok(ok, checkedText(paths));
  assert.deepEqual([paths.figures.length, paths.notes], [16, ["The reference's model harmonic is none of ours."]]);
  const [[name = '', reference] = []] = Object.entries(PATHS).slice(1);
  const off = { [name]: JSON.stringify(reference).replace('0.666667', '0.666669') };
  assert.deepEqual(
    (await checked(PATHS, off)).sets[0]?.figures.filter((figure) => !figure.ok).map(({ what }) => what),
    ['markov_order_1 a conversions'],
  );
});

test('a set that lacks a file, or has one that is no such file, is not taken for right', async () => {
  const { 'olist-order-payments-tiny.csv.gz': _, ...some } = ORDERS_OF_BRAZIL;
  const { 'online-retail-2012-03_2012-04.csv.gz': __, ...truth } = RETAIL;
  const { ok, sets } = await checked(some, { ...truth, 'online-retail-2012-03_2012-04.csv.gz': 'invoice_no\n1\n' });
  assert.equal(ok, false);
  assert.deepEqual(
    sets.map(({ problems }) => problems),
    [
      [
        'online-retail-2012-03_2012-04.csv.gz can’t be read: it has no column stock_code, description, quantity, invoice_date, unit_price_gbp, customer_id',
      ],
      ['without olist-order-payments*.csv.gz it can’t be checked'],
    ],
  );
});

test('a folder without any set, or no folder, is said in a sentence', async () => {
  await assert.rejects(
    checked({ 'other.csv': 'a\n1\n' }),
    /has none of the sets Online Retail, Olist orders, Olist leads/,
  );
  await assert.rejects(
    checkData('/nowhere', () => undefined),
    /\/nowhere can’t be read/,
  );
});

test('the command exits with 1 where something differs or is not there, and tells it as JSON too', () => {
  const folder = emptyFolder();
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  try {
    const none = run('--data', folder);
    assert.deepEqual([none.status, none.stdout], [1, '']);
    assert.match(none.stderr, /nothing was checked/);
    assert.match(run().stderr, /--data FOLDER/);
    put(folder, LEADS_OF_BRAZIL);
    const all = run('--data', folder);
    assert.equal(all.status, 0, all.stdout + all.stderr);
    assert.match(
      all.stdout,
      /Olist leads: .+\n[\s\S]+ {2}ok: all \d+ figures are equal[\s\S]+Online Retail: not there/,
    );
    put(folder, { 'olist-leads-funnel-tiny.truth.json': { by_origin: {}, leads: 4, won: 3 } });
    const off = run('--data', folder, '--json');
    assert.equal(off.status, 1);
    const { ok, missing } = JSON.parse(off.stdout) as { ok: boolean; missing: string[] };
    assert.deepEqual([ok, missing], [false, ['Online Retail', 'Olist orders', 'Path data']]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const PROGRAM = join(import.meta.dirname, '../../scripts/check-data.ts');

function rowOf({ figures }: Checked, name: string): (string | undefined)[] {
  const figure = figures.find(({ what }) => what === name);
  return [figure?.expected, figure?.found, figure?.rounding, figure?.difference];
}
