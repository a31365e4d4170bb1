import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { DEFAULT_TRACKING_YAML } from '../../src/spec/default-text.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { startTestServer } from '../../test/server.ts';

const CRM = `
  crm:
    hubspot: { property: lifecyclestage, statuses: { salesqualifiedlead: qualified } }
    pipedrive:
      statuses:
        stage:3: qualified
        won: approved
        label:f08b69b0-4e75-11ea-9643-03698ef1cfd6: rejected
`;

/** What each lead has become, of all that the CRM's examples tell. */
const TOLD: Record<string, { variable: string; secret: string; leads: Record<string, string[]> }> = {
  hubspot: {
    variable: 'ASSAY_HUBSPOT_SECRET',
    secret: '5f0e2c9a-41d7-4b1c-9d5e-7a3b8c1d2e4f',
    leads: { 'hubspot-contact-151': ['qualified'] },
  },
  pipedrive: {
    variable: 'ASSAY_PIPEDRIVE_SECRET',
    secret: 'assay:8cV2mQe7Zr1TnY4bK9wX',
    leads: {
      'kitchen-77': ['qualified', 'approved'],
      'pipedrive-lead-d5f1a2c0-7b1e-4c53-9f0a-3c2f8be1d4a7': ['rejected'],
    },
  },
};

for (const [name, { variable, secret, leads }] of Object.entries(TOLD))
  test(`the steps that ${name} sends stand in the history of their leads, and once more change nothing`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-crm-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const specFile = join(folder, 'tracking.yaml');
    writeFileSync(specFile, DEFAULT_TRACKING_YAML.replace(/^leads:$/m, `leads:${CRM.trimEnd()}`));
    const server = await startTestServer('http://127.0.0.1:1', {
      specFile,
      providers: [name],
      hookSecrets: { [name]: [secret] },
    });
    t.after(() => server.stop());
    const [ledger, journal] = [await openLedgerReader(server.folder), await openJournalReader(server.folder)];
    t.after(() => Promise.all([ledger.close(), journal.close()]));
    const told = async (): Promise<Record<string, string[]>> => {
      while ((await ledger.offset()) < (await journal.last())) await wait(20);
      const rows = await ledger.leads({}, 50);
      return Object.fromEntries(rows.map(({ leadId, steps }) => [leadId, steps.map(({ status }) => status)]));
    };
    // What HubSpot signs is the https address that it calls.
    const env = { ASSAY_URL: server.publicUrl, ASSAY_PUBLIC_URL: server.publicUrl.replace('http:', 'https:') };
    for (const time of ['first', 'second']) {
      assert.equal(await send(name, { ...env, [variable]: secret }), 0);
      assert.deepEqual(await told(), leads, `the ${time} time`);
    }
    assert.equal(await send(name, { ...env, [variable]: `${secret}0000` }), 1);
    assert.deepEqual(await told(), leads);
  });

async function send(name: string, env: Record<string, string>): Promise<number> {
  const sender = spawn(process.execPath, [new URL(`${name}/send.js`, import.meta.url).pathname], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [[code], said] = await Promise.all([once(sender, 'exit'), text(sender.stdout)]);
  assert.match(said, /^(?:\d{3} .+\n)+$/);
  return code;
}
