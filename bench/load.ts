import { connect, type Socket } from 'node:net';
import { bodies, words } from './body.ts';
import type { LoadLine, LoadOrder } from './order.ts';

// The load generator, a process of its own: sockets and prepared bytes, so that it costs less than what it measures.
const order = JSON.parse(process.argv[2] ?? '{}') as LoadOrder;
const word = words(order.seed);
const target = { path: order.path, host: `127.0.0.1:${order.port}`, key: order.key };
const plain = bodies(target, order.eventsPerRequest, word);
const asking = bodies({ ...target, header: 'prefer: wait=2\r\n' }, order.eventsPerRequest, word);
const HEAD_END = '\r\n\r\n';
const TICK_MS = 1;
const FINISH_MS_MAX = 10_000;

/** A connection with one request under way at most, so that its two buffers can be written again and again. */
class Line {
  readonly #socket: Socket;
  readonly #plain = plain.request();
  #asking: Buffer | undefined;
  #rest = '';
  dueAt = 0;
  asks = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  send(dueAt: number): void {
    this.dueAt = dueAt;
    this.asks = order.verdictEvery !== undefined && sent % order.verdictEvery === 0;
    sent++;
    if (this.asks) {
      this.#asking ??= asking.request();
      asking.renew(this.#asking);
      this.#socket.write(this.#asking);
    } else {
      plain.renew(this.#plain);
      this.#socket.write(this.#plain);
    }
  }

  #read(chunk: Buffer): void {
    const text = this.#rest + chunk.toString('latin1');
    const head = text.indexOf(HEAD_END);
    const length = head < 0 ? 0 : Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
    if (head < 0 || text.length < head + HEAD_END.length + length) {
      this.#rest = text;
      return;
    }
    this.#rest = '';
    answered(this, text.startsWith('HTTP/1.1 202'), !this.asks || text.includes('"pending":0'));
  }
}

let sent = 0;
let all = 0;
let inWindow = 0;
let refused = 0;
let undecided = 0;
let counting = false;
let ending = false;
let finished = false;
const latencies: number[] = [];
const verdicts: number[] = [];
const free: Line[] = [];
const due: number[] = [];

function answered(line: Line, accepted: boolean, decided: boolean): void {
  all++;
  if (!accepted) refused++;
  else if (counting) {
    inWindow++;
    if (!decided) undecided++;
    (line.asks ? verdicts : latencies).push(performance.now() - line.dueAt);
  }
  const next = order.rate === undefined ? closed() : due.shift();
  if (next === undefined || ending) free.push(line);
  else line.send(next);
}

/** Closed loop: the next request is due at once, unless enough were sent. */
function closed(): number | undefined {
  return order.requests !== undefined && sent >= order.requests ? undefined : performance.now();
}

/** Open loop: what is due by the clock leaves, whether or not earlier ones are answered. */
function pace(rate: number): NodeJS.Timeout {
  const from = performance.now();
  let released = 0;
  return setInterval(() => {
    const now = performance.now();
    for (const upTo = Math.floor(((now - from) * rate) / 1000); released < upTo; released++) {
      // In their turn: servers close a line that rests for long.
      const line = free.shift();
      if (line) line.send(now);
      else due.push(now);
    }
  }, TICK_MS);
}

const tell = (line: LoadLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const share = (sorted: Float64Array, of: number): number => sorted[Math.floor(sorted.length * of)] ?? 0;

function open(): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(order.port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('error', reject);
    // A line that is cut would be missed by nobody, and the window would look slow.
    socket.on('close', () => {
      if (!finished) throw new Error('the server closed a connection under load');
    });
    socket.on('connect', () => resolve(new Line(socket)));
  });
}

const lines = await Promise.all(Array.from({ length: Math.min(order.connections, order.requests ?? Infinity) }, open));
const progress = setInterval(() => tell({ answered: all }), 250);
let pacing: NodeJS.Timeout | undefined;
if (order.rate === undefined) for (const line of lines) line.send(performance.now());
else {
  free.push(...lines);
  pacing = pace(order.rate);
}
await sleep(order.warmSeconds * 1000);
tell({ begin: true });
counting = true;
const begun = performance.now();
const cpu = process.cpuUsage();
if (order.requests === undefined) await sleep(order.seconds * 1000);
else while (all < order.requests) await sleep(5);
counting = false;
ending = true;
const seconds = (performance.now() - begun) / 1000;
const used = process.cpuUsage(cpu);
clearInterval(pacing);
tell({ end: true });
const unsent = due.length;
for (const until = performance.now() + FINISH_MS_MAX; free.length < lines.length && performance.now() < until; )
  await sleep(5);
clearInterval(progress);
finished = true;
const [ack, verdict] = [latencies, verdicts].map((list) => Float64Array.from(list).sort()) as [
  Float64Array,
  Float64Array,
];
tell({
  report: {
    requests: inWindow,
    requestsInAll: all,
    refused,
    undecided,
    unsent,
    seconds,
    cpuSeconds: (used.user + used.system) / 1e6,
    bodyBytes: plain.bodyBytes,
    ackMs: { p50: share(ack, 0.5), p99: share(ack, 0.99), max: ack.at(-1) ?? 0, count: ack.length },
    verdictMs: { p50: share(verdict, 0.5), p99: share(verdict, 0.99), max: verdict.at(-1) ?? 0, count: verdict.length },
  },
});
process.stdout.write('', () => process.exit(0));
