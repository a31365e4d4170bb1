import { AssayError } from '../../event/error.ts';
import { newRecord } from '../journal.conformance.ts';
import { openJournal } from './journal.ts';

/**
 * A process for the crash tests: appends batches of `size` records for ever, four at a time, and writes each
 * acknowledged first sequence on a line of its own; or the error's code, when there is one.
 */
// To a pipe this is written before it returns, also where the reader is slow.
const tell = (line: string | number): unknown => process.stdout.write(`${line}\n`);
const [folder = '', size = '10'] = process.argv.slice(2);
try {
  const journal = await openJournal(folder);
  tell('open');
  const endless = async (writer: number) => {
    for (let batch = 0; ; batch++) {
      const records = Array.from({ length: Number(size) }, (_, n) => ({
        ...newRecord(`${writer}.${batch}`),
        body: { batch: `${writer}.${batch}`, n, text: 'x'.repeat(300) },
      }));
      tell(await journal.append(records));
    }
  };
  await Promise.all([0, 1, 2, 3].map(endless));
} catch (error) {
  tell(error instanceof AssayError ? error.code : String(error));
  process.exit(1);
}
