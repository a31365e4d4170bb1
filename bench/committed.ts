import { onEmptyStore } from './acked.ts';
import { type Running, type RunningAssay, sleep } from './contestants.ts';
import { type Bench, settleDisk } from './folders.ts';
import { type Committed, windows } from './result.ts';
import { type Shot, shoot } from './shoot.ts';

const EVENTS_A_REQUEST = 10;
/** Everything acknowledged in a window has its verdict this long after the window's end. */
const LAG_MS_MAX = 1000;
/** Less of what was due than this, and the door did not keep up. */
const ANSWERED_SHARE_MIN = 0.99;
const STEP_UP = 1.2;
const STEP_DOWN = 0.9;
const STEPS_MAX = 10;
const HALVINGS = 3;
const LOOK_MS = 50;
const CONNECTIONS = 128;

/** One window at a fixed rate, and how far verdicts stayed behind. */
interface Tried {
  shot: Shot;
  lagMs: number;
  lagRecords: number;
  keepsUp: boolean;
}

/**
 * The highest rate at ten events a request whose verdicts keep up: an open-loop search from the rate at which a backlog
 * drains, then windows that confirm what was found, each on a store of its own.
 */
export async function measureCommitted(bench: Bench, bare: Running): Promise<Committed> {
  const { repeats, stepSeconds, confirmSeconds, warmSeconds } = bench.plan;
  const bareShots: Shot[] = [];
  for (let n = 0; n < repeats; n++) {
    bench.say(`committed: the bare server, ${n + 1} of ${repeats}`);
    settleDisk();
    bareShots.push(await shoot(bare, { eventsPerRequest: EVENTS_A_REQUEST, seconds: stepSeconds, warmSeconds }));
  }
  let rate = await search(bench, await drainRate(bench));
  const confirmed: Tried[] = [];
  while (confirmed.length < repeats) {
    const tried = await attempt(bench, rate, confirmSeconds);
    if (tried.keepsUp) confirmed.push(tried);
    else {
      confirmed.length = 0;
      rate *= STEP_DOWN;
    }
  }
  return {
    bare: windows(bareShots),
    eventsPerSecond: rate,
    lagMs: Math.max(...confirmed.map(({ lagMs }) => lagMs)),
    lagRecords: Math.max(...confirmed.map(({ lagRecords }) => lagRecords)),
    windows: windows(confirmed.map(({ shot }) => shot)),
  };
}

/** Events a second, from the first one told to the last one's verdict, when more is told than can be decided. */
function drainRate(bench: Bench): Promise<number> {
  const { stepSeconds, warmSeconds } = bench.plan;
  return onEmptyStore(bench, async (assay) => {
    bench.say('committed: a backlog and how fast it drains');
    const from = performance.now();
    await shoot(assay, { eventsPerRequest: EVENTS_A_REQUEST, seconds: stepSeconds, warmSeconds });
    await assay.settle();
    const { ledger } = await assay.progress();
    return (ledger * 1000) / (performance.now() - from);
  });
}

/** Steps up or down until the border is crossed, then halves the step. */
async function search(bench: Bench, start: number): Promise<number> {
  const holds = async (rate: number): Promise<boolean> => (await attempt(bench, rate, bench.plan.stepSeconds)).keepsUp;
  let good = 0;
  let bad = 0;
  for (let rate = start, n = 0; n < STEPS_MAX && (good === 0 || bad === 0); n++) {
    if (await holds(rate)) {
      good = rate;
      rate *= STEP_UP;
    } else {
      bad = rate;
      rate *= STEP_DOWN;
    }
  }
  if (good === 0) return bad * STEP_DOWN;
  for (let n = 0; n < HALVINGS && bad > good; n++) {
    const middle = (good + bad) / 2;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

function attempt(bench: Bench, eventsPerSecond: number, seconds: number): Promise<Tried> {
  settleDisk();
  return onEmptyStore(bench, async (assay) => {
    bench.say(`committed: ${Math.round(eventsPerSecond)} events/s for ${seconds} s`);
    let lagRecords = 0;
    const look = setInterval(
      () => void assay.progress().then((at) => (lagRecords = Math.max(lagRecords, at.journal - at.ledger))),
      LOOK_MS,
    );
    const lag: { ms?: Promise<number> } = {};
    const rate = eventsPerSecond / EVENTS_A_REQUEST;
    const shot = await shoot(
      assay,
      {
        ...{ eventsPerRequest: EVENTS_A_REQUEST, connections: CONNECTIONS, rate },
        ...{ seconds, warmSeconds: bench.plan.warmSeconds },
      },
      {
        ended() {
          clearInterval(look);
          lag.ms = catchUp(assay);
        },
      },
    );
    const lagMs = (await lag.ms) ?? Number.POSITIVE_INFINITY;
    const answered = shot.report.requests / (rate * shot.report.seconds);
    const keepsUp = lagMs <= LAG_MS_MAX && answered >= ANSWERED_SHARE_MIN;
    if (!keepsUp)
      bench.say(
        `committed: that was too fast: ${(answered * 100).toFixed(1)} % answered, the last verdict ${Math.round(lagMs)} ms late`,
      );
    return { shot, lagMs, lagRecords, keepsUp };
  });
}

/** How long it takes from now until everything that is durable now has its verdict. */
async function catchUp(assay: RunningAssay): Promise<number> {
  const from = performance.now();
  const { journal } = await assay.progress();
  while ((await assay.progress()).ledger < journal) await sleep(2);
  return performance.now() - from;
}
