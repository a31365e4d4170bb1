import type { Change, Changed, KeyOf } from '../store/changes.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Place } from '../store/warehouse.ts';
import type { ChangedKeys } from './facts/known-rows.ts';

/** Commits of the ledger that are read together, and rows: so much one transaction of the warehouse costs about the same. */
const CHANGES_MAX = 500;
const ROWS_MAX = 5000;
/** The same while everything is read, and nobody waits for figures of the last second. */
const PAGE_ROWS = 20_000;

/** Was the warehouse made from this ledger, so that it can be brought up to it? One that was never filled was not. */
export async function follows(
  { change, offset }: Place,
  reader: Pick<LedgerReader, 'changes' | 'lastChange' | 'offset'>,
): Promise<boolean> {
  if (offset === 0 || offset > (await reader.offset())) return false;
  const [next] = await reader.changes(Math.max(0, change - 1), 1);
  if (change === 0) return next === undefined || next.n === 1;
  return next?.n === change && next.offset === offset;
}

/** The changes after `after` that go into one transaction. A spec ends them: what came before it was counted by the one before. */
export async function nextChanges(reader: Pick<LedgerReader, 'changes'>, after: number): Promise<Change[]> {
  return untilSpec(await reader.changes(after, CHANGES_MAX));
}

function untilSpec(changes: Change[]): Change[] {
  const spec = changes.findIndex(({ specs }) => specs.length > 0);
  let rows = 0;
  const full = changes.findIndex(({ events, orders, touches }) => {
    rows += events.length + orders.length + touches.length;
    return rows >= ROWS_MAX;
  });
  const ends = [spec, full].filter((place) => place >= 0);
  return changes.slice(0, Math.min(changes.length, ...ends.map((place) => place + 1)));
}

/** The keys of some changes, each once. */
export function merged(changes: readonly Changed[]): ChangedKeys {
  const orders = changes.flatMap((change) => change.orders);
  return {
    events: [...new Set(changes.flatMap(({ events }) => events))],
    orders: [...new Map(orders.map((order) => [JSON.stringify([order.shop, order.orderId]), order])).values()],
    leads: [...new Set(changes.flatMap(({ leads }) => leads))],
    touches: [...new Set(changes.flatMap(({ touches }) => touches))],
    adReports: [...new Set(changes.flatMap(({ adReports }) => adReports))],
  };
}

/** The keys of all rows of the ledger, in pages. */
export async function* allKeys(reader: Pick<LedgerReader, 'keysFrom'>): AsyncGenerator<ChangedKeys> {
  for (const what of ['events', 'orders', 'leads', 'touches', 'adReports'] as const)
    for await (const keys of pages(what, reader)) yield { ...NO_KEYS, [what]: keys };
}

async function* pages<What extends keyof KeyOf>(
  what: What,
  reader: Pick<LedgerReader, 'keysFrom'>,
): AsyncGenerator<KeyOf[What][]> {
  for (let after: KeyOf[What] | undefined; ; ) {
    const keys = await reader.keysFrom(what, after, PAGE_ROWS);
    if (keys.length > 0) yield keys;
    if (keys.length < PAGE_ROWS) return;
    after = keys.at(-1);
  }
}

const NO_KEYS: ChangedKeys = { events: [], orders: [], leads: [], touches: [], adReports: [] };
