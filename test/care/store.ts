import type { TestContext } from 'node:test';
import { derive } from '../../src/admission/derive.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import { openLedger } from '../../src/store/sqlite/ledger.ts';
import { openFor, temporaryFolder } from '../../src/store/test-folder.ts';
import { eventTold, orderTold, paymentTold, START, specTold } from '../admission-kit.ts';

/** What a small shop tells: events that leave at once, and an order that is paid, held for its delay. */
export function told(events: number, from = 0): NewRecord[] {
  return Array.from({ length: events }, (_, n) => eventTold('server', { event_id: `e-${from + n}` }, START + from + n));
}

/** A store in a folder of its own, in which all that was told is decided. */
export async function storeOf(t: TestContext, ...records: NewRecord[]): Promise<string> {
  const folder = await temporaryFolder(t);
  await tell(t, folder, specTold(), orderTold('server'), paymentTold(), ...records);
  return folder;
}

/** Appends to a store and decides it. */
export async function tell(t: TestContext, folder: string, ...records: NewRecord[]): Promise<void> {
  const journal = await openFor(t, folder);
  if (records.length > 0) await journal.append(records);
  const ledger = await openLedger(folder);
  await derive(journal, ledger, await journal.last(), () => undefined);
  await ledger.close();
  await journal.close();
}
