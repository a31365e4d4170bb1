// Feeds every parser with inputs made from a seed: npm run fuzz -- --inputs 1000000 --seed 1 --only parseSpec
import { parseArgs } from 'node:util';
import { fuzz, READ_MS_MAX, type Report, shared } from './feed.ts';
import { openParsers } from './parsers.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '1000000' },
    only: { type: 'string', default: '' },
  },
});
const [seed, inputs] = [Number(values.seed), Number(values.inputs)];
if (!Number.isInteger(seed) || !(Number.isInteger(inputs) && inputs > 0)) {
  console.error('--seed and --inputs are whole numbers, such as --seed 1 --inputs 1000000.');
  process.exit(2);
}

const { parsers, close } = await openParsers();
const chosen = parsers.filter(({ name }) => name.includes(values.only));
const widest = Math.max(...chosen.map(({ name }) => name.length));
const line = (name: string, ...figures: string[]): string =>
  name.padEnd(widest) + figures.map((figure) => figure.padStart(11)).join('');
const from = performance.now();
const reports: Report[] = [];
console.log(line('parser', 'inputs', 'accepted', 'refused', 'slowest ms'));
for (const [parser, count] of shared(chosen, inputs)) {
  const report = await fuzz(parser, seed, count);
  reports.push(report);
  console.log(
    line(report.name, ...[report.inputs, report.accepted, report.refused].map(String), report.slowestMs.toFixed(1)),
  );
  for (const fault of report.faults) console.log(`  ${fault}`);
}
await close();
const sum = (of: (report: Report) => number): number => reports.reduce((all, report) => all + of(report), 0);
const slowest = Math.max(...reports.map(({ slowestMs }) => slowestMs));
console.log(
  line(
    'all',
    ...[sum((one) => one.inputs), sum((one) => one.accepted), sum((one) => one.refused)].map(String),
    slowest.toFixed(1),
  ),
);
const faults = sum((one) => one.faults.length);
const seconds = Math.round((performance.now() - from) / 1000);
console.log(
  `Seed ${seed}, ${seconds} s: ${faults === 0 ? `no fault, nothing slower than ${READ_MS_MAX} ms.` : `${faults} faults.`}`,
);
process.exitCode = faults === 0 ? 0 : 1;
