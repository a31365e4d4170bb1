import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openGate } from '../../../test/gate.ts';
import { testIo } from '../../../test/io.ts';
import { SECRET_KEY, startTestServer, type TestServer } from '../../../test/server.ts';
import type { LeadRow } from '../../event/lead.ts';
import { DEFAULT_TRACKING_YAML } from '../../spec/default-text.ts';
import { openLedgerReader } from '../../store/sqlite/ledger.ts';
import { importLeads, type LeadOptions } from './leads.ts';

const WORDS = '{ property: lifecyclestage, statuses: { salesqualifiedlead: qualified, customer: approved } }';
const SPEC = DEFAULT_TRACKING_YAML.replace(/^leads:/m, `leads:\n  crm: { hubspot: ${WORDS} }`);

let server: TestServer;
let folder = '';
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-leads-'));
  const specFile = join(folder, 'tracking.yaml');
  writeFileSync(specFile, SPEC);
  server = await startTestServer('http://127.0.0.1:1', { specFile });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

/** Imports a text; answers what a script sees. */
async function bring(
  text: string,
  options: Partial<LeadOptions> = {},
  name = 'crm.csv',
): Promise<{ code: number; out: string; err: string }> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const io = testIo({ env: { ASSAY_SECRET_KEY: SECRET_KEY }, now: Date.now() });
  const code = await importLeads(file, { map: [], keyEnv: 'ASSAY_SECRET_KEY', url: server.publicUrl, ...options }, io);
  return { code, out: io.out().replaceAll(`${folder}/`, ''), err: io.err().replaceAll(`${folder}/`, '') };
}

async function leadOf(leadId: string): Promise<LeadRow | undefined> {
  const reader = await openLedgerReader(server.folder);
  try {
    return (await reader.load({ events: [], orders: [], leads: [leadId] })).leads[0];
  } finally {
    await reader.close();
  }
}

const DEALS = `Deal;Status;Time;Visitor;E-mail;Channel
K-1;new;2017-11-01T09:00:00Z;v-1;ann@example.com;paid_search
K-1;qualified;2017-11-03;;;
K-1;rejected;2017-12-01;;;
K-2;new;2017-11-02;;bob@example.com;social
`;
const DEAL_MAP = ['Deal=lead_id', 'E-mail=email', 'Channel=properties.channel'];

test('the rows of a lead are its steps, of any past time, and imported once, however often their file is', async () => {
  const first = await bring(DEALS, { map: DEAL_MAP });
  assert.deepEqual(first, { code: 0, out: 'crm.csv: 4 rows\n  4 imported\n', err: '' });
  const before = await leadOf('K-1');
  const again = await bring(DEALS, { map: DEAL_MAP });
  assert.deepEqual(again, { code: 0, out: 'crm.csv: 4 rows\n  4 known already; nothing changed\n', err: '' });
  const lead = await leadOf('K-1');
  assert.deepEqual(lead, before);
  assert.deepEqual(
    lead?.steps.map(({ status, by, at, unsent, reversal }) => [
      ...[status, by, new Date(at).toISOString().slice(0, 10), unsent, reversal],
    ]),
    [
      ['new', 'import', '2017-11-01', undefined, undefined],
      ['qualified', 'import', '2017-11-03', undefined, undefined],
      ['rejected', 'import', '2017-12-01', 'no_event', true],
    ],
  );
  assert.deepEqual(
    [lead.status, lead.visitor, lead.properties, Object.keys(lead.personal?.user ?? {})],
    ['rejected', 'v-1', { channel: 'paid_search' }, ['email']],
  );
});

test('what is too old for TikTok is in the books, and nothing of it leaves', async () => {
  await bring('lead_id,status,time,url\nOLD-1,qualified,2017-11-03,https://shop.example/\n', { consent: 'granted' });
  const reader = await openLedgerReader(server.folder);
  const { dispatches } = await reader
    .lineage(await reader.find('OLD-1-qualified', 9), [])
    .finally(() => reader.close());
  assert.deepEqual(
    dispatches.filter(({ leg }) => leg === 'api').map(({ state, why }) => `${state} ${why}`),
    ['withheld too_old'],
  );
  assert.equal((await leadOf('OLD-1'))?.value, '40.00 EUR');
});

test('a CRM’s own words mean what the spec says, and another field’s change nothing', async () => {
  const text = `id,stage,time,property
H-1,salesqualifiedlead,2026-08-01,lifecyclestage
H-1,OPEN,2026-08-02,hs_lead_status
H-1,evangelist,2026-08-03,lifecyclestage
H-1,customer,2026-08-04,
`;
  const map = ['id=lead_id', 'stage=status'];
  const dry = await bring(text, { map, provider: 'hubspot', dryRun: true });
  assert.equal(dry.code, 1);
  assert.match(dry.out, /^line 2 {2}salesqualifiedlead {2}H-1 {2}2026-08-01 {2}hubspot +fine$/m);
  const { code, out, err } = await bring(text, { map, provider: 'hubspot' });
  assert.deepEqual([code, out], [1, 'crm.csv: 4 rows\n  3 imported\n  1 with problems\n']);
  assert.match(err, /^line 4: status the spec does not say what "evangelist" of "hubspot" means: add it to leads\.crm/);
  assert.equal(dry.err, err);
  assert.deepEqual(
    (await leadOf('H-1'))?.steps.map(({ status }) => status),
    ['qualified', 'approved'],
  );
});

test('a dry run previews rows, tells each problem with its line, and writes nothing', async () => {
  const text = `lead_id,status,time,email,phone,source
D-1,new,2026-08-01,ann@example.com,+49 170 1234567,web
D-1,lost,2026-08-02,,,
D-1,qualified,yesterday,,,
D-1,qualified,,,,
,qualified,2026-08-02,,,
ann@example.com,qualified,2026-08-02,,,
D-1,qualified,2026-08-02,,,letter
`;
  const { code, out, err } = await bring(text, { dryRun: true });
  assert.equal(code, 1);
  assert.match(out, /^line 2 {2}new +D-1 +2026-08-01 +web +email\+phone +fine$/m);
  assert.match(out, /^Nothing was written: this was a dry run against http/m);
  assert.ok(!`${out}${err}`.includes('example.com'), 'no contact is shown');
  assert.deepEqual(
    err
      .trim()
      .split('\n')
      .map((line) => /^line (\d+): (\S+)/.exec(line)?.slice(1).join(' '))
      .sort(),
    ['3 status', '4 time', '5 time', '6 lead_id', '7 lead_id', '8 source'],
  );
  assert.equal(await leadOf('D-1'), undefined);
});

test('bad rows are written with their leads’ numbers, contacts hashed, and the mended file brings the rest', async () => {
  const errors = join(folder, 'errors.csv');
  const text = `lead_id,status,time,email
0301234567,new,2026-08-01,cleo@example.com
0301234567,won,2026-08-02,cleo@example.com
`;
  const { code, out } = await bring(text, { errors });
  assert.deepEqual([code, out], [1, 'crm.csv: 2 rows\n  1 imported\n  1 with problems\n']);
  const bad = readFileSync(errors, 'utf8');
  assert.match(bad, /^3,.*,0301234567,won,2026-08-02,[0-9a-f]{64}\r$/m);
  const mended = await bring(bad.replace(',won,', ',approved,'));
  assert.deepEqual([mended.code, mended.out], [0, 'crm.csv: 1 row\n  1 imported\n']);
  assert.equal((await leadOf('0301234567'))?.status, 'approved');
  for (const file of readdirSync(server.folder)) {
    const bytes = readFileSync(join(server.folder, file));
    for (const contact of ['cleo@example.com', 'ann@example.com']) assert.ok(!bytes.includes(contact), file);
  }
});

test('JSON lines are steps as the import door takes them, with what holds for all beside', async () => {
  const lines = [
    { lead_id: 'J-1', time: 1_785_500_000, properties: { form: { step: 2 } } },
    { lead_id: 'J-1', time: '2026-08-03T10:00:00+02:00', status: 'rejected' },
    { lead_id: 'J-1', status: 'rejected' },
  ].map((step) => JSON.stringify(step));
  const options = { status: 'qualified', source: 'crm', consent: 'granted' } as const;
  const { code, out, err } = await bring(`${lines.join('\n')}\n[1]\n`, options, 'leads.jsonl');
  assert.deepEqual([code, out], [1, 'leads.jsonl: 4 rows\n  2 imported\n  2 with problems\n']);
  assert.match(err, /line 3: time is missing: .*\nline 4: line is no object: /);
  const lead = await leadOf('J-1');
  assert.deepEqual(
    [lead?.source, lead?.consent, lead?.steps.map(({ status }) => status)],
    ['crm', 'granted', ['qualified', 'rejected']],
  );
});

test('a header that is not understood stops before anything is sent, with what to write', async () => {
  const { code, out, err } = await bring('lead_id,state,colour\n1,a,red\n');
  assert.deepEqual([code, out], [2, '']);
  assert.match(
    err,
    /"colour" is no column of a step of a lead: give it a place with --map colour=properties\.name, or/,
  );
});

test('a line that is down for a while delays an import, and repeats nothing', async (t) => {
  const gate = await openGate(server.publicUrl, 'down', 'lost', 'pass');
  t.after(() => gate.close());
  const rows = Array.from({ length: 250 }, (_, n) => `L-${n},rejected,2026-08-01`);
  const { code, out } = await bring(`lead_id,status,time\n${rows.join('\n')}\n`, { url: gate.url });
  assert.equal(code, 0);
  assert.match(out, /^crm\.csv: 250 rows\n {2}50 imported\n {2}200 known already; nothing changed\n$/);
});
