import type { Spec } from '../spec/spec.ts';
import type { Carried } from '../store/care/carried.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { type CreditWrite, noFacts, type Statement } from '../store/warehouse.ts';
import { keeping } from './carry.ts';
import type { Figures, FiguresParts } from './figures.ts';
import { type ReadAllParts, readAll } from './read-all.ts';
import { sameFigures } from './statement.ts';

export interface FirstLoadParts extends ReadAllParts, Pick<FiguresParts, 'closes'> {
  reader: ReadAllParts['reader'] & Pick<LedgerReader, 'lastChange' | 'offset'>;
  warehouse: FiguresParts['warehouse'];
  /** Opens the warehouse that this one comes after, if there is one; `lost` hears why it, or the rest of it, can't be read. */
  before?(lost: (why: string) => void): Promise<Carried | undefined>;
  /** Everything was read: the warehouse of before is of no more use. `lost`: what to tell of it. */
  loaded?(lost: string | undefined): void;
}

/**
 * Everything for the first time, with what only the warehouse of before knows. What changes meanwhile is read again
 * afterwards. Resolves with false where there is nothing to read yet.
 */
export async function firstLoad(figures: Figures, parts: FirstLoadParts): Promise<boolean> {
  const { reader } = parts;
  await figures.readSpecs();
  const spec = figures.specs.at(-1);
  if (!spec) return false;
  const { n, offset } = await reader.lastChange();
  const place = { change: n, offset: n === 0 ? await reader.offset() : offset, credited: n };
  if (place.offset === 0) return false;
  const asOf = await figures.asOf(place.offset);
  const personalFrom = asOf - spec.retention.personal;
  let lost: string | undefined;
  const carried = await parts.before?.((why) => {
    lost = lostText(why, personalFrom);
  });
  try {
    await figures.openBook(spec, true);
    const told = { carried, toldUpTo: carried?.upTo ?? 0 };
    await readAll(
      parts,
      { spec, was: spec, ...told, knows: (one) => figures.book.knows(one) },
      async ({ facts, book }) => {
        figures.book.take(book);
        await figures.settle(facts, figures.place);
      },
    );
    const first = figures.statementOf(spec, 1, { asOf, change: place.change });
    const statement = carried ? await carry(figures, carried, first) : first;
    const credits = figures.book.all(statement);
    const isSame = carried?.standing?.statement === statement.statement;
    const closed = isSame ? await keepingClosed(credits, carried, personalFrom, parts) : credits;
    await figures.earn(statement, { spec, facts: noFacts(), place, credits: closed });
  } finally {
    carried?.close();
  }
  parts.loaded?.(lost);
  return true;
}

/** What is not of the records themselves: statements that stood, and what was forgotten. Resolves with the one that stands. */
async function carry(figures: Figures, carried: Carried, first: Statement): Promise<Statement> {
  const { standing, past } = carried;
  const was = figures.specs.find(({ version }) => version === standing?.specVersion);
  const isSame = was !== undefined && sameFigures(was, figures.specs.at(-1) as Spec);
  const all = [...past, ...(standing ? [standing] : [])];
  for (const one of isSame ? past : all) {
    const credits = await carried.credits(one.statement);
    await figures.commit(noFacts(), figures.place, {
      ...{ statement: { ...one, role: 'past' }, what: 'all', conversions: [], credits },
    });
  }
  if (carried.forgotBefore > 0) await figures.forget(carried.forgotBefore);
  const last = all.reduce((most, { statement }) => Math.max(most, statement), 0);
  if (!standing || !isSame) return { ...first, statement: last + 1 };
  return { ...first, statement: standing.statement, specVersion: standing.specVersion };
}

/** Credits in which conversions that were closed keep what they had. By `markov` none does: each journey weighs in all. */
async function keepingClosed(
  all: CreditWrite,
  { standing, closed }: Carried,
  personalFrom: number,
  { warehouse, closes }: Pick<FirstLoadParts, 'warehouse' | 'closes'>,
): Promise<CreditWrite> {
  if (!closes || !standing || standing.model === 'markov') return all;
  const personal = all.statement.asOf - personalFrom;
  const kept = await closed(Math.min(standing.asOf - personal, personalFrom));
  const worth = await warehouse.conversionsOf([...new Set(kept.credits.conversion)]);
  return keeping(all, kept, new Map(worth.map((one) => [one.conversion, one])));
}

function lostText(why: string, personalFrom: number): string {
  const day = new Date(personalFrom).toISOString().slice(0, 10);
  return `${why}. Contacts with ads and their credits from before ${day}, which the ledger tells no more, are lost, and so are statements that stand no longer`;
}
