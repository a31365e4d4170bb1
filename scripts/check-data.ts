// Replays real orders and leads through a collector's doors and imports, and compares its books with sums that others
// made: node scripts/check-data.ts --data FOLDER [--json]
import { parseArgs } from 'node:util';
import { checkData } from './check-data/check.ts';
import { checkedText } from './check-data/comparison.ts';
import { openProgress } from './check-data/progress.ts';

const { say, clear } = openProgress(process.stderr, Date.now);
// An exit takes the collectors' folders away; a signal alone would not.
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
try {
  const { values } = parseArgs({ options: { data: { type: 'string' }, json: { type: 'boolean', default: false } } });
  if (values.data === undefined) throw new Error('Say where the data is: npm run check:data -- --data FOLDER');
  const checked = await checkData(values.data, say);
  clear();
  if (values.json) console.log(JSON.stringify(checked, null, 2));
  else {
    for (const one of checked.sets) console.log(checkedText(one));
    for (const set of checked.missing) console.log(`${set}: not there, so not checked.`);
    console.log(checked.ok ? 'All figures are equal.' : 'NOT all figures are equal.');
  }
  process.exitCode = checked.ok ? 0 : 1;
} catch (error) {
  clear();
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
