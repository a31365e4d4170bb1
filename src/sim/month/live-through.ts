import { Pool } from 'undici';
import { TWIN, type TwinProcess } from '../twin/client.ts';
import { batch, beacon } from '../world/wire.ts';
import type { Keys, Request } from './message.ts';
import type { Plan, Tick } from './plan.ts';
import { contextOf, pageHeaders } from './shop.ts';
import type { Story } from './story.ts';

/** A running collector whose clock can be set. */
export interface Collector {
  /** the doors, as the world reaches them */
  url: string;
  keys: Keys;
  /** Sets its clock, and resolves once all that is then due is decided and sent. */
  clock(now: number): Promise<void>;
}

export interface Passed {
  /** messages sent so far */
  sent: number;
  of: number;
  /** the month's time, UTC ms */
  now: number;
}

/** The rule's delay, and some more: what was confirmed in a tick has left when it is over. */
const RELEASE_MS = 10_000;
const AT_ONCE = 64;

/** Sends a month to a collector, tick by tick on both clocks. Throws where a door answers what it should not. */
export async function liveThrough(
  { ticks }: Plan,
  world: { collector: Collector; twin: TwinProcess; passed?(so: Passed): void },
): Promise<void> {
  const { collector, twin } = world;
  const doors = openDoors(collector.url);
  const pages = openDoors(twin.url);
  const of = ticks.reduce((sum, { rows }) => sum + rows.flat().length, 0);
  let sent = 0;
  try {
    for (const tick of ticks) {
      const clock = async (now: number): Promise<void> => {
        await twin.clock({ now });
        await collector.clock(now);
      };
      await clock(tick.at);
      const open = await arrive(tick, collector.keys, doors);
      await clock(tick.at + RELEASE_MS);
      await each(open, (page) => askHandout(page, tick.at + RELEASE_MS, collector.keys, doors, pages));
      sent += tick.rows.flat().length;
      world.passed?.({ sent, of, now: tick.at });
    }
    const last = ticks.at(-1)?.at ?? 0;
    await twin.clock({ now: last + 2 * RELEASE_MS });
    await collector.clock(last + 2 * RELEASE_MS);
  } finally {
    await Promise.all([doors.close(), pages.close()]);
  }
}

/** A thank-you page that is open, with what it asks for its handout by. */
interface OpenPage {
  story: Story;
  capability: string;
}

/** What one order's senders tell comes in its order; the orders come at once. */
async function arrive({ at, rows }: Tick, keys: Keys, doors: Doors): Promise<OpenPage[]> {
  const open: OpenPage[] = [];
  await each(rows, async (row) => {
    for (const { message } of row) {
      const request = message.write(at, keys);
      const { status, body } = await doors.post(request);
      if (status !== message.wants)
        throw new Error(`${request.path} answered ${status} and not ${message.wants}: ${body}\n${request.body}`);
      const { creates: story } = message;
      if (story?.stays) open.push({ story, capability: (JSON.parse(body) as { handout: string }).handout });
    }
  });
  return open;
}

/** The page asks twice, as one does that is loaded again, and fires whenever it is told to. */
async function askHandout(
  { story, capability }: OpenPage,
  now: number,
  keys: Keys,
  doors: Doors,
  pages: Doors,
): Promise<void> {
  for (const load of [1, 2]) {
    const { body } = await doors.get(`/v1/handouts/${capability}`, pageHeaders(story));
    const answer = JSON.parse(body) as { fire: boolean; event: string; event_id: string; properties: object };
    if (!answer.fire) continue;
    const { event, event_id: eventId, properties } = answer;
    const context = contextOf(story);
    const fired = beacon(context, TWIN.pixel, now, `${story.n}-${load}`, event, eventId, { ...properties });
    await pages.post({ path: '/api/v2/pixel', headers: pageHeaders(story), body: fired });
    const report = [['fired', capability, eventId, now / 1000]];
    const told = batch(context, { writeKey: keys.write, specVersion: 1 }, now, report);
    await doors.post({ path: '/v1/events', headers: pageHeaders(story), body: told });
  }
}

async function each<T>(all: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await run(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

interface Doors {
  post(request: Request): Promise<{ status: number; body: string }>;
  get(path: string, headers: Record<string, string>): Promise<{ status: number; body: string }>;
  close(): Promise<void>;
}

/** Connections that are kept: a month makes a hundred thousand requests. */
function openDoors(url: string): Doors {
  const pool = new Pool(url, { connections: AT_ONCE });
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<{ status: number; body: string }> => {
    const answer = await pool.request({ method, path, headers, ...(body === undefined ? {} : { body }) });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
  return {
    post: ({ path, headers, body }) => ask('POST', path, headers, body),
    get: (path, headers) => ask('GET', path, headers),
    close: () => pool.close(),
  };
}
