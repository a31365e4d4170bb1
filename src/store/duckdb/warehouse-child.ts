import {
  conversionFact,
  creditWrite,
  factsOf,
  linkFact,
  placeAt,
  shareOf,
  statementOf,
  touchFact,
} from '../warehouse-samples.ts';
import { openWarehouse } from './warehouse.ts';

/** A process for the crash tests: commits ten conversions with their touches, links and credits for ever, and says each number. */
const warehouse = await openWarehouse(process.argv[2] ?? '');
for (let { change } = await warehouse.place(); ; ) {
  const numbers = Array.from({ length: 10 }, (_, n) => 10 * change + n + 1);
  change++;
  await warehouse.commit(
    factsOf({
      conversions: numbers.map((n) => conversionFact(n)),
      touches: numbers.map((n) => touchFact(n)),
      // One that all share, so that each commit replaces a row of the one before.
      links: [linkFact('v', 'same', { lastAt: change })],
    }),
    placeAt(change),
    creditWrite(
      statementOf(1, { change }),
      numbers.map((n) => shareOf(n, n, { convertedDay: 20_000 + (change % 3) })),
      numbers,
    ),
  );
  // Whoever reads may be slow: a write that must be whole at once fails when the pipe is full.
  await new Promise((resolve) => process.stdout.write(`${change}\n`, resolve));
}
