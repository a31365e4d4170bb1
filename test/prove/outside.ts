import { MINUTE, SECOND } from '../../src/event/time.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import type { Handouts } from '../../src/transport/handout.ts';
import type { Agenda } from './agenda.ts';
import type { Net } from './net.ts';
import type { Act, Told } from './plan.ts';
import type { LifeStores } from './stores.ts';
import { START } from './stories.ts';
import { ACCOUNTS } from './variant.ts';
import type { Watch } from './watch.ts';

/** A page that waits. */
const STAYS = new AbortController().signal;
const SENDER_MS_MAX = 10 * SECOND;
const AGAIN_MS_MAX = 5 * MINUTE;

interface OutsideAround {
  agenda: Agenda;
  net: Net;
  watch: Watch;
  /** both clocks, UTC ms */
  ourNow(): number;
  twinNow(): number;
  /** of the process that runs, if one does */
  stores(): LifeStores | undefined;
  handouts(): Handouts | undefined;
}

/** Senders, pages and operators: what they do when a process answers, and when none does. */
export class Outside {
  readonly #around: OutsideAround;
  /** records acknowledged, and those whose senders still try */
  told = 0;
  waiting = 0;
  /** by event id, the spec version of the page that fired it last */
  readonly #ran = new Map<string, number>();

  constructor(around: OutsideAround) {
    this.#around = around;
  }

  /** A sender tells again what was not acknowledged, with longer and longer pauses. */
  tell(what: Told, againMs = SECOND): void {
    const told = this.#withSpec(what);
    this.waiting++;
    this.write(
      told,
      () => {
        this.waiting--;
        this.told++;
      },
      () => {
        const { agenda } = this.#around;
        agenda.plan(agenda.now + againMs, () => {
          this.waiting--;
          this.tell(told, Math.min(2 * againMs, AGAIN_MS_MAX));
        });
      },
    );
  }

  /** A page that fired tells which spec it ran: TikTok’s key is in its names. */
  #withSpec(told: Told): Told {
    const version = this.#ran.get(String(told.body['event_id']));
    if (told.door !== 'browser' || version === undefined || told.body['spec'] !== undefined) return told;
    return { ...told, body: { ...told.body, spec: version } };
  }

  /** Hands a record to the doors once. */
  write(told: Told, taken = (): void => {}, failed = (): void => {}): void {
    const { agenda, ourNow, stores } = this.#around;
    const record: NewRecord = { ...told, keyId: '', receivedAt: ourNow() };
    let isOver = false;
    const end = (run: () => void) => (): void => {
      if (isOver) return;
      isOver = true;
      run();
    };
    // A process that ends never answers.
    agenda.plan(agenda.now + SENDER_MS_MAX, end(failed));
    stores()?.journal.append([record]).then(end(taken), end(failed));
  }

  /** A page fires by itself, in the names of the spec that it runs. */
  fire({ event, eventId, properties }: Extract<Act, { do: 'fire' }>): void {
    const { net, watch, twinNow } = this.#around;
    const { version, variant } = watch.newest();
    this.#ran.set(eventId, version);
    for (const { id, eventNames } of variant.destinations) {
      const name = eventNames === 'legacy' && event === 'Purchase' ? 'CompletePayment' : event;
      net.fire(ACCOUNTS[id].pixel, name, eventId, properties, twinNow());
    }
  }

  /** A page asks once for its handout; told to fire, it thinks first and sees whether there is still time. */
  ask({ capability, thinkMs, lost, reports }: Extract<Act, { do: 'visit' }>): void {
    const { agenda, net, twinNow, handouts } = this.#around;
    const askedAt = agenda.now;
    const asked = handouts()?.ask(capability, 0, STAYS);
    asked?.then(
      (answer) => {
        if (!answer?.fire || thinkMs >= answer.fire_in) return;
        const { event, event_id: eventId, pixel, properties } = answer;
        agenda.plan(askedAt + thinkMs, () => {
          if (!lost) net.fire(pixel, event, eventId, properties, twinNow());
          const body = { capability, event_id: eventId, pixel, time: Math.floor((START + agenda.now) / SECOND) };
          if (reports) this.tell({ kind: 'fired', door: 'browser', body, personal: null });
        });
      },
      () => {},
    );
  }

  replay(): void {
    const body = this.#around.watch.givenUp();
    if (body.legs.length + body.records.length > 0)
      this.write({ kind: 'replay', door: 'operator', body, personal: null });
  }
}
