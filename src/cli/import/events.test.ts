import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { openGate, type Weather } from '../../../test/gate.ts';
import { testIo } from '../../../test/io.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../../test/server.ts';
import { openLedgerReader } from '../../store/sqlite/ledger.ts';
import { type ImportOptions, importEvents } from './events.ts';

const HEADER = 'event,event_id,time,value,currency,content_id,quantity,email,consent';
const DAY = new Date(Date.now() - 3_600_000).toISOString();
const PURCHASES = `${['Order number', 'Sold at', 'Total', 'Currency', 'content_id', 'E-mail'].join(';')}
A-1;${DAY};59.90;EUR;SKU-1;ann@example.com
A-2;${DAY};18.90;EUR;SKU-2;bob@example.com
`;
const PURCHASE_MAP = ['Order number=order_id', 'Sold at=time', 'Total=value', 'E-mail=email'];

let server: TestServer;
let folder = '';
before(async () => {
  server = await startTestServer('http://127.0.0.1:1');
  folder = mkdtempSync(join(tmpdir(), 'assay-import-'));
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports a text; answers what a script sees. */
async function bring(
  text: string,
  options: Partial<ImportOptions> = {},
  { name = 'sales.csv', env = {} }: { name?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const io = testIo({ env: { ASSAY_SECRET_KEY: SECRET_KEY, ...env }, now: Date.now() });
  const all = { map: [], keyEnv: 'ASSAY_SECRET_KEY', url: server.publicUrl, consent: 'granted' as const, ...options };
  const code = await importEvents(file, all, io);
  return { code, out: io.out().replaceAll(`${folder}/`, ''), err: io.err().replaceAll(`${folder}/`, '') };
}

async function counted(id: string): Promise<{ verdicts: string[]; keys: string[]; source: string | undefined }> {
  const reader = await openLedgerReader(server.folder);
  try {
    const { events, verdicts } = await reader.lineage(await reader.find(id, 10), []);
    return {
      verdicts: verdicts.map(({ verdict }) => verdict),
      keys: Object.keys(events[0]?.personal?.user ?? {}),
      source: events[0]?.source,
    };
  } finally {
    await reader.close();
  }
}

test('sales of a store are imported once, however often their file is', async () => {
  const first = await bring(PURCHASES, { event: 'Purchase', map: PURCHASE_MAP });
  assert.deepEqual(first, { code: 0, out: 'sales.csv: 2 rows\n  2 imported\n', err: '' });
  const second = await bring(PURCHASES, { event: 'Purchase', map: PURCHASE_MAP });
  assert.deepEqual(second, { code: 0, out: 'sales.csv: 2 rows\n  2 known already; nothing changed\n', err: '' });
  assert.deepEqual(await counted('A-1'), { verdicts: ['admitted', 'duplicate'], keys: ['email'], source: 'offline' });
});

test('a row that is only odd is imported: what is odd about it stands with its verdict', async () => {
  const text = `event,order_id,time,value,currency,email,contents
Purchase,F-1,${DAY},64.80,EUR,ann@example.com,"[{""content_id"":""SKU-1"",""quantity"":1,""price"":59.9}]"
`;
  assert.deepEqual(await bring(text), { code: 0, out: 'sales.csv: 1 row\n  1 imported\n', err: '' });
});

test('a row without an id gets one from what it says, the same at every import', async () => {
  const text = `event,time,value,currency,quantity,content_id,phone\nAddToCart,${DAY},5.00,EUR,1,SKU-7,+49 170 1234567\n`;
  assert.match((await bring(text)).out, /1 imported/);
  // The order of the columns and the spelling of the header change nothing.
  const same = `Phone,Currency,Content ID,event,Time,value,QUANTITY\n+49 170 1234567,EUR,SKU-7,AddToCart,${DAY},5.00,1\n`;
  assert.match((await bring(same)).out, /1 known already/);
  assert.match((await bring(text.replace('5.00', '6.00'))).out, /1 imported/);
});

test('a dry run previews rows without contacts, tells each problem with its line, and writes nothing', async () => {
  const text = `${HEADER}
AddToCart,dry-1,${DAY},9.90,EUR,SKU-1,1,ann@example.com,granted
AddToCart,dry-2,${DAY},9.90,,SKU-1,2,ann@example.com,granted

AddToCart,dry-3,yesterday,9.90,EUR,SKU-1,two,ann@example.com,granted
`;
  const { code, out, err } = await bring(text, { dryRun: true });
  assert.equal(code, 1);
  assert.match(out, /^line 2 {2}AddToCart {2}dry-1 .*9\.90 EUR +email {2}fine$/m);
  assert.match(out, /^Nothing was written: this was a dry run against http/m);
  assert.match(err, /^line 3: properties\.currency a value without its currency: /m);
  assert.match(err, /^line 5: quantity can’t be read: write digits with a point, such as 2 or 59\.90$/m);
  assert.ok(!`${out}${err}`.includes('example.com'), 'no contact is shown');
  assert.deepEqual((await counted('dry-1')).verdicts, []);
});

test('bad rows are named with line and reason, the others are imported, and the mended file brings the rest', async () => {
  const errors = join(folder, 'errors.csv');
  const text = `${HEADER},Notes
AddToCart,mend-1,${DAY},9.90,EUR,SKU-1,1,ann@example.com,granted,"called twice
on Monday"
AddToCart,mend-2,${DAY},9.90,,SKU-1,1,Ann@Example.com,granted,=1+1
AddToCart,mend-3,${DAY},9.90,EUR,SKU-1
AddToCart,mend-4,${DAY},9.90,EUR,SKU-1,1,ann@example.com,perhaps,
AddToCart,mend-5,${DAY},9.90,EUR,ann@example.com,0.5.1,,granted,
`;
  const { code, out, err } = await bring(text, { errors, map: ['Notes=-'] });
  assert.deepEqual([code, out], [1, 'sales.csv: 5 rows\n  1 imported\n  4 with problems\n']);
  assert.deepEqual(
    err.split('\n').map((line) => /^line (\d+): (\S+)/.exec(line)?.slice(1).join(' ')),
    ['5 line', '7 quantity', '4 properties.currency', '6 consent', undefined],
  );
  assert.equal(statSync(errors).mode & 0o777, 0o600);
  const bad = readFileSync(errors, 'utf8');
  assert.ok(!/example\.com/i.test(bad), 'contacts are hashed, and what looks like one is left out');
  const sha = '71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476';
  assert.match(bad, new RegExp(`^4,.*,mend-2,.*,${sha},granted\\r$`, 'm'));

  const mended = bad.replaceAll('9.90,,SKU-1', '9.90,EUR,SKU-1').replace('perhaps', 'granted');
  const again = await bring(mended, { errors: join(folder, 'rest.csv') });
  assert.match(again.out, /^sales\.csv: 4 rows\n {2}2 imported\n {2}2 with problems\n$/);
  assert.deepEqual((await counted('mend-2')).keys, ['email']);
});

test('JSON lines are events as the server door takes them', async () => {
  const lines = [
    { event: 'Contact', event_id: 'json-1', time: DAY, user: { email: 'ann@example.com' } },
    { event: 'Contact', event_id: 'json-2', time: 'never' },
  ].map((event) => JSON.stringify(event));
  const text = `\uFEFF${lines[0]}\n\n{"event":\n[1]\n${lines[1]}`;
  const { code, out, err } = await bring(text, {}, { name: 'events.jsonl' });
  assert.deepEqual([code, out], [1, 'events.jsonl: 4 rows\n  1 imported\n  3 with problems\n']);
  assert.match(err, /^line 3: line is not JSON: .*\nline 4: line is no object: .*\nline 5: time not a time: /);
});

test('a header that is not understood stops before anything is sent, with what to write', async () => {
  const { code, out, err } = await bring('event,Ordr id,email,e-mail address,email\nx,1,a,b,c\n', {
    map: ['e-mail address=email', 'Colour=properties.colour'],
  });
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /"Ordr id" is no column of an event: give it a place with --map "Ordr id=order_id"/);
  assert.match(err, /--map names "Colour", which the file does not have/);
  assert.match(err, /user\.email is filled by two columns/);
  const wrong = await bring('event\nx\n', { map: ['nothing', 'a=user.__proto__.x.', 'b=elsewhere.x'] });
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /3 problems/);
});

test('what keeps an import from starting is said, and ends with 2', async () => {
  for (const [options, more, says] of [
    [{}, { env: { ASSAY_SECRET_KEY: ' ' } }, /ASSAY_SECRET_KEY is not set: /],
    [{}, { env: { ASSAY_SECRET_KEY: 'another-key-of-the-server-door' } }, /does not take this key \(HTTP 401/],
    [{ url: 'shop' }, {}, /--url is not an address/],
    [{ url: server.adminUrl }, {}, /stopped: .*/],
    [{ errors: join(folder, 'none', 'errors.csv') }, {}, /errors\.csv can’t be written: /],
  ] as const) {
    const { code, err } = await bring(`${HEADER}\nContact,s-1,${DAY},,,,,ann@example.com,granted\n`, options, more);
    assert.match(err, says);
    assert.equal(code, 2);
  }
  const io = testIo({ env: { ASSAY_SECRET_KEY: SECRET_KEY } });
  const none = { map: [], keyEnv: 'ASSAY_SECRET_KEY', url: server.publicUrl };
  assert.equal(await importEvents(join(folder, 'none.csv'), none, io), 2);
  assert.match(io.err(), /none\.csv can’t be read/);
  assert.ok(!io.err().includes(SECRET_KEY));
});

test('a line that is down for a while delays an import, and repeats nothing', async (t) => {
  const { url, asked } = await gate(t, 'down', 'lost', { status: 503, headers: { 'retry-after': '0' } }, 'pass');
  const rows = Array.from({ length: 450 }, (_, n) => `Contact,line-${n},${DAY},,,,,ann@example.com,granted`);
  const { code, out } = await bring(`${HEADER}\n${rows.join('\n')}\n`, { url });
  assert.equal(code, 0);
  assert.match(out, /^sales\.csv: 450 rows\n {2}250 imported\n {2}200 known already; nothing changed\n$/);
  assert.equal(asked.length, 5);
});

test('--json counts everything and lists the problems', async () => {
  const text = `${HEADER}\nContact,count-1,${DAY},,,,,ann@example.com,granted\n,count-2,${DAY},,,,,ann@example.com,granted\n`;
  const { code, out, err } = await bring(text, { json: true });
  const answer = JSON.parse(out) as { problems: { line: number; where: string }[] };
  assert.deepEqual([code, err], [1, '']);
  assert.deepEqual(
    { ...answer, problems: answer.problems.map(({ line, where }) => `${line} ${where}`) },
    {
      ...{ dryRun: false, rows: 2, bad: 1, new: 1, known: 0, pending: 0, fine: 0, stopped: null, cut: false },
      problems: ['3 event'],
    },
  );
});

async function gate(t: TestContext, ...weather: Weather[]) {
  const opened = await openGate(server.publicUrl, ...weather);
  t.after(() => opened.close());
  return opened;
}
