import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Checked, Result } from './comparison.ts';
import { checkOlistLeads } from './olist-leads.ts';
import { checkOlistOrders } from './olist-orders.ts';
import { checkPaths } from './paths.ts';
import type { Progress } from './progress.ts';
import { checkRetail } from './retail.ts';
import { type FoundSet, findSets, type SetName } from './sets.ts';

/** What the sets of a folder came to. */
export interface DataChecked {
  ok: boolean;
  sets: Checked[];
  /** sets of which the folder has no file */
  missing: SetName[];
}

/** Checks every set that a folder has, each against a collector of its own. Throws where it has none. */
export async function checkData(folder: string, say: Progress): Promise<DataChecked> {
  const { found, missing } = findSets(namesIn(folder));
  if (found.length === 0) throw new Error(`${folder} has none of the sets ${missing.join(', ')}: nothing was checked.`);
  const sets: Checked[] = [];
  for (const one of found) sets.push(await checked(one, folder, say));
  return { ok: sets.every(({ ok }) => ok), sets, missing };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new Error(`${folder} can’t be read: give the folder of the data with --data.`, { cause: error });
  }
}

async function checked({ set, files, lacks }: FoundSet, folder: string, say: Progress): Promise<Checked> {
  const started = performance.now();
  const paths = Object.fromEntries(Object.entries(files).map(([role, name]) => [role, join(folder, name ?? '')]));
  const result =
    lacks.length > 0
      ? faulty(`without ${lacks.join(' and ')} it can’t be checked`)
      : await check(set, paths, say).catch((error: unknown) =>
          faulty(error instanceof Error ? error.message : String(error)),
        );
  return {
    ...{ set, files: Object.values(files).filter((name) => name !== undefined) },
    ...result,
    ok: result.problems.length === 0 && result.figures.length > 0 && result.figures.every(({ ok }) => ok),
    seconds: (performance.now() - started) / 1000,
  };
}

function faulty(problem: string): Result {
  return { figures: [], notes: [], problems: [problem] };
}

/** The files that a set must have are there: that was looked at when it was found. */
function check(set: SetName, files: Record<string, string>, say: Progress): Promise<Result> {
  const { lines = '', truth = '', orders = '', payments = '', items, leads = '', deals = '', paths = '' } = files;
  switch (set) {
    case 'Online Retail':
      return checkRetail({ lines, truth }, say);
    case 'Olist orders':
      return checkOlistOrders({ orders, payments, truth, ...(items === undefined ? {} : { items }) }, say);
    case 'Olist leads':
      return checkOlistLeads({ leads, deals, truth }, say);
    case 'Path data':
      return checkPaths({ paths, truth }, say);
  }
}
