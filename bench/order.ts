/** What a load process is told on its command line, as JSON. */
export interface LoadOrder {
  port: number;
  path: string;
  key: string;
  eventsPerRequest: number;
  connections: number;
  /** load before the window that is measured */
  warmSeconds: number;
  /** length of the window; not used when `requests` is set */
  seconds: number;
  /** ends after so many requests instead; the same ids for the same seed */
  requests?: number;
  /** requests a second, open loop; closed loop when absent */
  rate?: number;
  /** every so many requests, one that prefers to wait for its verdicts */
  verdictEvery?: number;
  seed: number;
}

/** From the moment a request was released to its whole answer. */
export interface Latency {
  p50: number;
  p99: number;
  max: number;
  count: number;
}

/** What it found in the window; `requestsInAll` and `refused` also count before and after it. */
export interface LoadReport {
  requests: number;
  requestsInAll: number;
  refused: number;
  /** requests that waited for verdicts and got an answer without them */
  undecided: number;
  /** open loop: due at the end of the window, with no connection free to send them */
  unsent: number;
  seconds: number;
  cpuSeconds: number;
  bodyBytes: number;
  ackMs: Latency;
  verdictMs: Latency;
}

/** One line of a load process's output. */
export type LoadLine = { begin: true } | { end: true } | { answered: number } | { report: LoadReport };
