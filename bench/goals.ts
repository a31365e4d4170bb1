import { attributionGoals } from './attribution-goals.ts';
import { count } from './count.ts';
import type { Latency } from './order.ts';
import type { AckedRow, Result, Windows } from './result.ts';

/** One promise, and what was measured. */
export interface Goal {
  part: string;
  what: string;
  measured: number;
  /** how the measured figure has to lie to the limit */
  must: '≥' | '≤';
  limit: number;
  /** empty: a number of its own, such as an exponent */
  unit: '×' | 'ms' | 'B' | 'MB' | 'of a core' | '';
  /** the figures behind it */
  from: string;
  /** where the time goes */
  where: string;
}

const ACKED_SHARE: Readonly<Record<number, number>> = { 1: 0.5, 10: 0.3, 50: 0.25 };
const USUAL_TIMES: Readonly<Record<number, number>> = { 1: 1.8, 10: 3, 50: 3 };
const KNOWN_SHARE = 0.9;
const COMMITTED_SHARE = 0.2;
const VERDICT_P99_MS = 250;
const DOOR_TIMES = 4;
const WAL_MEGABYTES = 256;
const GUARD_BYTES = 32;
const BUILDING_SHARE = 0.25;
const SENDING_SHARE = 0.7;
/** A ceiling that is less busy than this was not reached: then the generator is what was measured. */
const CEILING_BUSY = 0.9;

export function isMet({ measured, must, limit }: Goal): boolean {
  return must === '≥' ? measured >= limit : measured <= limit;
}

/** Every promise of which this run says something. */
export function goalsOf(result: Result): Goal[] {
  return [
    ...(result.acked ?? []).flatMap(ackedGoals),
    ...committedGoals(result),
    ...latencyGoals(result),
    ...storeGoals(result),
    ...buildingGoals(result),
    ...sendingGoals(result),
    ...(result.attribution ? attributionGoals(result.attribution) : []),
  ];
}

function ackedGoals({ events, bare, empty, known, usual }: AckedRow): Goal[] {
  const size = sizeOf(events);
  const share = (part: string, what: string, a: Windows, b: Windows, limit: number): Goal => ({
    ...{ part, what: `${what}, ${size}`, measured: a.eventsPerSecond / b.eventsPerSecond, must: '≥', limit, unit: '×' },
    ...{ from: `${rate(a)} to ${rate(b)} events/s`, where: whereOf(a) },
  });
  const goals = [
    busyGoal('acked', bare, size),
    share('acked', 'acknowledged, share of bare node:http', empty, bare, ACKED_SHARE[events] ?? 0),
  ];
  if (known && usual) {
    goals.push(share('known', 'with known ids, share of the empty store', known, empty, KNOWN_SHARE));
    goals.push(share('known', 'with known ids, times the usual design', known, usual, USUAL_TIMES[events] ?? 0));
  }
  return goals;
}

function busyGoal(part: string, bare: Windows, size: string): Goal {
  return {
    ...{ part, what: `the bare server’s main thread is the limit, ${size}`, measured: bare.mainShare },
    ...{ must: '≥', limit: CEILING_BUSY, unit: 'of a core' },
    from: `the load generator uses ${bare.loadShare.toFixed(2)} of a core`,
    where: 'below it the load generator, or somebody else on this machine, limits what is measured',
  };
}

function committedGoals({ committed }: Result): Goal[] {
  if (!committed) return [];
  const { bare, windows, eventsPerSecond, lagMs, lagRecords } = committed;
  return [
    busyGoal('committed', bare, '10 events a request'),
    {
      ...{ part: 'committed', what: 'verdicts committed, share of bare node:http, 10 events a request' },
      ...{ measured: eventsPerSecond / bare.eventsPerSecond, must: '≥', limit: COMMITTED_SHARE, unit: '×' },
      from: `${count(eventsPerSecond)} to ${rate(bare)} events/s; last verdict ${lagMs.toFixed(0)} ms after the window, at most ${count(lagRecords)} records behind`,
      where: whereOf(windows),
    },
  ];
}

function latencyGoals({ latency }: Result): Goal[] {
  if (!latency) return [];
  const { verdict, door } = latency;
  return [
    {
      ...{ part: 'latency', what: 'from request to verdict, p99, at half the committed rate' },
      ...{ measured: verdict.ms.p99, must: '≤', limit: VERDICT_P99_MS, unit: 'ms' },
      from: `${spread(verdict.ms)} at ${count(verdict.eventsPerSecond)} events/s`,
      where: 'a verdict waits for the batch before its own and for its own commit',
    },
    {
      ...{ part: 'latency', what: 'the door’s p99, times that of bare node:http, 1 event a request' },
      ...{ measured: door.assay.p99 / door.bare.p99, must: '≤', limit: DOOR_TIMES, unit: '×' },
      from: `${spread(door.assay)} to ${spread(door.bare)} at ${count(door.requestsPerSecond)} requests/s`,
      where: 'a request waits for the commit under way and for its own, each of them a sync',
    },
  ];
}

function storeGoals({ walBytes, guard }: Result): Goal[] {
  const goals: Goal[] = [];
  if (walBytes) {
    const [journal, ledger] = [walBytes.journal / 2 ** 20, walBytes.ledger / 2 ** 20];
    goals.push({
      ...{ part: 'store', what: 'largest write-ahead log', measured: Math.max(journal, ledger) },
      ...{ must: '≤', limit: WAL_MEGABYTES, unit: 'MB' },
      from: `journal ${journal.toFixed(0)} MB, ledger ${ledger.toFixed(0)} MB`,
      where: 'a log grows while readers keep it from being started over',
    });
  }
  if (guard)
    goals.push({
      ...{ part: 'guard', what: `guard’s memory an id, worst up to ${count(guard.ids)} ids` },
      ...{ measured: guard.bytesPerId, must: '≤', limit: GUARD_BYTES, unit: 'B' },
      from: `worst at ${count(guard.worstAt)} ids, beside ${(guard.constantBytes / 2 ** 20).toFixed(0)} MB; resident memory grew by ${guard.residentBytesPerId.toFixed(1)} B an id at most`,
      where: 'right after a growth most slots are free',
    });
  return goals;
}

function buildingGoals({ building }: Result): Goal[] {
  if (!building) return [];
  return [
    {
      ...{ part: 'building', what: 'making TikTok’s item, share of parse and two hashes', measured: building.ratio },
      ...{ must: '≥', limit: BUILDING_SHARE, unit: '×' },
      from: `${building.buildMicroseconds.toFixed(1)} µs to ${building.loopMicroseconds.toFixed(1)} µs an event`,
      where: building.stages.map(({ name, microseconds }) => `${name} ${microseconds.toFixed(1)} µs`).join(', '),
    },
  ];
}

function sendingGoals({ sending = [] }: Result): Goal[] {
  return sending.map(({ events, bare, assay, store }) => ({
    ...{ part: 'sending', what: `sent, share of a bare undici loop, ${sizeOf(events)}` },
    ...{ measured: assay.eventsPerSecond / bare.eventsPerSecond, must: '≥', limit: SENDING_SHARE, unit: '×' },
    from: `${rate(assay)} to ${rate(bare)} events/s; ${rate(store)} from a store with its journal and admission`,
    where: `Assay ${assay.cpuMicroseconds.toFixed(1)} µs, the bare loop ${bare.cpuMicroseconds.toFixed(1)} µs, from a store ${store.cpuMicroseconds.toFixed(1)} µs`,
  }));
}

function sizeOf(events: number): string {
  return `${count(events)} ${events === 1 ? 'event' : 'events'} a request`;
}

/** CPU time an event by thread. */
function whereOf({ threads }: Windows): string {
  return threads
    .map(({ name, share, microsecondsPerEvent: µs }) => `${name} ${µs.toFixed(1)} µs (${Math.round(share * 100)} %)`)
    .join(', ');
}

function rate({ eventsPerSecond }: { eventsPerSecond: number }): string {
  return count(eventsPerSecond);
}

function spread({ p50, p99 }: Latency): string {
  return `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
}
