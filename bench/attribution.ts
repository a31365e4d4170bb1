import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Check, DataOrder } from './attribution-data.ts';
import { ready, start } from './children.ts';
import { type Bench, settleDisk } from './folders.ts';
import { type Attribution, type AttributionSize, median, type OurStored, type Stored } from './result.ts';

/** What a process of one contestant says. */
interface Told {
  seconds: number;
  check: Check;
  peakBytes: number;
}

/** What our own says beside. */
interface OursTold extends Told {
  loadSeconds: number;
  passSeconds: number;
  storeSeconds: number;
  pairSeconds: number;
}

const MEMORY = '16GiB';

/**
 * Which touch earned which conversion, at several sizes: each side in a process of its own, by turns, and all of them have to
 * come to the same touches.
 */
export async function measureAttribution(bench: Bench): Promise<Attribution> {
  const { touches, conversions, scale, rounds } = bench.plan.attribution;
  const sizes: AttributionSize[] = [];
  let main: Pick<Attribution, 'hour' | 'dashboards' | 'page'> | undefined;
  for (const size of [...new Set([...scale, touches])].sort((a, b) => a - b)) {
    const isMain = size === touches;
    await within(bench, { touches: size, conversions, hot: false }, isMain ? 'rows' : 'columns', async (folder) => {
      sizes.push(await measureSize(bench, folder, size, isMain ? rounds : 1));
      if (isMain) main = await measureDaily(bench, folder);
    });
  }
  let hot: AttributionSize | undefined;
  await within(bench, { touches, conversions, hot: true }, 'columns', async (folder) => {
    hot = await measureSize(bench, folder, touches, 1);
  });
  return {
    ...{ touches, conversions, sizes, hot: hot as AttributionSize },
    ...(main as NonNullable<typeof main>),
  };
}

/**
 * Makes the rows, and takes them away afterwards: those of a hundred million touches fill a disk. With `rows` reports can be
 * asked and news taken in; credits can be made by columns alone.
 */
async function within(
  bench: Bench,
  order: DataOrder,
  what: 'rows' | 'columns',
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = bench.folder();
  bench.say(`attribution: making ${order.touches} touches${order.hot ? ' with one that has 0.5 % of them' : ''}`);
  await run('attribution-make.ts', [folder, JSON.stringify(order)]);
  bench.say('attribution: filling the warehouse');
  await run('attribution-fill.ts', [folder, what]);
  await work(folder);
  rmSync(folder, { recursive: true });
}

async function measureSize(bench: Bench, folder: string, touches: number, rounds: number): Promise<AttributionSize> {
  const [columns, tables] = [join(folder, 'columns'), join(folder, 'tables.duckdb')];
  const told = {
    bare: [] as Told[],
    pass: [] as Told[],
    ours: [] as OursTold[],
    window: [] as Told[],
    argmax: [] as Told[],
  };
  for (let round = 1; round <= rounds; round++) {
    const turn = async <T extends Told>(into: T[], name: string, file: string, args: string[]): Promise<void> => {
      bench.say(`attribution: ${touches} touches, ${name}, ${round} of ${rounds}`);
      settleDisk();
      into.push(await run<T>(file, args));
    };
    await turn(told.bare, 'a bare pass', 'peers/attribution-bare.ts', [columns, '3']);
    await turn(told.pass, 'our pass', 'attribution-pass.ts', [columns, '3']);
    await turn(told.ours, 'stored to stored', 'attribution-book.ts', [folder]);
    for (const form of ['window', 'argmax'] as const)
      await turn(told[form], `DuckDB, ${form}`, 'peers/attribution-duckdb.ts', [tables, form, MEMORY]);
  }
  const checks = Object.values(told).flatMap((one) => one.map(({ check }) => JSON.stringify(check)));
  if (new Set(checks).size !== 1) throw new Error(`not all ways come to the same touches: ${checks.join(' ')}`);
  return {
    ...{ touches, check: JSON.parse(checks[0] as string) as Check },
    ...{ bare: stored(told.bare), pass: stored(told.pass), ours: ourStored(told.ours) },
    ...{ window: stored(told.window), argmax: stored(told.argmax) },
  };
}

async function measureDaily(bench: Bench, folder: string): Promise<Pick<Attribution, 'hour' | 'dashboards' | 'page'>> {
  bench.say('attribution: an hour of news');
  const hour = await run<Attribution['hour']>('attribution-hour.ts', [folder, String(bench.plan.attribution.hours)]);
  bench.say('attribution: dashboards');
  const { dashboards } = await run<Pick<Attribution, 'dashboards'>>('attribution-dashboards.ts', [
    ...[folder, String(bench.plan.attribution.looks)],
  ]);
  bench.say('attribution: its page');
  const { page } = await run<Pick<Attribution, 'page'>>('attribution-page.ts', [String(bench.plan.attribution.opens)]);
  return { hour, dashboards, page };
}

async function run<Line>(file: string, args: string[]): Promise<Line> {
  const child = start(file, { args });
  const line = await ready<Line>(child, file);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${file} ended with code ${code}`);
  return line;
}

function stored(told: readonly Told[]): Stored {
  const seconds = told.map((one) => one.seconds);
  return {
    ...{ seconds: median(seconds), low: Math.min(...seconds), high: Math.max(...seconds) },
    peakBytes: Math.max(...told.map(({ peakBytes }) => peakBytes)),
  };
}

function ourStored(told: readonly OursTold[]): OurStored {
  const of = (name: `${'load' | 'pass' | 'store' | 'pair'}Seconds`): number => median(told.map((one) => one[name]));
  return {
    ...stored(told),
    ...{ load: of('loadSeconds'), pass: of('passSeconds'), store: of('storeSeconds'), pairs: of('pairSeconds') },
  };
}

/** By which power of the touches the seconds grow, as a straight line through both logarithms has it. */
export function exponentOf(points: readonly { touches: number; seconds: number }[]): number {
  const rows = points.map(({ touches, seconds }) => [Math.log(touches), Math.log(seconds)] as const);
  const mean = (place: 0 | 1): number => rows.reduce((sum, row) => sum + row[place], 0) / rows.length;
  const [x, y] = [mean(0), mean(1)];
  const above = rows.reduce((sum, row) => sum + (row[0] - x) * (row[1] - y), 0);
  return above / rows.reduce((sum, row) => sum + (row[0] - x) ** 2, 0);
}
