import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openGate } from '../../../test/gate.ts';
import { testIo } from '../../../test/io.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../../test/server.ts';
import type { EntryRow } from '../../event/order.ts';
import { openLedgerReader } from '../../store/sqlite/ledger.ts';
import { type FactOptions, importFacts } from './facts.ts';

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  folder = mkdtempSync(join(tmpdir(), 'assay-facts-'));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports a text; answers what a script sees. */
async function bring(
  text: string,
  options: Partial<FactOptions> = {},
  name = 'bank.csv',
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const io = testIo({ env: { ASSAY_SECRET_KEY: SECRET_KEY }, now: Date.now() });
  const code = await importFacts(file, { map: [], keyEnv: 'ASSAY_SECRET_KEY', url: server.publicUrl, ...options }, io);
  return { code, out: io.out().replaceAll(`${folder}/`, ''), err: io.err().replaceAll(`${folder}/`, '') };
}

async function entries(orderId: string): Promise<EntryRow[]> {
  const reader = await openLedgerReader(server.folder);
  try {
    return (await reader.load({ events: [], orders: [{ shop: 'demo', orderId }] })).entries;
  } finally {
    await reader.close();
  }
}

const BANK = `Order ID;Fact;Reference;Amount;Currency;Time
F-1;payment;bank-1;59.90;EUR;2011-12-09T12:50:00Z
F-1;refund;bank-2;9.90;EUR;2011-12-10
F-2;cancellation;till-7;;;2011-12-09
`;

test('facts of any past time are imported once, however often their file is', async () => {
  assert.deepEqual(await bring(BANK), { code: 0, out: 'bank.csv: 3 rows\n  3 imported\n', err: '' });
  const again = { code: 0, out: 'bank.csv: 3 rows\n  3 known already; nothing changed\n', err: '' };
  assert.deepEqual(await bring(BANK), again);
  assert.deepEqual(
    (await entries('F-1')).map(({ kind, amount, reference, provider, occurredAt }) => [
      ...[kind, amount, reference, provider, new Date(occurredAt).toISOString().slice(0, 10)],
    ]),
    [
      ['payment', '59.90 EUR', 'bank-1', 'import', '2011-12-09'],
      ['refund', '9.90 EUR', 'bank-2', 'import', '2011-12-10'],
    ],
  );
});

test('a fee or refund finds its order by the payment, and a payment needs its order', async () => {
  const rows = (text: string): string => `order_id,payment,fact,reference,amount,currency,time\n${text}\n`;
  const time = '2011-12-09';
  const paid = await bring(rows(`P-1,stripe:pi_7,payment,in-7,59.90,EUR,${time}`), {}, 'paid.csv');
  assert.equal(paid.code, 0, paid.err);
  const fees = `,stripe:pi_7,fee,txn_7,1.14,EUR,${time}\n,stripe:pi_8,fee,txn_8,2.00,EUR,${time}`;
  assert.equal((await bring(rows(fees), {}, 'fees.csv')).code, 0);
  assert.deepEqual(
    (await entries('P-1')).map(({ kind, amount, payment }) => [kind, amount, payment]),
    [
      ['payment', '59.90 EUR', 'stripe:pi_7'],
      ['fee', '1.14 EUR', 'stripe:pi_7'],
    ],
  );
  assert.deepEqual(await entries('pi_7'), []);
  assert.equal((await entries('pi_8')).length, 1);
  const homeless = await bring(rows(`,stripe:pi_9,payment,in-9,1.00,EUR,${time}`), {}, 'homeless.csv');
  assert.match(homeless.out + homeless.err, /order_id is missing/);
  assert.equal(homeless.code, 1);
});

test('a dry run previews rows, tells each problem with its line, and writes nothing', async () => {
  const text = `order_id,fact,reference,amount,currency,time,email
D-1,payment,d-1,10.00,EUR,2026-08-01,ann@example.com
D-1,refund,d-2,"10,00",EUR,2026-08-01,
D-1,payment,d-3,10.00,EUR,yesterday,
D-1,gift,d-4,10.00,EUR,2026-08-01,
D-1,payment,,10.00,EUR,2026-08-01,
D-1,cancellation,d-6,10.00,EUR,2026-08-01,
`;
  const { code, out, err } = await bring(text, { dryRun: true });
  assert.equal(code, 1);
  assert.match(out, /^line 2 {2}payment +D-1 +d-1 +2026-08-01 +10\.00 EUR +fine$/m);
  assert.match(out, /^Nothing was written: this was a dry run against http/m);
  assert.ok(!`${out}${err}`.includes('example.com'), 'no contact is shown');
  assert.deepEqual(
    new Set(err.split('\n').map((line) => /^line (\d+): (\S+)/.exec(line)?.slice(1).join(' ') ?? '')),
    new Set(['3 amount', '4 time', '5 fact', '6 reference', '7 amount', '7 currency', '']),
  );
  assert.deepEqual(await entries('D-1'), []);
});

test('bad rows are written with their order numbers, and the mended file brings the rest', async () => {
  const errors = join(folder, 'errors.csv');
  const text = `Nr,reference,amount,currency,email
0301234567,m-1,10.00,EUR,ann@example.com
0301234567,m-2,10.00,XYZ,ann@example.com
`;
  const map = ['Nr=order_id'];
  const { code, out } = await bring(text, { errors, map, fact: 'fee' });
  assert.deepEqual([code, out], [1, 'bank.csv: 2 rows\n  1 imported\n  1 with problems\n']);
  const bad = readFileSync(errors, 'utf8');
  assert.match(bad, /^3,.*,0301234567,m-2,10\.00,XYZ,[0-9a-f]{64}\r$/m);
  const mended = await bring(bad.replace(',XYZ,', ',EUR,'), { map, fact: 'fee' });
  assert.deepEqual([mended.code, mended.out], [0, 'bank.csv: 1 row\n  1 imported\n']);
  assert.deepEqual(
    (await entries('0301234567')).map(({ kind, reference }) => [kind, reference]),
    [
      ['fee', 'm-1'],
      ['fee', 'm-2'],
    ],
  );
});

test('JSON lines are facts as the import door takes them', async () => {
  const lines = [
    { order_id: 77, reference: 'j-1', amount: 5, currency: 'EUR' },
    { order_id: 77, reference: 'j-2', amount: 5, currency: 'EUR', time: 'never' },
    { order_id: 77 },
  ].map((fact) => JSON.stringify(fact));
  const { code, out, err } = await bring(`${lines.join('\n')}\n[1]\n`, {}, 'facts.jsonl');
  assert.deepEqual([code, out], [1, 'facts.jsonl: 4 rows\n  1 imported\n  3 with problems\n']);
  assert.match(err, /line 3: reference is missing: .*\nline 4: line is no object: /);
  assert.match(err, /line 2: time /);
});

test('a header that is not understood stops before anything is sent, with what to write', async () => {
  const { code, out, err } = await bring('order_id,refrence,colour\n1,a,red\n', { map: ['x=properties.y'] });
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /says no place of a fact of an order/);
  const header = await bring('order_id,refrence,colour\n1,a,red\n');
  assert.match(
    header.err,
    /"refrence" is no column of a fact of an order: give it a place with --map refrence=reference, or/,
  );
  assert.match(header.err, /"colour" is no column of a fact of an order: leave it out with --map colour=-/);
});

test('a line that is down for a while delays an import, and repeats nothing', async (t) => {
  const gate = await openGate(server.publicUrl, 'down', 'lost', 'pass');
  t.after(() => gate.close());
  const rows = Array.from({ length: 250 }, (_, n) => `L-${n},l-${n},1.00,EUR`);
  const { code, out } = await bring(`order_id,reference,amount,currency\n${rows.join('\n')}\n`, { url: gate.url });
  assert.equal(code, 0);
  assert.match(out, /^bank\.csv: 250 rows\n {2}50 imported\n {2}200 known already; nothing changed\n$/);
});
