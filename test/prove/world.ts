import { HOUR, MINUTE, SECOND } from '../../src/event/time.ts';
import { chance, mixSeed } from '../../src/sim/world/random.ts';
import { Agenda } from './agenda.ts';
import { diskEngine, type Engine, memoryEngine } from './engine.ts';
import { type Life, startLife } from './life.ts';
import { Net } from './net.ts';
import { Outside } from './outside.ts';
import { type Act, isFault, type Plan } from './plan.ts';
import { NOTHING, type Planted } from './planted.ts';
import { type LifeStores, storesOf } from './stores.ts';
import { START } from './stories.ts';
import type { TwinRoom } from './twin-room.ts';
import { activation } from './variant.ts';
import { type Violation, Watch } from './watch.ts';

/** What a run came to. */
export interface Outcome {
  violation?: Violation;
  onDisk: boolean;
  /** records that the doors acknowledged */
  told: number;
  /** copies that the twin kept */
  arrivals: number;
  requests: number;
  crashes: number;
  /** faults by what they do */
  faults: Record<string, number>;
  /** api legs of live events by the state they ended in */
  ends: Record<string, number>;
}

/** After the last act and with nothing wrong any more, all that can leave has left within this: a throttle rests till midnight. */
const DRAIN_MS = 60 * HOUR;

/** Lives through a plan; stops at the first violation. */
export async function live(plan: Plan, twin: TwinRoom, planted: Planted = NOTHING): Promise<Outcome> {
  const world = new World(plan, twin, planted, planted.engine(plan.onDisk ? await diskEngine() : memoryEngine()));
  try {
    return await world.run();
  } finally {
    await world.close();
  }
}

class World {
  readonly #plan: Plan;
  readonly #planted: Planted;
  readonly #engine: Engine;
  readonly #agenda = new Agenda();
  readonly #watch: Watch;
  readonly #net: Net;
  readonly #outside: Outside;
  readonly #twin: TwinRoom;
  readonly #random: () => number;
  #offsets = { ours: 0, twin: 0 };
  #fullUntil = 0;
  #lagUntil = 0;
  #life: { stores: LifeStores; life: Life; timers: Set<() => void> } | undefined;
  #downMs = SECOND;
  #hasDied = false;
  #crashes = 0;
  #faults: Record<string, number> = {};

  constructor(plan: Plan, twin: TwinRoom, planted: Planted, engine: Engine) {
    this.#plan = plan;
    this.#planted = planted;
    this.#engine = engine;
    this.#twin = twin;
    const luck = chance(mixSeed(plan.seed, 2));
    this.#random = luck.next;
    this.#watch = new Watch(plan, engine, () => this.#agenda.now);
    this.#net = new Net(this.#agenda, luck, twin, this.#watch, () => this.#ourNow());
    this.#outside = new Outside({
      ...{ agenda: this.#agenda, net: this.#net, watch: this.#watch },
      ourNow: () => this.#ourNow(),
      twinNow: () => START + this.#agenda.now + this.#offsets.twin,
      stores: () => this.#life?.stores,
      handouts: () => this.#life?.life.handouts(),
    });
    twin.begin(
      () => START + this.#agenda.now + this.#offsets.twin,
      chance(mixSeed(plan.seed, 3)).next,
      (copy) => this.#watch.arrived(copy),
    );
    twin.limit(null);
  }

  async run(): Promise<Outcome> {
    await this.#engine.journal.append([activation(this.#plan.variant, START - SECOND)]);
    this.#watch.wrote(1, [activation(this.#plan.variant, START - SECOND)]);
    this.#begin();
    await this.#settle();
    for (const act of this.#plan.acts) this.#agenda.plan(act.at, () => this.#do(act));
    const last = this.#plan.acts.at(-1)?.at ?? 0;
    await this.#pass(last + MINUTE, () => false);
    if (!this.#watch.violation) await this.#end();
    const { violation } = this.#watch;
    return {
      ...(violation ? { violation } : {}),
      ...{
        onDisk: this.#plan.onDisk,
        told: this.#outside.told,
        arrivals: this.#watch.arrivals,
        requests: this.#net.requests,
      },
      ...{ crashes: this.#crashes, faults: this.#faults, ends: this.#watch.ends() },
    };
  }

  async close(): Promise<void> {
    this.#life?.stores.die();
    await this.#quiet();
    await this.#engine.close();
  }

  #ourNow(): number {
    return START + this.#agenda.now + this.#offsets.ours;
  }

  async #pass(until: number, isDone: () => boolean): Promise<void> {
    while (!this.#watch.violation && !isDone()) {
      const run = this.#agenda.next(until);
      if (!run) return;
      run();
      await this.#settle();
    }
  }

  /** With nothing wrong any more, everything ends. */
  async #end(): Promise<void> {
    this.#offsets = { ours: 0, twin: 0 };
    this.#fullUntil = this.#lagUntil = 0;
    this.#net.calm();
    const from = this.#agenda.now;
    await this.#pass(
      from + DRAIN_MS,
      () => this.#outside.waiting === 0 && this.#agenda.now > from + 10 * MINUTE && this.#watch.isDrained(),
    );
    if (!this.#watch.violation) await this.#watch.end(this.#outside.waiting);
  }

  #begin(): void {
    const timers = new Set<() => void>();
    const stores = storesOf(
      this.#engine,
      this.#watch,
      () => this.#agenda.now < this.#fullUntil,
      () => {
        for (const cancel of timers) cancel();
        this.#hasDied = true;
      },
    );
    let alive = true;
    const life = startLife({
      ...{ stores, planted: this.#planted, random: this.#random, post: this.#net.post },
      now: () => this.#ourNow(),
      isLagging: () => this.#agenda.now < this.#lagUntil,
      setTimer: (run, ms) => {
        if (!alive) return () => {};
        const cancel = this.#agenda.timer(ms, () => {
          timers.delete(cancel);
          run();
        });
        timers.add(cancel);
        return () => {
          timers.delete(cancel);
          cancel();
        };
      },
    });
    timers.add(() => {
      alive = false;
    });
    this.#life = { stores, life, timers };
  }

  /** Until nothing more happens without time passing. A process that died on the way begins anew later. */
  async #settle(): Promise<void> {
    await this.#quiet();
    if (!this.#hasDied) return;
    this.#hasDied = false;
    this.#life = undefined;
    this.#crashes++;
    await this.#engine.crashed();
    await this.#watch.afterCrash();
    this.#agenda.plan(this.#agenda.now + this.#downMs, () => this.#begin());
  }

  async #quiet(): Promise<void> {
    for (let quiet = 0, calls = -1; quiet < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const stores = this.#life?.stores;
      if (!stores) return;
      await stores.idle();
      if (!this.#hasDied && this.#watch.hasGrown()) this.#life?.life.look();
      const isQuiet = stores.underWay() === 0 && stores.calls() === calls;
      calls = stores.calls();
      quiet = isQuiet ? quiet + 1 : 0;
    }
  }

  #do(act: Act): void {
    if (isFault(act)) this.#faults[nameOf(act)] = (this.#faults[nameOf(act)] ?? 0) + 1;
    const { now } = this.#agenda;
    switch (act.do) {
      case 'tell':
        this.#outside.tell(act.told);
        return;
      case 'fire':
        if (!act.lost) this.#outside.fire(act);
        return;
      case 'visit':
        for (const ms of act.asks) this.#agenda.plan(now + ms, () => this.#outside.ask(act));
        return;
      case 'activate':
        this.#outside.write(activation(act.variant, this.#ourNow()));
        return;
      case 'replay':
        this.#outside.replay();
        return;
      case 'crash':
        this.#downMs = act.downMs;
        this.#life?.stores.crashIn(act);
        return;
      case 'full':
        this.#fullUntil = now + act.forMs;
        return;
      case 'lag':
        this.#lagUntil = now + act.forMs;
        this.#agenda.plan(this.#lagUntil, () => this.#life?.life.look());
        return;
      case 'clock':
        this.#offsets[act.whose] = act.offsetMs;
        return;
      case 'net':
        this.#net.trouble(act);
        return;
      case 'twin':
        this.#net.twinTrouble(act);
        return;
      case 'token':
        this.#net.badToken(act.destination, now + act.forMs);
        return;
      case 'throttle':
        this.#twin.limit(act.limit);
        this.#agenda.plan(now + act.forMs, () => this.#twin.limit(null));
        return;
    }
  }
}

function nameOf(act: Act): string {
  return 'what' in act ? `${act.do} ${act.what}` : act.do;
}
