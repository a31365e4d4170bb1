import type { HandoutAnswer, OrderReceipt, WireOrder } from '../api/wire.ts';
import { now } from './client.ts';
import { names, read, remove, write } from './drawer.ts';
import { fire, pixelState } from './pixel.ts';
import { report, request } from './queue.ts';

/** An order whose pixel copy may still come: its capability, or the body that asks for one. */
type OpenOrder = string | PlacedOrder;
type PlacedOrder = Omit<WireOrder, 'key'>;
type Handout = Extract<HandoutAnswer, { fire: true }>;

const KIND = 'assay:order.';
/** 48 hours */
const OPEN_SECONDS = 172_800;
const WAIT_SECONDS = 25;
const PAUSE_MS = 2000;
/** the pixel's script is awaited by looking */
const LOOK_MS = 100;

/** Remembers an order and asks for its handout, placing it first where it has no capability. */
export function openOrder(id: string, order: OpenOrder): Promise<void> {
  const name = KIND + id;
  write(name, order, OPEN_SECONDS);
  return follow(name);
}

/** Goes on with the orders that this visitor's pages opened. */
export function resumeOrders(): void {
  names(KIND).forEach(follow as (name: string) => unknown);
}

/** One request for the order, and a later one unless it is done with. A hidden page asks for no handout. */
async function follow(name: string): Promise<void> {
  const order = read<OpenOrder>(name);
  if (!order) return;
  if ((order as PlacedOrder).time) {
    const receipt = await request<OrderReceipt>('orders', order as PlacedOrder);
    // A refusal has no handout, which ends it.
    if (receipt) write(name, receipt.handout, OPEN_SECONDS);
    // A call that waits in the pixel's queue would have no deadline any more.
  } else if (pixelState === 'loaded' && !document.hidden) {
    const answer = (await request(`handouts/${order}?wait=${WAIT_SECONDS}`)) as Handout | undefined;
    if (answer && answer.fire_in > 0) {
      // The collector gives a handout once, so no other tab fires it.
      fire(answer.event, answer.properties, answer.event_id, answer.pixel);
      report(['fired', order as string, answer.event_id, now()]);
    }
    if (answer && !answer.again) remove(name);
  }
  setTimeout(follow, pixelState === 'unknown' ? LOOK_MS : PAUSE_MS, name);
}
