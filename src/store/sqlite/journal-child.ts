import { writeSync } from 'node:fs';
import { AssayError } from '../../event/error.ts';
import { newRecord } from '../journal.conformance.ts';
import { openJournal } from './journal.ts';

/**
 * A process for the crash tests: appends batches of `size` records for ever, four at a time, and writes each
 * acknowledged first sequence on a line of its own; or the error's code, when there is one.
 */
const [folder = '', size = '10'] = process.argv.slice(2);
try {
  const journal = await openJournal(folder);
  writeSync(1, 'open\n');
  const endless = async (writer: number) => {
    for (let batch = 0; ; batch++) {
      const records = Array.from({ length: Number(size) }, (_, n) => ({
        ...newRecord(`${writer}.${batch}`),
        body: { batch: `${writer}.${batch}`, n, text: 'x'.repeat(300) },
      }));
      writeSync(1, `${await journal.append(records)}\n`);
    }
  };
  await Promise.all([0, 1, 2, 3].map(endless));
} catch (error) {
  writeSync(1, `${error instanceof AssayError ? error.code : String(error)}\n`);
  process.exit(1);
}
