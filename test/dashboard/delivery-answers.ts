import type { DeliveriesAnswer, DeliveryPoint, DestinationReport, OutcomeReport } from '../../src/api/deliveries.ts';
import type { LetterAnswer, LettersAnswer, ReplayAnswer } from '../../src/api/letters.ts';
import { LAG_BOUNDS } from '../../src/event/lag.ts';

const MINUTE = 60_000;
const STRETCH = 15 * MINUTE;
/** 22 November 2026, 13:03:26 UTC. */
const AS_OF = Date.UTC(2026, 10, 22, 13, 3, 26);
const TO = Date.UTC(2026, 10, 22, 13, 15);
const STAND = { asOf: AS_OF, specVersion: 7, timezone: 'Europe/Berlin' };

/** A day of one destination: waves of delivery, and an hour in which nothing left. */
function dayOf(destination: string, busy: number, sickFrom: number, sickTo: number): DeliveryPoint[] {
  return Array.from({ length: 96 }, (_, n) => {
    const sick = n >= sickFrom && n < sickTo;
    const drains = n >= sickTo && n < sickTo + 3;
    const wave = Math.round(busy * (1.2 + Math.sin((n - 30) / 11)));
    const slow = LAG_BOUNDS[drains ? 17 - (n - sickTo) : 6] ?? 0;
    return {
      destination,
      at: TO - (96 - n) * STRETCH,
      backlog: sick ? wave * (n - sickFrom + 1) : drains ? wave : 40 + (n % 9),
      delivered: sick ? 0 : drains ? 2 * wave : wave,
      failed: sick ? wave : n % 5 === 0 ? 2 : 0,
      ...(sick ? {} : { lagP50: LAG_BOUNDS[drains ? 12 : 4] ?? 0, lagP95: slow }),
    };
  });
}

const main: DestinationReport = {
  id: 'main',
  pixel: 'CD9079RC77U0N3GBV16Y',
  state: 'healthy',
  since: AS_OF - 7_200_000,
  why: '',
  ratePerSecond: 42.5,
  backlog: { held: 31, queued: 4, inFlight: 12, money: 33, oldestReceivedAt: AS_OF - 26 * MINUTE, overWarnAge: false },
  ...{ delivered: 128_320, dead: 3, unknown: 2 },
};

const second: DestinationReport = {
  id: 'second',
  pixel: 'CD9079RC77U0N3GBV17Z',
  state: 'paused',
  since: AS_OF - 54 * MINUTE,
  until: AS_OF + 4 * MINUTE,
  why: '40105 Access token is incorrect or has been revoked.',
  ratePerSecond: 10,
  backlog: {
    held: 0,
    queued: 200,
    inFlight: 0,
    money: 112,
    oldestReceivedAt: AS_OF - 8 * 86_400_000,
    overWarnAge: true,
  },
  ...{ delivered: 61_204, dead: 0, unknown: 0 },
};

const outcomes: OutcomeReport[] = [
  {
    ...{ destination: 'main', outcome: 'accepted', why: 'accepted', code: 0, http: 200, count: 9320 },
    ...{ means: 'TikTok’s answer says that it took the event.', next: '' },
  },
  {
    ...{ destination: 'second', outcome: 'paused', why: 'destination_paused', code: 40_105, http: 200, count: 214 },
    means:
      'TikTok: Access token wrong or revoked. Token, permission or endpoint is wrong, so the destination is paused and everything is kept.',
    next: 'Renew the token in its environment variable and restart; assay doctor tells more.',
  },
  {
    ...{ destination: 'main', outcome: 'retry', why: 'no_answer', count: 41 },
    means: 'No answer came. The copy may have arrived, so it is tried again with the same id inside TikTok’s clock.',
    next: '',
  },
  {
    ...{ destination: 'main', outcome: 'refused', why: 'refused_by_tiktok', code: 40_002, http: 200, count: 3 },
    means: 'TikTok: Parameter error; the message names the field and the reason. TikTok refuses these bytes for good.',
    next: 'Read TikTok’s message; mend the sender or the spec.',
  },
];

export const deliveries: DeliveriesAnswer = {
  ...STAND,
  from: TO - 96 * STRETCH,
  to: AS_OF,
  stretchMs: STRETCH,
  destinations: [main, second],
  series: [...dayOf('main', 120, 40, 44), ...dayOf('second', 60, 92, 96)],
  outcomes,
};

/** Before anything was sent. */
export const noDeliveries: DeliveriesAnswer = {
  ...deliveries,
  destinations: [
    {
      ...{ id: 'main', pixel: 'CD9079RC77U0N3GBV16Y', state: 'healthy', why: '', ratePerSecond: 10 },
      backlog: { held: 0, queued: 0, inFlight: 0, money: 0, overWarnAge: false },
      ...{ delivered: 0, dead: 0, unknown: 0 },
    },
  ],
  series: dayOf('main', 0, 0, 0).map(({ destination, at }) => ({
    destination,
    at,
    backlog: 0,
    delivered: 0,
    failed: 0,
  })),
  outcomes: [],
};

const attempt = { n: 1, sentAt: AS_OF - 50 * MINUTE, answeredAt: AS_OF - 50 * MINUTE + 142, http: 200 };

const refused: LetterAnswer = {
  ...{ id: 'leg:812/main', kind: 'dead', at: AS_OF - 50 * MINUTE, destination: 'main' },
  ...{ why: 'refused_by_tiktok', reasons: ['refused_by_tiktok'], code: 40_002, requestId: '202611221304286B5A0C1E2F' },
  message: 'data.0.properties.contents: Missing data for required field.',
  ...{ event: 'Purchase', eventId: 'demo-10045', orderId: '10045', value: { amount: '1259.90', currency: 'EUR' } },
  ...{ money: true, occurredAt: AS_OF - 55 * MINUTE, attempts: 2 },
  first: { ...attempt, outcome: 'retry', code: 50_000, message: 'System error.' },
  last: {
    ...{ ...attempt, n: 2, outcome: 'refused', code: 40_002, requestId: '202611221304286B5A0C1E2F' },
    message: 'data.0.properties.contents: Missing data for required field.',
  },
  replay: {
    ...{ allowed: true, forecast: 'willCount' },
    says: 'TikTok refused every copy, so the next one counts. It leaves at once.',
  },
};

const maybe: LetterAnswer = {
  ...refused,
  ...{ id: 'leg:640/main', kind: 'unknown', at: AS_OF - 52 * 3_600_000, why: 'gave_up', reasons: ['gave_up'] },
  ...{ event: 'Lead', eventId: 'lead-L-77-qualified', leadId: 'L-77', attempts: 9 },
  first: { ...attempt, sentAt: AS_OF - 100 * 3_600_000, outcome: 'retry', message: 'the connection was cut' },
  last: { ...attempt, n: 9, sentAt: AS_OF - 52 * 3_600_000, outcome: 'retry', message: 'the connection was cut' },
  replay: {
    ...{ allowed: false, forecast: 'wouldCountTwice', why: 'clock_passed' },
    says: 'A copy may have arrived on 18 Nov 10:03. TikTok dropped repeats until 20 Nov 10:03; now it would count another.',
  },
};

const quarantined: LetterAnswer = {
  ...{ id: 'record:955', kind: 'record', at: AS_OF - 20 * MINUTE, destination: '', why: 'required_missing' },
  ...{ reasons: ['required_missing'], event: 'InitiateCheckout', money: false, attempts: 0 },
  problems: [
    { where: 'properties.currency', what: 'is missing', fix: 'send it with every value', code: 'required_missing' },
  ],
  replay: {
    allowed: true,
    says: 'The record would be judged under spec version 7, and becomes an event if it passes.',
  },
};

export const letters: LettersAnswer = {
  ...STAND,
  letters: [quarantined, refused, maybe],
  counts: [
    { kind: 'record', destination: '', why: 'required_missing', count: 391 },
    { kind: 'dead', destination: 'main', why: 'refused_by_tiktok', code: 40_002, count: 3 },
    { kind: 'unknown', destination: 'main', why: 'gave_up', count: 2 },
  ],
  next: 'MTIz',
};

export const noLetters: LettersAnswer = { ...STAND, letters: [], counts: [] };

/** What a trial says of them, and what the replay itself does. */
export const replayed: ReplayAnswer = {
  replayed: 2,
  refused: [
    {
      ...{ why: 'clock_passed', count: 1, ids: ['leg:640/main'] },
      says: 'A copy may have arrived, and TikTok would count another.',
    },
  ],
  dry: true,
};
