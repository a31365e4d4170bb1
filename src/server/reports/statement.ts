import type { StatementAnswer } from '../../api/attribution.ts';
import type { Stand } from '../../api/books.ts';
import { durationText } from '../../event/time.ts';
import type { Statement } from '../../store/warehouse.ts';
import { type Answered, HttpProblem, problem } from '../http.ts';
import { type ReadAsked, windowText } from './asked.ts';
import type { AttributionSource } from './source.ts';

/** The statement that a question is answered from. Throws the answer where there is none yet, or none of that number. */
export async function statementFor(
  source: AttributionSource,
  { asked, rules }: Pick<ReadAsked, 'asked' | 'rules'>,
): Promise<Statement> {
  if (asked.statement === undefined) {
    await standing(source);
    return await source.statementOf(rules);
  }
  const found = (await source.statements()).find(({ statement }) => statement === asked.statement);
  if (found) return found;
  const says = `There is no statement ${asked.statement}. Those that were asked for are kept for a while only.`;
  throw new HttpProblem(problem(404, 'statement_unknown', says));
}

/** The statement of the active spec. */
export async function standing(source: AttributionSource): Promise<Statement> {
  const all = await source.statements();
  const found = all.filter(({ role }) => role === 'standing').sort((a, b) => b.statement - a.statement)[0];
  if (found) return found;
  throw new HttpProblem(notReady());
}

export function notReady(): Answered {
  const says = 'Attribution is being computed. /readyz says how far it is; ask again in a moment.';
  return problem(503, 'attribution_not_ready', says, [], { 'retry-after': '5' });
}

export function statementAnswer(statement: Statement): StatementAnswer {
  const { windows, halfLife, ...rest } = statement;
  return {
    ...{ statement: rest.statement, role: rest.role, specVersion: rest.specVersion, model: rest.model },
    windows: {
      click: windowText(windows.click),
      engagedView: windowText(windows.engagedView),
      view: windowText(windows.view),
    },
    ...{ precedence: [...rest.precedence], count: rest.count, halfLife: durationText(halfLife) },
    ...{ timezone: rest.timezone, asOf: rest.asOf },
  };
}

export function standOf({ asOf, specVersion, timezone }: Statement): Stand {
  return { asOf, specVersion, timezone };
}
