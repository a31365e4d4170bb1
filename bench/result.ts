import type { Check } from './attribution-data.ts';
import type { Latency } from './order.ts';
import type { Shot } from './shoot.ts';

/** Events a request, as they are measured. */
export const SIZES = [1, 10, 50] as const;

/** Several windows of one kind: the median one, and how far they lie apart. */
export interface Windows {
  eventsPerSecond: number;
  low: number;
  high: number;
  mainShare: number;
  loadShare: number;
  threads: Shot['threads'];
  ackMs: Latency;
}

/** Acknowledged events at one size of request. */
export interface AckedRow {
  events: number;
  bare: Windows;
  empty: Windows;
  known?: Windows;
  usual?: Windows;
}

/** How stores took their known ids. */
export interface Filled {
  ids: number;
  /** seconds for each tenth of the ids, from one to the next */
  usual: { seconds: number[] };
  acked: { seconds: number[] };
  committed: { seconds: number[] };
  /** from the start of the process until it knows all of them */
  startSeconds?: number;
}

export interface Committed {
  bare: Windows;
  /** the highest rate whose verdicts keep up */
  eventsPerSecond: number;
  /** after the window: until everything acknowledged in it has its verdict; the worst of the confirming windows */
  lagMs: number;
  /** most records without a verdict at any moment */
  lagRecords: number;
  windows: Windows;
}

export interface Latencies {
  verdict: { eventsPerSecond: number; ms: Latency };
  door: { requestsPerSecond: number; bare: Latency; assay: Latency };
}

export interface GuardMemory {
  ids: number;
  /** before the first id */
  constantBytes: number;
  /** worst from a tenth of the ids on, in memory that is held */
  bytesPerId: number;
  /** at this many ids */
  worstAt: number;
  /** worst growth of the process's resident memory an id, since that tenth */
  residentBytesPerId: number;
  samples: { ids: number; bytesPerId: number; residentBytesPerId: number }[];
}

export interface Building {
  /** per event */
  loopMicroseconds: number;
  buildMicroseconds: number;
  /** median over rounds of loop / build */
  ratio: number;
  stages: { name: string; microseconds: number }[];
}

/** One sender's windows: the median one, and how far they lie apart. */
export interface Sent {
  eventsPerSecond: number;
  low: number;
  high: number;
  /** CPU time an event, all threads */
  cpuMicroseconds: number;
}

/** Sending at one size of request. */
export interface Sending {
  events: number;
  bare: Sent;
  /** transport over an outbox in memory */
  assay: Sent;
  /** transport over a store with a backlog, its journal and admission included */
  store: Sent;
}

/** One side of attribution, at one size: the median, and how far its runs lie apart. */
export interface Stored {
  seconds: number;
  low: number;
  high: number;
  /** most memory that its process held */
  peakBytes: number;
}

/** Ours, from stored touches to stored credits: where the seconds go. */
export interface OurStored extends Stored {
  load: number;
  pass: number;
  store: number;
  /** what storing would take if a credit were no more than its conversion and its touch; not part of `seconds` */
  pairs: number;
}

/** Attribution at one number of touches. `bare` and `pass` neither load nor store. */
export interface AttributionSize {
  touches: number;
  check: Check;
  bare: Stored;
  pass: Stored;
  ours: OurStored;
  window: Stored;
  argmax: Stored;
}

export interface Attribution {
  /** of the size that goals are about */
  touches: number;
  conversions: number;
  /** by touches */
  sizes: AttributionSize[];
  /** one visitor has 0.5 % of all touches and conversions */
  hot: AttributionSize;
  /** what came within an hour: taken in and credited, and the credits committed; `allMs` with its facts, too */
  hour: { touches: number; conversions: number; ms: number; high: number; allMs: number };
  /** reports, as the server asks for them */
  dashboards: Dashboard[];
  /** the page of figures in a browser, with the most that an answer holds */
  page: PageTask[];
}

/** The longest task of the browser's thread after one act on the page, the median of some rounds; 0 where none took 50 ms. */
export interface PageTask {
  name: string;
  ms: number;
  high: number;
}

/** A report; `bareMs` is what SQL over the facts takes that gives the same answer. */
export interface Dashboard {
  name: string;
  p50Ms: number;
  p95Ms: number;
  bareMs?: number;
}

export interface Machine {
  cpu: string;
  cores: number;
  memoryGigabytes: number;
  kernel: string;
  node: string;
  /** of a run queue, when it began: more than a little of it is somebody else's work */
  loadAtStart: number;
}

/** Everything one run found. */
export interface Result {
  at: string;
  quick: boolean;
  commit: string;
  machine: Machine;
  bodyBytes: number;
  acked?: AckedRow[];
  filled?: Filled;
  committed?: Committed;
  latency?: Latencies;
  guard?: GuardMemory;
  building?: Building;
  sending?: Sending[];
  attribution?: Attribution;
  /** largest size of the write-ahead logs of the servers that were measured */
  walBytes?: { journal: number; ledger: number };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? 0) + high) / 2;
}

/** The windows of one kind, told by the one in the middle. */
export function windows(shots: readonly Shot[]): Windows {
  const sorted = [...shots].sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
  const middle = sorted[sorted.length >> 1];
  if (!middle) throw new Error('no window was measured');
  return {
    eventsPerSecond: median(sorted.map((shot) => shot.eventsPerSecond)),
    low: sorted[0]?.eventsPerSecond ?? 0,
    high: sorted.at(-1)?.eventsPerSecond ?? 0,
    mainShare: median(sorted.map((shot) => shot.mainShare)),
    loadShare: median(sorted.map((shot) => shot.loadShare)),
    threads: middle.threads,
    ackMs: {
      p50: median(sorted.map((shot) => shot.report.ackMs.p50)),
      p99: median(sorted.map((shot) => shot.report.ackMs.p99)),
      max: Math.max(...sorted.map((shot) => shot.report.ackMs.max)),
      count: sorted.reduce((sum, shot) => sum + shot.report.ackMs.count, 0),
    },
  };
}
