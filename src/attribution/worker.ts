import { parentPort, workerData } from 'node:worker_threads';
import { AssayError } from '../event/error.ts';
import { stepBack } from '../store/step-back.ts';
import type { Place, Statement } from '../store/warehouse.ts';
import type { Ask } from './asks.ts';
import type { Attribution } from './attribution.ts';
import { openAttribution } from './open.ts';
import { restMs } from './pace.ts';

/** Messages to the thread that keeps the warehouse. Numbers bring each answer to who asked. */
export type ToAttribution = 'wake' | 'close' | { n: number; ask: Ask } | { n: number; forget: number };

/** And from it. */
export type FromAttribution =
  | { state: AttributionState }
  | { says: string }
  | { n: number; answer: unknown }
  | { n: number; refused: { code: string; message: string } };

/** How far it has come. */
export interface AttributionState {
  /** `opening`: it is not there yet. `reading`: everything is read for the first time, or anew. `waits`: it can't be written, and is tried again */
  state: 'opening' | 'reading' | 'follows' | 'waits';
  why?: string;
  place?: Place;
  standing?: Pick<Statement, 'statement' | 'asOf'>;
  /** rows read so far, while everything is read */
  rows?: number;
}

/** Between two tries while the warehouse can't be opened or written. */
const WAIT_MS = 2000;
const WAIT_MS_MAX = 60_000;

const port = parentPort;
if (!port) throw new AssayError('worker_alone', 'attribution runs as a worker');
const say = (message: FromAttribution): void => port.postMessage(message);

stepBack();
const { folder } = workerData as { folder: string };

let attribution: Attribution | undefined;
let state: AttributionState = { state: 'opening' };
let woken = true;
let closing = false;
let look = (): void => {};

function tell(next: AttributionState): void {
  state = next;
  say({ state });
}

/** Follows the ledger until the end. Whatever goes wrong is said once, and tried again: nothing else waits for it. */
async function run(): Promise<void> {
  for (let waitMs = WAIT_MS; !closing; ) {
    try {
      attribution ??= await openAttribution(folder, {
        now: Date.now,
        looking,
        say: (says) => say({ says }),
      });
      if (state.state === 'opening' && !attribution.tail.standing) tell({ state: 'reading', rows: 0 });
      woken = false;
      let stepMs = 0;
      let from = performance.now();
      await attribution.catchUp(() => {
        stepMs = performance.now() - from;
        from = performance.now();
        stands();
        return closing ? 'enough' : 'on';
      });
      stands();
      waitMs = WAIT_MS;
      if (!woken) await pause(undefined);
      await pause(restMs(stepMs));
    } catch (error) {
      if (closing) break;
      const why = error instanceof Error ? error.message : String(error);
      if (state.state !== 'waits' || state.why !== why) tell({ ...placed(), state: 'waits', why });
      // What could not be written waits in the tail. After anything else nobody knows what its memory holds.
      if (!isOfDisk(error)) await shut();
      await pause(waitMs, false);
      waitMs = Math.min(waitMs * 2, WAIT_MS_MAX);
    }
  }
}

/** Reading everything may take minutes; the end does not wait for it. */
function looking(rows: number): void {
  if (closing) throw new AssayError('attribution_stopped', 'attribution ends');
  tell({ state: 'reading', rows });
}

function stands(): void {
  if (!attribution?.tail.standing) return;
  const next: AttributionState = { ...placed(), state: 'follows' };
  if (JSON.stringify(next) !== JSON.stringify(state)) tell(next);
}

function placed(): Pick<AttributionState, 'place' | 'standing'> {
  const standing = attribution?.tail.standing;
  if (!attribution || !standing) return {};
  return { place: attribution.tail.place, standing: { statement: standing.statement, asOf: standing.asOf } };
}

/** For so long, or until there is a word; the end is always one. */
async function pause(ms: number | undefined, isWoken = ms === undefined): Promise<void> {
  if (closing) return;
  await new Promise<void>((done) => {
    const timer = ms === undefined ? undefined : setTimeout(done, ms);
    look = () => {
      if (!closing && !isWoken) return;
      clearTimeout(timer);
      done();
    };
  });
}

async function shut(): Promise<void> {
  const opened = attribution;
  attribution = undefined;
  await opened?.close().catch(() => undefined);
}

function isOfDisk(error: unknown): boolean {
  return error instanceof AssayError && error.code === 'warehouse_unwritable';
}

async function answer(n: number, work: (open: Attribution) => Promise<unknown>): Promise<void> {
  try {
    if (!attribution) throw new AssayError('warehouse_behind', 'the warehouse is not open yet');
    say({ n, answer: await work(attribution) });
  } catch (error) {
    const code = error instanceof AssayError ? error.code : 'attribution_failed';
    say({ n, refused: { code, message: error instanceof Error ? error.message : String(error) } });
  }
}

port.on('message', (message: ToAttribution) => {
  if (message === 'wake') {
    woken = true;
    return look();
  }
  if (message === 'close') {
    closing = true;
    return look();
  }
  if ('forget' in message) return void answer(message.n, (open) => open.forget(message.forget));
  const { n, ask } = message;
  if (ask.ask === 'statements' && !attribution) return say({ n, answer: [] });
  void answer(n, (open) => open.answer(ask));
});

await run();
await shut();
port.close();
