// Decides a journal record by record and follows each commit with the warehouse, for tests that kill it meanwhile.
import { openAdmission } from '../../src/admission/run.ts';
import { openAttribution } from '../../src/attribution/open.ts';
import { openJournalReader } from '../../src/store/sqlite/journal-reader.ts';
import { openLedger } from '../../src/store/sqlite/ledger.ts';

const folder = process.argv[2] as string;
const journal = await openJournalReader(folder);
const ledger = await openLedger(folder);
const admission = await openAdmission(journal, ledger, { batchMax: 2 });
const commit = ledger.commit.bind(ledger);
const attribution = await openAttribution(folder, { now: Date.now });
ledger.commit = async (...write) => {
  await commit(...write);
  await attribution.catchUp();
  console.log('followed');
};
await admission.catchUp();
console.log('done');
