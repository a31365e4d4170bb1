import type { Problem } from '../event/problem.ts';

/** The parameters of a question, as they are read; what is wrong with them gathers in `problems`. */
export interface QueryText {
  problems: Problem[];
  /** A parameter's text; one that is empty is none, and so is one that is too long, with a problem. */
  text(name: string, charsMax?: number): string | undefined;
}

/** Names that are not among `known`, and those that are there twice, are problems at once. */
export function openQuery(query: URLSearchParams, known: readonly string[], charsMax: number): QueryText {
  const problems: Problem[] = [];
  for (const name of new Set(query.keys())) {
    if (!known.includes(name))
      problems.push({
        ...{ code: 'query_unknown', where: name.slice(0, 40), what: 'there is no such parameter' },
        fix: `use ${known.join(', ')}`,
      });
    else if (query.getAll(name).length > 1)
      problems.push({ code: 'query_twice', where: name, what: 'it is there more than once', fix: 'ask for one' });
  }
  return {
    problems,
    text(name, most = charsMax) {
      const value = query.get(name) ?? '';
      if (value.length <= most) return value === '' ? undefined : value;
      problems.push({
        ...{ code: 'query_long', where: name, what: `it has ${value.length} characters` },
        fix: `use at most ${most}`,
      });
      return undefined;
    },
  };
}
