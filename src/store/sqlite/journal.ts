import type { Journal } from '../journal.ts';
import { workerUrl } from '../worker-url.ts';
import { openJournalReader } from './journal-reader.ts';
import { startWriter } from './journal-thread.ts';

/** Opens the journal in a folder as its only writer; the folder and the file are made where they are missing. */
export async function openJournal(folder: string): Promise<Journal> {
  const writer = await startWriter(workerUrl('./journal-writer', import.meta.url), folder);
  const reader = await openJournalReader(folder).catch(async (error: unknown) => {
    await writer.close();
    throw error;
  });
  return {
    read: reader.read,
    first: reader.first,
    last: reader.last,
    append: writer.append,
    forget: writer.forget,
    async close() {
      // The last connection to close copies the log into the file, and a reading one cannot.
      await reader.close();
      await writer.close();
    },
  };
}
