import type { Plan } from './plan.ts';

/** More tries than this take minutes, and the list is short by then. */
const TRIES_MAX = 400;

/** A part of the plan that still fails, with as few acts as delta debugging finds. `fails` lives through a plan. */
export async function shrunk(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let tries = 0;
  let best = plan;
  const isSmaller = async (candidate: Plan): Promise<boolean> => {
    if (tries++ >= TRIES_MAX || !(await fails(candidate))) return false;
    best = candidate;
    return true;
  };
  if (plan.onDisk) await isSmaller({ ...plan, onDisk: false });
  for (let size = Math.ceil(best.acts.length / 2); size >= 1 && tries < TRIES_MAX; ) {
    let hasShrunk = false;
    for (let at = 0; at < best.acts.length && tries < TRIES_MAX; )
      if (await isSmaller({ ...best, acts: best.acts.toSpliced(at, size) })) hasShrunk = true;
      else at += size;
    // The last size again, until nothing goes any more: what seemed needed may have been needed by what is gone.
    if (size > 1 || !hasShrunk) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return best;
}
