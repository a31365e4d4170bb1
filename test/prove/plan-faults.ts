import { HOUR, MINUTE, SECOND } from '../../src/event/time.ts';
import type { Chance } from '../../src/sim/world/random.ts';
import type { Act } from './plan.ts';
import type { Variant } from './variant.ts';

const FAULTS_MAX = 14;
const NET = ['unsent', 'lostBefore', 'lostAfter', 'lostAfter', 'twice', 'late', 'slow'] as const;
/** Throttles, tokens, failures, and answers that leave it open. */
const CODES = [40016, 40100, 40132, 40102, 40105, 40001, 40050, 50000, 50002, 60001, 40002, 99999] as const;

/** What goes wrong around these stories. A few seeds have no fault at all. */
export function faultsOf(luck: Chance, variant: Variant, stories: readonly Act[]): Act[] {
  const moments = stories.map(({ at }) => at);
  const faults: Act[] = [];
  for (let left = luck.between(0, FAULTS_MAX); left > 0; left--) {
    const near = moments[luck.between(0, moments.length - 1)] ?? 0;
    faults.push(...fault(luck, Math.max(0, near + luck.between(-500, 3000)), variant));
  }
  return faults;
}

function fault(luck: Chance, at: number, variant: Variant): Act[] {
  const kind = luck.next();
  const brief = luck.pick([SECOND, 10 * SECOND, 2 * MINUTE, 20 * MINUTE]);
  if (kind < 0.28) return [crash(luck, at)];
  if (kind < 0.5) {
    const what = luck.pick(NET);
    const ms = luck.pick([2 * SECOND, 30 * SECOND, 4 * MINUTE]);
    return [{ at, do: 'net', what, requests: luck.pick([1, 1, 2, 5, 20]), ms }];
  }
  if (kind < 0.7) {
    const what = luck.pick(['http502', 'code', 'code', 'partial'] as const);
    return [{ at, do: 'twin', what, code: luck.pick(CODES), requests: luck.pick([1, 1, 2, 8]) }];
  }
  if (kind < 0.77) return [{ at, do: 'full', forMs: brief }];
  if (kind < 0.83) return [{ at, do: 'lag', forMs: luck.in(0.1) ? 49 * HOUR : brief }];
  if (kind < 0.9) {
    const whose = luck.pick(['ours', 'ours', 'twin'] as const);
    const offsetMs = luck.pick([-10, 10]) * MINUTE;
    return [
      { at, do: 'clock', whose, offsetMs },
      { at: at + luck.pick([MINUTE, HOUR, 50 * HOUR]), do: 'clock', whose, offsetMs: 0 },
    ];
  }
  if (kind < 0.96) {
    const destination = luck.pick(variant.destinations as [Variant['destinations'][number]]).id;
    return [{ at, do: 'token', destination, forMs: luck.pick([MINUTE, 30 * MINUTE, 49 * HOUR]) }];
  }
  return [{ at, do: 'throttle', limit: 1, forMs: brief }];
}

function crash(luck: Chance, at: number): Act {
  const downMs = luck.pick([0, SECOND, SECOND, MINUTE, MINUTE, 49 * HOUR]);
  return { at, do: 'crash', calls: luck.between(1, 12), written: luck.in(0.5), downMs };
}
