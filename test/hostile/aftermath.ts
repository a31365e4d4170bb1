import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedgerReader } from '../../src/store/sqlite/ledger.ts';
import { SECRET_KEY } from '../server.ts';
import { filesOf, formsOf, found, type Person } from './contacts.ts';
import type { Stage } from './stage.ts';

/** What must hold once everything has been thrown at the server. */
export function aftermath(stage: () => Stage, people: readonly Person[]): void {
  test('the server still answers, and every record has its verdict', async () => {
    const { json } = await stage().ask('server POST /v1/server/events', {
      event: 'Last',
      event_id: 'MARKER-in-the-files',
      page: { url: 'https://shop.example/' },
      consent: 'granted',
      user: { ip: '198.51.100.7', user_agent: 'Mozilla/5.0 Firefox/140.0' },
    });
    const [last] = await stage().verdicts(String(json['receipt']));
    assert.equal(last?.verdict, 'admitted');
    assert.equal((await stage().ask('page GET /a.js')).status, 200);
  });

  test('every record that came in has its one verdict, and nothing lags behind', async () => {
    const { folder } = stage().server;
    const [journal, ledger] = [await openJournalReader(folder), await openLedgerReader(folder)];
    let figures = { records: Number.NaN, decided: Number.NaN, offset: Number.NaN };
    // Our own threads go on writing: what was sent, and what came back.
    for (let tries = 0; tries < 100 && figures.records !== figures.offset; tries++) {
      await pause(50);
      const { offset, verdicts } = await ledger.totals();
      const decided = verdicts.reduce((sum, { count }) => sum + count, 0);
      figures = { records: await journal.last(), decided, offset };
    }
    const { records } = figures;
    assert.deepEqual(figures, { records, decided: records, offset: records });
    await ledger.close();
    await journal.close();
  });

  test('no byte on disk, in the log or on its way to TikTok gives anybody away', async () => {
    await pause(300);
    const { server, sink } = stage();
    const files = filesOf(server.folder);
    assert.deepEqual(
      ['journal.db', 'ledger.db', 'operator.json'].filter((name) => !files.some(([file]) => file === name)),
      [],
    );
    // The search sees what is there.
    const everything = files.map(([, text]) => text).join('\n');
    assert.ok(everything.includes('MARKER-in-the-files'));
    const forms = people.slice(0, 1).flatMap(formsOf);
    assert.ok(forms.length > 0);
    for (const form of forms) assert.ok(found(`x${form.toUpperCase()}x`, people).includes(form), form);
    const places: [string, string][] = [
      ...files,
      ['the log', server.log.join('\n')],
      ['TikTok', sink.bodies.join('\n')],
    ];
    for (const [place, text] of places) {
      assert.deepEqual(found(text, people), [], place);
      assert.ok(!text.includes(SECRET_KEY), place);
    }
  });

  test('nothing failed inside: the log names no failure', () => {
    assert.deepEqual(
      stage().server.log.filter((line) => /failed|stopped/.test(line)),
      [],
    );
  });
}
