import { AssayError } from '../event/error.ts';
import { type Carried, NOTHING_CARRIED, openCarried } from '../store/care/carried.ts';
import { mayPass } from '../store/duckdb/engine.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { noCredits } from '../store/warehouse.ts';

/**
 * Opens the warehouse of before in a folder. Where it can't be read, or from some place on can't, `lost` hears once why, and it
 * says nothing more. What may pass, such as a lack of memory, is thrown.
 */
export async function openBefore(
  folder: string,
  reader: Pick<LedgerReader, 'load'>,
  lost: (why: string) => void,
): Promise<Carried | undefined> {
  let isLost = false;
  async function orNothing<T>(work: () => Promise<T>, nothing: T): Promise<T> {
    try {
      return isLost ? nothing : await work();
    } catch (error) {
      if (!(error instanceof AssayError) || !NEVER.includes(error.code) || mayPass(error)) throw error;
      isLost = true;
      lost(error.message);
      return nothing;
    }
  }
  const carried = await orNothing<Carried | undefined>(() => openCarried(folder, reader), undefined);
  if (!carried) return undefined;
  return {
    ...carried,
    toldBy: (seqs) => orNothing(() => carried.toldBy(seqs), NOTHING_CARRIED),
    credits: (statement) => orNothing(() => carried.credits(statement), noCredits()),
    closed: (before) => orNothing(() => carried.closed(before), { credits: noCredits(), reach: noReach() }),
  };
}

const NEVER = ['warehouse_unreadable', 'warehouse_foreign', 'store_newer'];

function noReach(): Awaited<ReturnType<Carried['closed']>>['reach'] {
  const none = (): Float64Array => new Float64Array(0);
  return {
    ...{ conversion: none(), click: none(), clickAge: none(), engagedView: none(), engagedViewAge: none() },
    ...{ view: none(), viewAge: none() },
  };
}
