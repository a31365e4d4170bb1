import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, type Kit, openKit, START, specTold } from '../../test/admission-kit.ts';
import { DAY, HOUR } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import { memoryJournal } from '../store/memory/journal.ts';
import { memoryLedger } from '../store/memory/ledger.ts';
import { openAdmission } from './run.ts';

/** The same id again, with the time of its new telling. */
const told = (id: string, days: number): NewRecord =>
  eventTold('browser', { event_id: id, pixel: 'fired' }, START + days * DAY);

for (const isRestarted of [false, true])
  test(`an id told again under a fresh time is a duplicate for four weeks${isRestarted ? ', after a restart too' : ''}`, async () => {
    for (const [days, verdict] of [
      [2, 'duplicate refired'],
      [3, 'duplicate refired'],
      [5, 'duplicate refired'],
      [27, 'duplicate refired'],
      [28, 'admitted first_observation'],
    ] as const) {
      const kit = await openKit();
      await kit.tell(told('e-1', 0));
      // Other days are busy, or quiet.
      if (days > 5) await kit.tell(...Array.from({ length: 200 }, (_, n) => told(`n-${n}`, 4 + (n % 3))));
      if (isRestarted) await kit.restart();
      const again = await kit.tell(told('e-1', days));
      assert.equal(await kit.verdict(again), verdict, `${days} days later`);
      assert.equal(await legs(kit, again), verdict.startsWith('admitted') ? 2 : 0);
    }
  });

test('while the past is being filled in after a start, nothing is told twice either', async () => {
  const journal = memoryJournal();
  const ledger = memoryLedger();
  await journal.append([specTold()]);
  const ids = Array.from({ length: 5000 }, (_, n) => `e-${n}`);
  await journal.append(ids.map((id) => told(id, 0)));
  await journal.append([told('last', 9)]);
  await (await openAdmission(journal, ledger)).catchUp();

  const admission = await openAdmission(journal, ledger);
  const verdicts = async (asked: string[], days: number): Promise<Set<string>> => {
    const from = await journal.append(asked.map((id) => told(id, days)));
    await admission.catchUp();
    return new Set((await ledger.verdicts(from, from + asked.length - 1)).map(({ verdict }) => verdict));
  };
  assert.deepEqual(await verdicts(ids.slice(0, 50), 10), new Set(['duplicate']));
  assert.deepEqual(await verdicts(['new-1'], 10), new Set(['admitted']));
  let pages = 0;
  while (await admission.remember()) pages++;
  assert.equal(pages, 1, 'a page was read at the start, and the last one says that it is the last');
  assert.equal(await admission.remember(), false);
  assert.deepEqual(await verdicts(ids.slice(50, 100), 11), new Set(['duplicate']));
  assert.deepEqual(await verdicts(['new-2'], 11), new Set(['admitted']));
});

test('an event told again within one batch is known, however many days the batch is about', async () => {
  const kit = await openKit();
  const first = await kit.tell(...[0, 1, 4, 8].map((days) => told('e-1', days)));
  for (const seq of [first + 1, first + 2, first + 3]) assert.equal(await kit.verdict(seq), 'duplicate refired');
  const other = await kit.tell(eventTold('browser', { event_id: 'e-1' }, START + 8 * DAY + HOUR));
  assert.equal(await kit.verdict(other), 'duplicate refired');
});

async function legs(kit: Kit, event: number): Promise<number> {
  return (await kit.ledger.load({ events: [event], orders: [] })).dispatches.length;
}
