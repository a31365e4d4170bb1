import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventTold, START } from '../../test/admission-kit.ts';
import { ACCEPTED, coded, openTransportKit, type TransportKit } from '../../test/transport-kit.ts';
import { HOUR, MINUTE, SECOND } from '../event/time.ts';
import type { NewRecord } from '../store/journal.ts';
import type { Reply } from '../tiktok/answer.ts';

const SECOND_DESTINATION = '  - { id: other, pixel: CD9079RC77U0N3GBV16Z, token: env:OTHER_TOKEN }\nconsent:';
const LIMIT = 20;
const EVERY_MS = 8 * SECOND;
/** Looks are this far apart. */
const LOOK_MS = 25;

/** Two destinations, and one event a request. */
function both(text: string): string {
  return text.replace('consent:', SECOND_DESTINATION).replace('batch: 1000', 'batch: 1');
}

const contact = (id: string, at: number): NewRecord => eventTold('server', { event_id: id }, at);

interface Lived {
  kit: TransportKit;
  throttles: number;
  /** times of the accepted requests, by destination */
  taken: Map<string, number[]>;
  /** ms from receipt to TikTok's yes of each event of `other`, shortest first */
  lags: number[];
}

/** An hour with an event every eight seconds, and what follows; the host takes 20 requests in a calendar second. */
async function live(isIll: (at: number) => boolean, ill: Reply): Promise<Lived> {
  const seconds = new Map<number, number>();
  const taken = new Map<string, number[]>([
    ['main', []],
    ['other', []],
  ]);
  const lags: number[] = [];
  let throttles = 0;
  const kit = await openTransportKit({
    spec: both,
    chance: () => 0.5,
    answer(request, _n, now) {
      const destination = request.event_source_id.endsWith('Z') ? 'other' : 'main';
      if (destination === 'main' && isIll(now)) return ill;
      const second = Math.floor(now / SECOND);
      seconds.set(second, (seconds.get(second) ?? 0) + 1);
      if ((seconds.get(second) ?? 0) > LIMIT) {
        throttles++;
        return coded(40100, 'Too many requests');
      }
      taken.get(destination)?.push(now);
      if (destination === 'other') lags.push(now - Number(request.data[0]?.event_id.slice(2)));
      return ACCEPTED;
    },
  });
  for (let at = START; at < START + HOUR + 5 * MINUTE; at += EVERY_MS) {
    await kit.tell(contact(`e-${kit.now()}`, kit.now()));
    await kit.pass(EVERY_MS);
  }
  return { kit, throttles, taken, lags: lags.sort((a, b) => a - b) };
}

test('a destination that is down for an hour slows no other, and then catches up without a storm of throttles', async () => {
  const until = START + HOUR;
  const well = await live(() => false, ACCEPTED);
  const sick = await live((at) => at < until, { kind: 'unanswered', why: 'time-out' });
  const at = (lags: number[], share: number): number => lags[Math.floor((lags.length - 1) * share)] ?? Number.NaN;
  for (const share of [0, 0.5, 0.9, 0.99])
    assert.ok(at(sick.lags, share) <= at(well.lags, share) + LOOK_MS, `the ${share} quantile of the other’s lag`);
  assert.equal(sick.lags.length, well.lags.length);
  assert.ok(sick.throttles <= 8, `${sick.throttles} throttles`);
  const main = sick.taken.get('main') ?? [];
  assert.equal(main.length, well.taken.get('main')?.length, 'nothing is lost');
  const backlog = HOUR / EVERY_MS;
  const took = (main[backlog - 1] ?? Number.NaN) - (main[0] ?? Number.NaN);
  const perSecond = (backlog / took) * SECOND;
  assert.ok(perSecond >= 0.8 * LIMIT, `${perSecond} a second`);
  await sick.kit.transport.stop();
  await well.kit.transport.stop();
});
