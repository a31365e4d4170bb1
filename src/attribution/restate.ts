import type { Spec } from '../spec/spec.ts';
import { noFacts, type Statement } from '../store/warehouse.ts';
import { everybody } from './everybody.ts';
import type { Figures, FiguresParts } from './figures.ts';
import { type ReadAllParts, readAll } from './read-all.ts';
import { sameFacts } from './statement.ts';

/** Under a spec that counts otherwise, figures are made anew and stand beside those before. */
export async function restate(
  figures: Figures,
  parts: ReadAllParts & Pick<FiguresParts, 'warehouse'>,
  { before, was, spec }: { before: Statement; was: Spec; spec: Spec },
): Promise<void> {
  const facts = noFacts();
  if (!sameFacts(was, spec)) {
    figures.book.stand(undefined);
    // The book is made anew afterwards, and needs to be told nothing.
    const by = { spec, was, toldUpTo: figures.place.offset, knows: () => true };
    await readAll(parts, by, (gathered) => figures.commit(gathered.facts, figures.place));
    await figures.openBook(spec, true);
    Object.assign(facts, await everybody(parts.warehouse, figures.book, spec.attribution.sharedBy));
  }
  const statements = await parts.warehouse.statements();
  const next = statements.reduce((most, { statement }) => Math.max(most, statement), 0) + 1;
  await figures.earn(figures.statementOf(spec, next, before), { spec, facts, place: figures.place, before });
  await figures.settled();
}
