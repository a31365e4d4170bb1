import { Worker } from 'node:worker_threads';
import type { Ask, Reports } from '../attribution/asks.ts';
import type { Rules } from '../attribution/statement.ts';
import type { AttributionState, FromAttribution, ToAttribution } from '../attribution/worker.ts';
import { AssayError } from '../event/error.ts';
import type { Statement } from '../store/warehouse.ts';
import { workerUrl } from '../store/worker-url.ts';
import type { AttributionSource } from './reports/source.ts';

/** The thread that keeps the warehouse, as the main thread sees it. */
export interface AttributionThread {
  source: AttributionSource;
  /** the ledger has changed */
  wake(): void;
  /** Retention: what identifies a person in facts older than `before`, UTC ms, goes. */
  forget(before: number): Promise<void>;
  state(): AttributionState;
  close(): Promise<void>;
}

/** A start has enough to do; who asks before does not wait for it. */
const FIRST_AFTER_MS = 1000;
/** A thread that broke down is started again after so long. */
const AGAIN_MS = 5000;

/** Attribution in its thread. Nobody waits for it: it says how far it is. */
export function startAttribution(folder: string, log: (line: string) => void): AttributionThread {
  let state: AttributionState = { state: 'opening' };
  let asked = 0;
  const open = new Map<number, { resolve(answer: unknown): void; reject(error: AssayError): void }>();
  let closing = false;
  let waited = false;
  let thread: { worker: Worker; ended: Promise<void> } | undefined;
  let timer = setTimeout(start, FIRST_AFTER_MS);

  function start(): Worker {
    clearTimeout(timer);
    const worker = new Worker(workerUrl('../attribution/worker', import.meta.url), {
      workerData: { folder },
      name: 'attribution',
    });
    worker.on('message', heard);
    worker.on('error', (error) => {
      tell({ state: 'waits', why: `its thread broke down: ${String(error)}` });
    });
    const ended = new Promise<void>((done) => worker.once('exit', () => done()));
    thread = { worker, ended };
    void ended.then(() => {
      thread = undefined;
      for (const one of open.values()) one.reject(new AssayError('warehouse_behind', 'attribution has ended'));
      open.clear();
      if (!closing) timer = setTimeout(start, AGAIN_MS);
    });
    return worker;
  }

  function heard(message: FromAttribution): void {
    if ('state' in message) {
      tell(message.state);
      return;
    }
    if ('says' in message) {
      log(message.says);
      return;
    }
    const one = open.get(message.n);
    open.delete(message.n);
    if ('answer' in message) one?.resolve(message.answer);
    else one?.reject(new AssayError(message.refused.code, message.refused.message));
  }

  function tell(next: AttributionState): void {
    if (next.state === 'waits' && next.why !== state.why)
      log(
        `attribution waits: ${next.why}. Nothing is lost: all else goes on, and its figures follow once the warehouse can be written`,
      );
    waited ||= next.state === 'waits';
    if (waited && next.state === 'follows') {
      log('the warehouse is written again, and attribution goes on');
      waited = false;
    }
    state = next;
  }

  function post<T>(message: (n: number) => ToAttribution): Promise<T> {
    asked += 1;
    const n = asked;
    return new Promise<T>((resolve, reject) => {
      if (closing) return reject(new AssayError('warehouse_behind', 'attribution has ended'));
      open.set(n, { resolve: resolve as (answer: unknown) => void, reject });
      (thread?.worker ?? start()).postMessage(message(n));
    });
  }
  const ask = <T>(question: Ask): Promise<T> => post((n) => ({ n, ask: question }));
  const report =
    (method: keyof Reports) =>
    (...args: unknown[]): Promise<never> =>
      ask({ ask: 'report', method, args });

  return {
    source: {
      reports: {
        kinds: report('kinds'),
        figures: report('figures'),
        credited: report('credited'),
        path: report('path'),
        windows: report('windows'),
        funnel: report('funnel'),
        shared: report('shared'),
        sql: report('sql'),
        mart: report('mart'),
      },
      statements: () => ask<Statement[]>({ ask: 'statements' }),
      statementOf: (rules: Rules) => ask<Statement>({ ask: 'statementOf', rules }),
    },
    wake: () => thread?.worker.postMessage('wake' satisfies ToAttribution),
    forget: (before) => post<void>((n) => ({ n, forget: before })),
    state: () => state,
    async close() {
      closing = true;
      clearTimeout(timer);
      thread?.worker.postMessage('close' satisfies ToAttribution);
      await thread?.ended;
    },
  };
}
