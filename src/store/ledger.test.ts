import { ledgerConformance } from './ledger.conformance.ts';
import { memoryLedger } from './memory/ledger.ts';
import { openLedger } from './sqlite/ledger.ts';
import { inTemporaryFolder } from './test-folder.ts';

ledgerConformance('memory', async () => memoryLedger());

ledgerConformance('sqlite', (t) => inTemporaryFolder(t, openLedger));
