import type { ConversionFact, LinkFact, TouchFact } from '../../event/fact.ts';
import type { CreditColumns, CreditWrite, FactBatch, SharedIdentifier, Warehouse } from '../../store/warehouse.ts';

/** What a book is opened from. */
export type BookSource = Pick<Warehouse, 'place' | 'touchColumns' | 'creatives' | 'conversions' | 'ties'>;

/** Facts that changed together, as the warehouse has them afterwards. Told twice, they change nothing the second time. */
export interface BookBatch {
  touches: readonly TouchFact[];
  /** the rows that `touches` replace, and those that go without a successor, as they were: a row is found by its visitor */
  touchesBefore: readonly TouchFact[];
  conversions: readonly ConversionFact[];
  goneConversions: readonly number[];
  /** all links of each identifier that changed, old ones included; one that a single visitor came with may be left out */
  links: readonly LinkFact[];
  /** links that were erased or corrected */
  unlinks: readonly Pick<LinkFact, 'visitor' | 'kind' | 'value'>[];
}

/** Up to where a settlement reads, and what it leaves alone. */
export interface Settling {
  /** UTC ms of the newest record, and the ledger's change */
  asOf: number;
  change: number;
  /**
   * UTC ms. Conversions before it keep their credits whatever becomes of touches and ties: what once joined them may have
   * been erased since, and a figure does not change because its evidence was due to go.
   */
  closedBefore?: number;
  /** credits, as they stand, of those that `closedChanges` named: their shares stay, their money is split anew */
  kept?: CreditColumns;
}

/** What follows from all that was taken since the last settlement. */
export interface Settled {
  /** visitors whose person changed; a person that is the visitor itself: alone again, or the one that the others are named by */
  people: FactBatch['people'];
  /** all identifiers that tie nobody, if they changed */
  shared?: SharedIdentifier[];
  credits?: CreditWrite;
}
