/** One look serves all that woke it since the last. */
const LOOK_AGAIN_MS_MIN = 25;
/** Nothing is lost by one wake-up too few. */
const LOOK_AGAIN_MS_MAX = 60_000;

export interface Pace {
  /** Something may have changed: looks at once where the last look began and ended `restMs` ago, else then. */
  wake(restMs?: number): void;
  /** Looks no more, once the present look is over. */
  stop(): Promise<void>;
}

/** Calls `look` now, whenever it is woken, and at the time that the last look named. Looks never overlap. */
export function startPace(
  look: () => Promise<number>,
  now: () => number,
  setTimer: (run: () => void, ms: number) => () => void,
): Pace {
  let looking: Promise<void> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** how long the next look may wait after the present one; never, where nothing wakes it */
  let woken = Number.POSITIVE_INFINITY;
  let stopped = false;
  let planned = Number.POSITIVE_INFINITY;
  let cancel = (): void => {};

  function run(): void {
    cancel();
    planned = Number.POSITIVE_INFINITY;
    woken = Number.POSITIVE_INFINITY;
    looking = look().then((at) => {
      looking = undefined;
      lookedAt = now();
      if (woken <= 0 && !stopped) run();
      else plan(Math.min(lookedAt + woken, Math.max(at, lookedAt + LOOK_AGAIN_MS_MIN), lookedAt + LOOK_AGAIN_MS_MAX));
    });
  }

  /** The earlier of two plans counts. */
  function plan(at: number): void {
    if (stopped || at >= planned) return;
    cancel();
    planned = at;
    cancel = setTimer(run, Math.max(0, at - now()));
  }

  run();
  return {
    wake(restMs = LOOK_AGAIN_MS_MIN) {
      const since = now() - lookedAt;
      if (stopped) return;
      // A clock that was set back must not hold up anything.
      if (looking !== undefined) woken = Math.min(woken, restMs);
      else if (since >= restMs || since < 0) run();
      else plan(lookedAt + restMs);
    },
    async stop() {
      stopped = true;
      cancel();
      await looking;
    },
  };
}
