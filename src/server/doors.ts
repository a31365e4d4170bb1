import { carryRoutes } from './doors/carry.ts';
import { entryRoutes } from './doors/entries.ts';
import { eventRoutes } from './doors/events.ts';
import { type DoorParts, doorFrame } from './doors/frame.ts';
import { handoutRoutes } from './doors/handouts.ts';
import { hookRoutes } from './doors/hooks.ts';
import { importRoutes } from './doors/import.ts';
import { leadRoutes } from './doors/leads.ts';
import { orderRoutes } from './doors/orders.ts';
import { scriptRoutes } from './doors/script.ts';
import { serverRoutes } from './doors/server-events.ts';
import { touchRoutes } from './doors/touches.ts';
import type { Route } from './http.ts';

/** The public listener: authenticate, bound, hash, write down, answer. Nothing else happens in a request. */
export function doorRoutes(parts: DoorParts): Route[] {
  const frame = doorFrame(parts);
  return [
    scriptRoutes,
    eventRoutes,
    serverRoutes,
    importRoutes,
    orderRoutes,
    entryRoutes,
    handoutRoutes,
    leadRoutes,
    touchRoutes,
    carryRoutes,
    hookRoutes,
  ].flatMap((routes) => routes(frame));
}
