import { isDeepStrictEqual } from 'node:util';
import { ruleFor } from '../spec/default.ts';
import type { Spec } from '../spec/spec.ts';
import type { Statement } from '../store/warehouse.ts';
import type { Model, Policy } from './policy.ts';

/** By what credits are earned, and their days are counted. */
export interface Rules {
  model: Model;
  policy: Policy;
  /** IANA name */
  timezone: string;
}

export function rulesOf({ attribution, business }: Spec): Rules {
  const { click, engagedView, view, precedence, count, halfLife, model, timezone } = attribution;
  return {
    model,
    policy: { windows: { click, engagedView, view }, precedence, count, halfLife },
    timezone: timezone ?? business.timezone,
  };
}

/** A statement by these rules, up to `change`. */
export function statementBy(
  { model, policy, timezone }: Rules,
  is: Pick<Statement, 'statement' | 'role' | 'specVersion' | 'asOf' | 'change'>,
): Statement {
  const { windows, precedence, count, halfLife } = policy;
  return { ...is, model, windows: { ...windows }, precedence: [...precedence], count, halfLife, timezone };
}

/** Was the statement made by these rules? A half-life that the model does not read is no difference. */
export function isBy(statement: Statement, { model, policy, timezone }: Rules): boolean {
  const { windows, precedence, count, halfLife } = statement;
  return (
    statement.model === model &&
    statement.timezone === timezone &&
    (model !== 'decay' || halfLife === policy.halfLife) &&
    isDeepStrictEqual({ windows, precedence, count }, pick(policy))
  );
}

function pick({ windows, precedence, count }: Policy): object {
  return { windows, precedence, count };
}

/** Do two specs make the same facts of the same records? */
export function sameFacts(a: Spec, b: Spec): boolean {
  return isDeepStrictEqual(factRules(a), factRules(b));
}

/** Do they say the same of every conversion? */
export function sameFigures(a: Spec, b: Spec): boolean {
  return sameFacts(a, b) && isDeepStrictEqual(rulesOf(a), rulesOf(b));
}

function factRules(spec: Spec): object {
  const { conversions, match, sharedBy } = spec.attribution;
  return {
    conversions: [...conversions].sort(),
    match: [...match].sort(),
    sharedBy,
    domains: [...spec.sites.domains].sort(),
    parameters: [...spec.sites.urlParameters].sort(),
    awaited: [...conversions].sort().filter((name) => ruleFor(spec, name).confirm !== 'none'),
  };
}

/**
 * The version by which the newest spec's figures are known: the first of those since which nothing changed that they rest
 * on. `specs` are all versions, oldest first.
 */
export function versionOf(specs: readonly Spec[]): number {
  const newest = specs.at(-1) as Spec;
  let version = newest.version;
  for (const spec of specs.toReversed()) {
    if (!sameFigures(spec, newest)) break;
    version = spec.version;
  }
  return version;
}
