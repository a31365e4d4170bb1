import { openAdmission } from '../src/admission/run.ts';
import { Specs } from '../src/server/specs.ts';
import type { Journal, NewRecord } from '../src/store/journal.ts';
import type { Ledger, LedgerReader } from '../src/store/ledger.ts';
import { memoryJournal } from '../src/store/memory/journal.ts';
import { memoryLedger } from '../src/store/memory/ledger.ts';
import type { Reply } from '../src/tiktok/answer.ts';
import type { TrackRequest } from '../src/tiktok/body.ts';
import { startTransport, type Transport } from '../src/transport/dispatch.ts';
import { type Handouts, openHandouts } from '../src/transport/handout.ts';
import { START, specTold } from './admission-kit.ts';

interface Posted {
  at: number;
  destination: string;
  request: TrackRequest;
  /** the very bytes: transport may write into them once all of them have been taken */
  body: Buffer;
}

export interface TransportKit {
  journal: Journal;
  ledger: Ledger;
  transport: Transport;
  handouts: Handouts;
  posted: Posted[];
  alarms: string[];
  now(): number;
  /** Appends records and lets everything happen that follows at once. */
  tell(...records: NewRecord[]): Promise<number>;
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  /** `state why` of a leg */
  leg(event: number, leg?: 'api' | 'pixel', destination?: string): Promise<string>;
}

export interface KitOptions {
  spec?: (text: string) => string;
  /** TikTok's part; it accepts everything unless told */
  answer?: (request: TrackRequest, n: number, now: number) => Reply | Promise<Reply>;
  tokenMark?: (destination: string) => string;
  chance?: () => number;
  /** a world that was left behind by a crash */
  after?: { journal: Journal; ledger: Ledger; now: number };
  /** may fail, as a full disk does */
  append?: (records: readonly NewRecord[], append: Journal['append']) => Promise<number>;
  /** stands between transport and the ledger, to see what is read */
  reader?: (ledger: Ledger) => LedgerReader;
}

export const ACCEPTED: Reply = {
  kind: 'http',
  status: 200,
  body: JSON.stringify({ code: 0, message: 'OK', request_id: 'r', data: {} }),
};

export function coded(code: number, message = 'm', data: object = {}): Reply {
  return { kind: 'http', status: 200, body: JSON.stringify({ code, message, request_id: 'r', data }) };
}

/** Admission and transport over memory, on a virtual clock. Record 1 is the spec. */
export async function openTransportKit(options: KitOptions = {}): Promise<TransportKit> {
  const { spec: change = (text) => text, answer = () => ACCEPTED, chance = () => 1, after } = options;
  const journal = after?.journal ?? memoryJournal();
  const ledger = after?.ledger ?? memoryLedger();
  if (!after) await journal.append([specTold(change)]);
  const admission = await openAdmission(journal, ledger);
  await admission.catchUp();
  const specs = new Specs();
  specs.learn(await ledger.specs());
  const specOf = specs.of.bind(specs);

  let now = after?.now ?? START;
  const timers = new Set<{ at: number; run: () => void }>();
  const posted: Posted[] = [];
  const alarms: string[] = [];
  const append = options.append;
  const written: Pick<Journal, 'append'> = {
    append: append ? (records) => append(records, journal.append.bind(journal)) : journal.append,
  };
  const transport = await startTransport({
    reader: options.reader?.(ledger) ?? ledger,
    journal: written,
    specOf,
    async post(target, body) {
      const request = JSON.parse(body.toString()) as TrackRequest;
      posted.push({ at: now, destination: target.id, request, body });
      return answer(request, posted.length, now);
    },
    ...(options.tokenMark ? { tokenMark: options.tokenMark } : {}),
    now: () => now,
    random: chance,
    alarm: (destination, what) => alarms.push(`${destination} ${what}`),
    setTimer(run, ms) {
      const timer = { at: now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const handouts = openHandouts({ reader: ledger, journal: written, specOf, now: () => now });

  /** Until nothing more happens without time passing. */
  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < 4; ) {
      await new Promise((resolve) => setImmediate(resolve));
      const before = await ledger.offset();
      const offset = await admission.catchUp();
      quiet = offset === before ? quiet + 1 : 0;
      if (offset > before) {
        specs.learn(await ledger.specs());
        transport.wake(offset);
        handouts.wake();
      }
    }
  }
  await settle();
  return {
    journal,
    ledger,
    transport,
    handouts,
    posted,
    alarms,
    now: () => now,
    async tell(...records) {
      const first = await journal.append(records);
      await settle();
      return first;
    },
    async pass(ms) {
      const until = now + ms;
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.run();
        await settle();
      }
      now = until;
    },
    async leg(event, leg = 'api', destination = 'main') {
      const { dispatches } = await ledger.load({ events: [event], orders: [] });
      const row = dispatches.find((one) => one.leg === leg && one.destination === destination);
      return row ? `${row.state} ${row.why}` : '';
    },
  };
}
