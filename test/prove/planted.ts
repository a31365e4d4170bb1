import type { Admission } from '../../src/admission/run.ts';
import type { Ledger, LedgerReader } from '../../src/store/ledger.ts';
import type { Surroundings } from '../../src/transport/dispatch.ts';
import type { Engine } from './engine.ts';

/** Where a bug can be planted: between the parts, never in them. */
export interface Planted {
  engine(engine: Engine): Engine;
  /** admission's ledger */
  ledger(ledger: Ledger): Ledger;
  admission(admission: Admission): Admission;
  /** transport's view of the ledger */
  reader(reader: LedgerReader): LedgerReader;
  handoutReader(reader: LedgerReader): LedgerReader;
  post(post: Surroundings['post']): Surroundings['post'];
}

export const NOTHING: Planted = {
  engine: (engine) => engine,
  ledger: (ledger) => ledger,
  admission: (admission) => admission,
  reader: (reader) => reader,
  handoutReader: (reader) => reader,
  post: (post) => post,
};
