import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { AssayError } from '../event/error.ts';
import type { Journal } from './journal.ts';
import { openJournal } from './sqlite/journal.ts';

/** An empty folder that goes with the test. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-store-'));
  // What the test opened in it may be closed after this, and still write until then.
  t.after(() => rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }));
  return folder;
}

/** A store opened in an empty folder; it is closed and the folder goes with the test. */
export async function inTemporaryFolder<Store extends { close(): Promise<void> }>(
  t: TestContext,
  open: (folder: string) => Promise<Store>,
): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-store-'));
  const store = await open(folder);
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  return store;
}

/** For `assert.rejects`: an error of ours with this code, and a message that matches. */
export function fails(code: string, message = /./): (error: unknown) => boolean {
  return (error) => error instanceof AssayError && error.code === code && message.test(error.message);
}

/** A journal that the test's end closes, even when the test fails: its thread would keep the process alive. */
export async function openFor(t: TestContext, folder: string): Promise<Journal> {
  const journal = await openJournal(folder);
  t.after(() => journal.close());
  return journal;
}
