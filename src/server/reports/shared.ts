import type { SharedIdentifiersAnswer } from '../../api/attribution.ts';
import type { Spec } from '../../spec/spec.ts';
import { identifierShown } from './path.ts';
import type { AttributionSource } from './source.ts';
import { standing, standOf } from './statement.ts';

const IDENTIFIERS_MAX = 100;

/** Identifiers that tie nobody because too many visitors came with them. */
export async function sharedAnswer(
  source: AttributionSource,
  { attribution: { sharedBy } }: Pick<Spec, 'attribution'>,
): Promise<SharedIdentifiersAnswer> {
  const statement = await standing(source);
  const { count, most } = await source.reports.shared(IDENTIFIERS_MAX);
  return {
    ...standOf(statement),
    ...{ sharedBy, count },
    identifiers: most.map(({ kind, value, visitors }) => ({
      kind,
      value: identifierShown(kind, value),
      visitors,
    })),
  };
}
