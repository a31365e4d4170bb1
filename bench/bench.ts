// What the server can do, as shares of ceilings and peers that are measured in the same run.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { measureAcked } from './acked.ts';
import { measureAttribution } from './attribution.ts';
import { ready, start } from './children.ts';
import { measureCommitted } from './committed.ts';
import { startPeer } from './contestants.ts';
import { writeDocs } from './docs.ts';
import { openFilled } from './fill.ts';
import { type Bench, openFolders } from './folders.ts';
import { goalsOf, isMet } from './goals.ts';
import { measureLatencies } from './latency.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import type { Building, GuardMemory, Machine, Result } from './result.ts';
import { shoot } from './shoot.ts';
import { report } from './table.ts';
import { measureSending } from './transport.ts';

/** Measures the parts asked for, one after the other. */
export async function measure({ parts, plan, quick }: Options, bench: Bench): Promise<Result> {
  const result: Result = { at: new Date().toISOString(), quick, commit: commit(), machine: machine(), bodyBytes: 0 };
  if (parts.has('guard')) {
    bench.say(`guard: ${plan.guardIds} ids`);
    const child = start('guard-memory.ts', { args: [String(plan.guardIds)], node: ['--expose-gc'] });
    result.guard = await ready<GuardMemory>(child, 'the measurement of the guard');
    await child.ended;
  }
  if (parts.has('building')) {
    bench.say('building: items for TikTok');
    const child = start('building.ts', { args: [String(plan.buildingRounds)] });
    result.building = await ready<Building>(child, 'the measurement of the building');
    await child.ended;
  }
  if (parts.has('sending')) result.sending = await measureSending(bench);
  if (parts.has('attribution')) result.attribution = await measureAttribution(bench);
  if (!['acked', 'known', 'committed', 'latency'].some((part) => (parts as ReadonlySet<string>).has(part)))
    return result;

  const bare = await startPeer('bare');
  result.bodyBytes = (await shoot(bare, { eventsPerRequest: 1, seconds: plan.warmSeconds })).report.bodyBytes;
  if (parts.has('committed') || parts.has('latency')) result.committed = await measureCommitted(bench, bare);
  if (parts.has('latency') && result.committed)
    result.latency = await measureLatencies(bench, bare, result.committed.eventsPerSecond);
  if (parts.has('known')) {
    const servers = await openFilled(bench);
    result.filled = servers.filled;
    result.acked = await measureAcked(bench, bare, servers);
    await servers.usual.close();
    await servers.assay.close();
  } else if (parts.has('acked')) result.acked = await measureAcked(bench, bare);
  await bare.close();
  result.walBytes = bench.largestWal;
  return result;
}

function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.replace(/\s+/g, ' ').trim() ?? arch(),
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.versions.node,
    loadAtStart: loadavg()[0] ?? 0,
  };
}

function commit(): string {
  try {
    return execFileSync('git', ['--no-optional-locks', 'describe', '--always', '--dirty'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'no checkout';
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const from = performance.now();
  const bench = openFolders(options, (text) => {
    process.stderr.write(`${((performance.now() - from) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
  });
  try {
    const result = await measure(options, bench);
    const goals = goalsOf(result);
    const text = `${JSON.stringify(result, null, 2)}\n`;
    writeFileSync(new URL('results.json', import.meta.url), text);
    process.stdout.write(options.json ? text : report(result, goals));
    if (options.writeDocs) writeDocs(result);
    return goals.every(isMet) ? 0 : 1;
  } finally {
    bench.close();
  }
}

if (import.meta.main) {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  process.exit();
}
