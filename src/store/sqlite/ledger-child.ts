import { dispatchRow, effectsOf, eventRow, verdictRow } from '../sample-rows.ts';
import { openLedger } from './ledger.ts';

/** A process for the crash tests: commits batches of ten records for ever and writes each offset on a line. */
const ledger = await openLedger(process.argv[2] ?? '');
for (let first = (await ledger.offset()) + 1; ; first += 10) {
  const seqs = Array.from({ length: 10 }, (_, n) => first + n);
  const effects = effectsOf({
    verdicts: seqs.map((seq) => verdictRow(seq, { event: seq })),
    events: seqs.map((seq) => eventRow(seq)),
    dispatches: seqs.map((seq) => dispatchRow(seq, { dueAt: seq })),
  });
  await ledger.commit(effects, first + 9);
  // Whoever reads may be slow: a write that must be whole at once fails when the pipe is full.
  await new Promise((resolve) => process.stdout.write(`${first + 9}\n`, resolve));
}
