import { SECOND } from '../../src/event/time.ts';
import type { Reply as TwinReply } from '../../src/sim/twin/exchange.ts';
import type { Chance } from '../../src/sim/world/random.ts';
import type { Reply } from '../../src/tiktok/answer.ts';
import type { TrackRequest } from '../../src/tiktok/body.ts';
import type { Surroundings } from '../../src/transport/dispatch.ts';
import type { Agenda } from './agenda.ts';
import type { NetFault } from './plan.ts';
import type { TwinRoom } from './twin-room.ts';
import { ACCOUNTS, type DestinationId } from './variant.ts';
import type { Watch } from './watch.ts';

const ANSWER_MS_MAX = 10 * SECOND;

interface Trouble {
  what: NetFault;
  requests: number;
  ms: number;
}

/** The way to the twin: it takes time, and may lose, repeat, delay or cut whatever goes over it. */
export class Net {
  readonly #agenda: Agenda;
  readonly #luck: Chance;
  readonly #twin: TwinRoom;
  readonly #watch: Watch;
  readonly #ourNow: () => number;
  #troubles: Trouble[] = [];
  #twinTroubles: { what: 'http502' | 'code' | 'partial'; code: number; requests: number }[] = [];
  /** real ms until which a destination's token is wrong */
  #badTokens = new Map<string, number>();
  requests = 0;

  constructor(agenda: Agenda, luck: Chance, twin: TwinRoom, watch: Watch, ourNow: () => number) {
    this.#agenda = agenda;
    this.#luck = luck;
    this.#twin = twin;
    this.#watch = watch;
    this.#ourNow = ourNow;
  }

  trouble(trouble: Trouble): void {
    this.#troubles.push({ ...trouble });
  }

  twinTrouble(trouble: { what: 'http502' | 'code' | 'partial'; code: number; requests: number }): void {
    this.#twinTroubles.push({ ...trouble });
  }

  badToken(destination: string, until: number): void {
    this.#badTokens.set(destination, until);
  }

  calm(): void {
    this.#troubles = [];
    this.#twinTroubles = [];
    this.#badTokens.clear();
    this.#twin.limit(null);
  }

  /** One request of ours, as it leaves. */
  post: Surroundings['post'] = (target, bytes) => {
    const body = bytes.toString();
    this.requests++;
    this.#watch.left(JSON.parse(body) as TrackRequest);
    const leaving = { real: this.#agenda.now, ours: this.#ourNow() };
    const trouble = take(this.#troubles);
    const there = this.#luck.between(10, 120);
    const back = this.#luck.between(10, 120);
    const arrive = (): Reply => {
      this.#watch.leaving = leaving;
      return replyOf(this.#answer(target.id, body));
    };
    return new Promise<Reply>((resolve) => {
      const later = (ms: number, run: () => void): void => void this.#agenda.plan(this.#agenda.now + ms, run);
      const unanswered = (): void => later(ANSWER_MS_MAX, () => resolve({ kind: 'unanswered', why: 'timeout' }));
      const answered = (backMs: number, then = (_reply: Reply): void => {}): void =>
        later(there, () => {
          const reply = arrive();
          later(reply.kind === 'unanswered' ? 1 : backMs, () => resolve(reply));
          then(reply);
        });
      switch (trouble?.what) {
        case undefined:
          return answered(back);
        case 'unsent':
          return later(5, () => resolve({ kind: 'unsent', why: 'ECONNREFUSED' }));
        case 'lostBefore':
          return unanswered();
        case 'lostAfter':
          later(there, () => void arrive());
          return unanswered();
        case 'twice':
          // What was refused before its eyes a proxy does not repeat, and nobody could know of a copy that it did bring.
          return answered(back, (reply) => {
            if (!isRefusal(reply)) later(trouble.ms, () => void arrive());
          });
        case 'late':
          later(ANSWER_MS_MAX + trouble.ms, () => void arrive());
          return unanswered();
        case 'slow':
          return answered(Math.min(trouble.ms, ANSWER_MS_MAX - SECOND));
      }
    });
  };

  /** A page's pixel call. */
  fire(pixel: string, event: string, eventId: string, properties: object, twinNow: number): void {
    this.#watch.leaving = { real: this.#agenda.now, ours: this.#ourNow() };
    this.#twin.pixel({
      ...{ event, event_id: eventId, timestamp: new Date(twinNow).toISOString(), properties },
      context: { pixel: { code: pixel }, user: {}, ad: {}, page: { url: 'https://shop.example/' }, userAgent: 'p' },
    });
  }

  #answer(destination: string, body: string): TwinReply {
    const account = ACCOUNTS[destination as DestinationId];
    const isBad = (this.#badTokens.get(destination) ?? 0) > this.#agenda.now;
    const trouble = take(this.#twinTroubles);
    if (trouble?.what === 'partial') this.#twin.fault({ kind: 'partial', orders: [0, 2], code: 20001 });
    else if (trouble) this.#twin.fault({ kind: trouble.what, code: trouble.code });
    return this.#twin.track(isBad ? 'revoked' : account.token, body);
  }
}

/** The first trouble; it meets one request fewer from now on. */
function take<T extends { requests: number }>(troubles: T[]): T | undefined {
  const first = troubles[0];
  if (first && --first.requests <= 0) troubles.shift();
  return first;
}

function replyOf(reply: TwinReply): Reply {
  if (reply.kind !== 'answer') return { kind: 'unanswered', why: 'cut' };
  return { kind: 'http', status: reply.status, body: String(reply.body) };
}

function isRefusal(reply: Reply): boolean {
  if (reply.kind !== 'http' || reply.status !== 200) return false;
  const { code } = JSON.parse(reply.body) as { code: number };
  // 20001 refuses some of its events.
  return code === 20001 || (code >= 40_000 && code < 50_000);
}
