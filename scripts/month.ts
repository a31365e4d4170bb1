// Lives through a simulated month and prints the two books side by side: what really was, and what was made of it.
//   npm run month -- --seed 7 --orders 20000
import { parseArgs } from 'node:util';
import { differenceText, sharesOf, sideBySide } from '../src/sim/month/summary.ts';
import { runMonth } from '../test/month/run.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '7' }, orders: { type: 'string', default: '20000' } },
});
const [seed, orders] = [Number(values.seed), Number(values.orders)];
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(orders) || orders < 1) {
  console.error('--seed and --orders are whole numbers, such as --seed 7 --orders 20000');
  process.exit(2);
}

const SAID_EVERY_MS = 2000;
const startedAt = performance.now();
let saidAt = Number.NEGATIVE_INFINITY;
const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;

const { plan, truth, books, differences } = await runMonth({ seed, orders }, ({ sent, of, now }) => {
  if (performance.now() - saidAt < SAID_EVERY_MS && sent < of) return;
  saidAt = performance.now();
  const share = `${Math.floor((100 * sent) / of)} %`.padStart(5);
  console.error(`${share}  ${new Date(now).toISOString().slice(0, 10)}  ${sent} of ${of} messages  ${seconds()}`);
});

const row = (cells: readonly string[], ok: string): string =>
  `${(cells[0] ?? '').padEnd(34)}${cells
    .slice(1)
    .map((cell) => cell.padStart(22))
    .join('')}  ${ok}`;
console.log(`Seed ${seed}: ${orders} orders, ${plan.mail.webhooks} webhooks, ${seconds()}\n`);
for (const [of, share] of Object.entries(sharesOf(plan, truth))) console.log(row([of, `${share.toFixed(2)} %`], ''));
console.log(`\n${row(['', 'truth', 'books'], '')}`);
for (const { of, truth: is, books: made } of sideBySide(truth, books, plan.broken))
  console.log(row([of, is, made], is === made ? '' : 'NOT'));
console.log(
  `\n${differences.length === 0 ? 'Every order, sum and Purchase is the same.' : differenceText(differences)}`,
);
if (differences.length > 0) process.exitCode = 1;
