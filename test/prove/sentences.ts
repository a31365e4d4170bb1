import { durationText, SECOND } from '../../src/event/time.ts';
import type { Act, NetFault, Plan, Told } from './plan.ts';
import type { Variant } from './variant.ts';

/** The plan as a numbered list that a person can follow. */
export function sentences({ variant, onDisk, acts }: Plan): string[] {
  return [
    `The spec: ${variantText(variant)}. The stores are ${onDisk ? 'files' : 'in memory'}.`,
    ...acts.map((act, n) => `${String(n + 1).padStart(3)}. at ${timeText(act.at)} ${actText(act)}`),
  ];
}

function variantText({ consent, confirm, confirmAt, timeOf, guarded, delay, destinations }: Variant): string {
  const to = destinations
    .map(({ id, eventNames, crm }) => `${id} (${eventNames} names${crm ? '' : ', no CRM'})`)
    .join(', ');
  const kind = guarded ? `guarded, confirmed by ${confirm} ${confirmAt}` : 'unguarded';
  return `consent ${consent}; Purchase ${kind}, time of ${timeOf}, delay ${delay}; to ${to}`;
}

function actText(act: Act): string {
  switch (act.do) {
    case 'tell':
      return toldText(act.told);
    case 'fire':
      return `a page fires ${act.event} ${act.eventId}${act.lost ? ', which is lost' : ''}`;
    case 'visit':
      return `a page asks for the handout of ${act.order} ${act.asks.length} times, from ${act.asks[0]} ms on`;
    case 'activate':
      return `a spec becomes active: ${variantText(act.variant)}`;
    case 'replay':
      return 'an operator sends again whatever was given up';
    case 'crash':
      return `the process ends ${act.written ? 'after' : 'before'} its call ${act.calls} of a store, and is back after ${durationText(act.downMs)}`;
    case 'full':
      return `the disk is full for ${durationText(act.forMs)}`;
    case 'lag':
      return `admission stands still for ${durationText(act.forMs)}`;
    case 'clock':
      return `${act.whose === 'ours' ? 'our' : 'the twin’s'} clock is off by ${act.offsetMs} ms`;
    case 'net':
      return `the next ${act.requests} requests ${NET[act.what]} (${durationText(act.ms)})`;
    case 'twin':
      return `the twin answers the next ${act.requests} requests with ${act.what === 'code' ? `code ${act.code}` : act.what}`;
    case 'token':
      return `the token of ${act.destination} is wrong for ${durationText(act.forMs)}`;
    case 'throttle':
      return `the twin takes ${act.limit} requests a second for ${durationText(act.forMs)}`;
  }
}

const NET: Readonly<Record<NetFault, string>> = {
  unsent: 'find no connection',
  lostBefore: 'are lost on their way',
  lostAfter: 'arrive, and their answers are lost',
  twice: 'arrive twice',
  late: 'arrive after we have given them up',
  slow: 'are answered late',
};

function toldText({ kind, door, body }: Told): string {
  const { event, event_id: id, order_id: order, lead_id: lead, status, fact, amount, choice, pixel, draft } = body;
  const what = [draft ? 'draft' : '', event ?? fact ?? status ?? choice ?? '', id ?? order ?? lead ?? '', amount ?? ''];
  return `${door} tells ${kind} ${what.filter((word) => word !== '').join(' ')}${pixel === undefined ? '' : `, pixel ${String(pixel)}`}`;
}

/** `49h 00:12.345`: whole hours, then minutes and seconds. */
function timeText(ms: number): string {
  const [hours, rest] = [Math.floor(ms / 3_600_000), ms % 3_600_000];
  const [minutes, seconds] = [Math.floor(rest / 60_000), (rest % 60_000) / SECOND];
  return `${hours}h ${String(minutes).padStart(2, '0')}:${seconds.toFixed(3).padStart(6, '0')}`;
}
