// Lives through simulated worlds made from seeds, with faults at every boundary, and checks what must hold after every
// step: npm run prove -- --seeds 10000 --from 1
import { parseArgs } from 'node:util';
import { runSeeds, type Sum } from '../test/prove/run-seeds.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, from: { type: 'string', default: '1' } },
});
const [seeds, from] = [Number(values.seeds), Number(values.from)];
if (!(Number.isSafeInteger(seeds) && seeds > 0) || !(Number.isSafeInteger(from) && from >= 0)) {
  console.error('--seeds and --from are whole numbers, such as --seeds 10000 --from 1');
  process.exit(2);
}

const SAID_EVERY_S = 2;
let saidAt = 0;
const sum = await runSeeds(from, seeds, ({ seeds: done, told, seconds }) => {
  if (!process.stderr.isTTY || (seconds - saidAt < SAID_EVERY_S && done < seeds)) return;
  saidAt = seconds;
  process.stderr.write(`\r${done} of ${seeds} seeds, ${told} told, ${seconds.toFixed(0)} s${done < seeds ? '' : '\n'}`);
});
for (const { seed, violation, steps } of sum.failures) {
  console.log(`Seed ${seed} breaks invariant ${violation.invariant}: ${violation.what}\n`);
  console.log(steps.join('\n'));
  console.log(`\nAgain: npm run prove -- --from ${seed} --seeds 1\n`);
}
console.log(counts(sum));
if (sum.failures.length > 0) process.exitCode = 1;

function counts({
  seeds: lived,
  onDisk,
  told,
  arrivals,
  requests,
  crashes,
  faults,
  ends,
  seconds,
  failures,
}: Sum): string {
  const list = (of: Record<string, number>): string =>
    Object.entries(of)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => `${count} ${name}`)
      .join(', ');
  return [
    `seeds       ${lived}, of them ${onDisk} on files`,
    `told        ${told} records that a door acknowledged`,
    `arrivals    ${arrivals} copies at the twin, in ${requests} requests`,
    `api legs    ${list(ends)}`,
    `faults      ${list(faults)}`,
    `crashes     ${crashes}`,
    `violations  ${failures.length}`,
    `seconds     ${seconds.toFixed(1)}`,
  ].join('\n');
}
