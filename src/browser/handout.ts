import type { HandoutAnswer, OrderReceipt, WireOrder } from '../api/wire.ts';
import { pause } from './client.ts';
import { read, write } from './drawer.ts';
import { callPixel, pixelState } from './pixel.ts';
import { enqueue, request } from './queue.ts';

/** An order whose pixel copy may still come: with its capability, or with the body that asks for one. */
export interface OpenOrder {
  handout?: string;
  body?: WireOrder;
}

const ORDERS_MAX = 8;
/** 48 hours */
const OPEN_MS = 172_800_000;
const WAIT_SECONDS = 25;
const CHECK_MS = 100;
const STEP_MS = 1000;
const PAUSE_MS_MAX = 30_000;
// An order that was only just placed may be unknown for a moment.
const UNKNOWN_TRIES_MAX = 4;

/** Remembers an order and asks for its handout, placing it first where it has no capability. */
export function openOrder(id: string, order: OpenOrder): Promise<void> {
  store(id, order);
  return follow(id, 1);
}

/** Goes on with the orders that this visitor's pages opened. */
export function resumeOrders(): void {
  for (const id of Object.keys(stored()).slice(-ORDERS_MAX)) void follow(id, 1);
}

/** One request for the order, and a later one unless it is done with. A hidden page asks nothing. */
async function follow(id: string, tries: number): Promise<void> {
  const order = stored()[id];
  if (!order) return;
  if (!document.hidden && (await step(id, order, tries).catch(() => {}))) store(id);
  setTimeout(follow, Math.min(tries * STEP_MS, PAUSE_MS_MAX), id, tries + 1);
}

/** Is the order done with? */
async function step(id: string, { handout, body }: OpenOrder, tries: number): Promise<boolean> {
  if (!handout) {
    const response = await request('orders', JSON.stringify(body));
    if (response.ok) store(id, { handout: ((await response.json()) as OrderReceipt).handout });
    return !response.ok;
  }
  const response = await request(`handouts/${handout}?wait=${WAIT_SECONDS}`);
  if (!response.ok) return tries > UNKNOWN_TRIES_MAX;
  const answer = (await response.json()) as HandoutAnswer;
  if (!answer.fire) return !answer.again;
  const deadline = Date.now() + answer.fire_in;
  while (pixelState === 'unknown' && Date.now() < deadline) await pause(CHECK_MS);
  // A call that waits in the pixel's queue would have no deadline any more.
  if (pixelState === 'loaded' && Date.now() < deadline) {
    // The collector gives a handout once, so no other tab fires it.
    const { event_id } = answer;
    callPixel('track', answer.event, answer.properties, { event_id, pixel_code: answer.pixel });
    enqueue('reports', { type: 'fired', handout, event_id });
  }
  return true;
}

function stored(): Record<string, OpenOrder> {
  return read('orders') ?? {};
}

function store(id: string, order?: OpenOrder): void {
  write('orders', { ...stored(), [id]: order }, OPEN_MS);
}
