import { AssayError } from '../../src/event/error.ts';
import type { Journal } from '../../src/store/journal.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import type { Engine } from './engine.ts';
import type { Watch } from './watch.ts';

/** A call of a process that has ended never comes back. */
const NEVER = new Promise<never>(() => {});

/** The planned end of a process: at its `calls`-th call of a store, before it or after it. */
interface CrashAt {
  calls: number;
  written: boolean;
}

/** The stores as one process sees them: it may end at any call, and the disk may be full. */
export interface LifeStores {
  journal: Journal;
  ledger: Ledger;
  /** calls begun so far, and those that have not come back from the engine */
  calls(): number;
  underWay(): number;
  /** Resolves once nothing is under way. */
  idle(): Promise<void>;
  crashIn(at: CrashAt): void;
  /** Ends the process at once. */
  die(): void;
}

export function storesOf(engine: Engine, watch: Watch, isFull: () => boolean, died: () => void): LifeStores {
  let alive = true;
  let calls = 0;
  let underWay = 0;
  let crash: CrashAt | undefined;
  const waiting: (() => void)[] = [];
  const die = (): void => {
    if (!alive) return;
    alive = false;
    died();
  };
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!alive) return NEVER;
    calls++;
    const isLast = crash !== undefined && --crash.calls <= 0;
    if (isLast && !crash?.written) {
      die();
      return NEVER;
    }
    underWay++;
    try {
      const result = await work();
      if (isLast) die();
      return alive ? result : NEVER;
    } catch (error) {
      if (isLast) die();
      if (!alive) return NEVER;
      throw error;
    } finally {
      if (--underWay === 0) for (const tell of waiting.splice(0)) tell();
    }
  };
  const wrapped = <Store extends object>(store: () => Store, own: Partial<Store>): Store =>
    new Proxy({} as Store, {
      get: (_, name) => {
        const mine = own[name as keyof Store];
        if (mine !== undefined) return mine;
        return (...args: unknown[]) =>
          call(() => (store()[name as keyof Store] as (...args: unknown[]) => Promise<unknown>)(...args));
      },
    });
  return {
    journal: wrapped<Journal>(() => engine.journal, {
      append: async (records) => {
        const first = await call(async () => {
          if (isFull()) throw new AssayError('journal_unwritable', 'the disk is full');
          const at = await engine.journal.append(records);
          watch.wrote(at, records);
          return at;
        });
        watch.acknowledged(first, records);
        return first;
      },
    }),
    ledger: wrapped<Ledger>(() => engine.ledger, {
      commit: (effects, offset) =>
        call(async () => {
          if (isFull()) throw new AssayError('ledger_unwritable', 'the disk is full');
          await engine.ledger.commit(effects, offset);
          watch.committed(effects, offset);
        }),
    }),
    calls: () => calls,
    underWay: () => underWay,
    idle: () => new Promise((resolve) => (underWay === 0 ? resolve() : void waiting.push(resolve))),
    crashIn: ({ calls: at, written }) => {
      crash = { calls: at, written };
    },
    die,
  };
}
