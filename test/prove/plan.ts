import { type Chance, chance, mixSeed } from '../../src/sim/world/random.ts';
import type { NewRecord } from '../../src/store/journal.ts';
import { faultsOf } from './plan-faults.ts';
import { storiesOf } from './stories.ts';
import { type Variant, variantOf } from './variant.ts';

/** What the doors take in: everything of a record but the moment of its receipt. */
export type Told = Omit<NewRecord, 'receivedAt' | 'keyId'>;

/** One thing that happens to the system, or goes wrong around it. Plain data, so that a plan can be shrunk and shown. */
export type Act = {
  /** real ms after the beginning */
  at: number;
} & (
  | { do: 'tell'; told: Told }
  /** a page fires the pixel by itself; `lost` on the way */
  | { do: 'fire'; event: string; eventId: string; properties: Told['body']; lost: boolean }
  /** a page with a capability asks for its handout after each of `asks` ms, and fires when it is told to */
  | { do: 'visit'; order: string; capability: string; asks: number[]; thinkMs: number; lost: boolean; reports: boolean }
  | { do: 'activate'; variant: Variant }
  /** an operator sends again whatever was given up */
  | { do: 'replay' }
  /** the process ends at its `calls`-th call of a store from now: before it, or when it is `written` and not yet known */
  | { do: 'crash'; calls: number; written: boolean; downMs: number }
  /** nothing can be written */
  | { do: 'full'; forMs: number }
  /** admission does not run */
  | { do: 'lag'; forMs: number }
  | { do: 'clock'; whose: 'ours' | 'twin'; offsetMs: number }
  | { do: 'net'; what: NetFault; requests: number; ms: number }
  | { do: 'twin'; what: 'http502' | 'code' | 'partial'; code: number; requests: number }
  | { do: 'token'; destination: string; forMs: number }
  /** TikTok takes this many requests a second */
  | { do: 'throttle'; limit: number; forMs: number }
);

/** No connection; lost on the way there; answer lost; sent twice; arrives after we gave up; answered late. */
export type NetFault = 'unsent' | 'lostBefore' | 'lostAfter' | 'twice' | 'late' | 'slow';

export interface Plan {
  seed: number;
  /** the stores are files */
  onDisk: boolean;
  variant: Variant;
  acts: Act[];
}

const TOLD_MIN = 105;
const ON_DISK_EVERY = 50;

/** What happens under a seed: the same for ever. */
export function planOf(seed: number): Plan {
  const luck: Chance = chance(mixSeed(seed, 1));
  const variant = variantOf(luck);
  const stories = storiesOf(luck, variant, TOLD_MIN);
  const acts = [...stories, ...faultsOf(luck, variant, stories)].sort((a, b) => a.at - b.at);
  return { seed, onDisk: seed % ON_DISK_EVERY === 0, variant, acts };
}

/** Things that go wrong, as against things that happen. */
export function isFault(act: Act): boolean {
  return act.do !== 'tell' && act.do !== 'fire' && act.do !== 'visit' && act.do !== 'activate' && act.do !== 'replay';
}
