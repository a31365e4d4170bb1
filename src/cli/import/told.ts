import { createHash } from 'node:crypto';
import type { WireEvent } from '../../api/wire.ts';
import type { Problem } from '../../event/problem.ts';
import { type Bag, type Said, saidByCells, saidByObject } from './cells.ts';
import type { Column } from './columns.ts';

/** What holds for every row that says nothing else. */
export type Defaults = Pick<WireEvent, 'source'> & { event?: string; consent?: 'granted' | 'denied' | 'unknown' };

/** An event, and what is wrong with its row. */
export interface EventTold {
  told: WireEvent;
  problems: Problem[];
}

/** The event that a line of cells stands for. */
export function eventOfCells(cells: readonly string[], columns: readonly Column[], defaults: Defaults): EventTold {
  return finished(saidByCells(cells, columns), defaults);
}

/** The event of a JSON line. */
export function eventOfObject(object: unknown, defaults: Defaults): EventTold {
  const said = saidByObject(object, '{"event":"Purchase",…}');
  return said.problems.length > 0 ? { told: { event: '' }, problems: said.problems } : finished(said, defaults);
}

function finished({ bag, problems }: Said, defaults: Defaults): EventTold {
  const whole: Bag = { ...defaults, ...bag };
  if (typeof whole['event'] !== 'string' || whole['event'] === '')
    problems.push({
      code: 'row',
      where: 'event',
      what: 'is missing',
      fix: 'add a column event, or say --event Purchase',
    });
  const told = whole as unknown as WireEvent;
  // A Purchase has its id from its order, here as on every other way.
  const ofOrder = told.event === 'Purchase' && told.properties?.['order_id'] !== undefined;
  if (told.event_id === undefined && !ofOrder) told.event_id = derivedId(whole);
  return { told, problems };
}

/** The same row gets the same id at every import, so a repeat changes nothing. */
function derivedId(event: object): string {
  return `import-${createHash('sha256')
    .update(JSON.stringify(inOrder(event)))
    .digest('hex')
    .slice(0, 32)}`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, inOrder(inner)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
