import { type ConversionFact, TOUCH_KINDS } from '../../event/fact.ts';
import type { BookBatch } from './batch.ts';
import type { Creatives } from './creatives.ts';

/** Facts as the book takes them. Lists that belong together have one length, so that thousands of rows are saved as few texts. */
export interface Taken {
  touches: {
    touch: number[];
    /** UTC ms */
    at: number[];
    /** place in TOUCH_KINDS */
    kind: number[];
    /** place among the book's creatives */
    creative: number[];
    visitor: string[];
  };
  /** the rows that these replace, and those that go: each is found by its visitor */
  before: { touch: number[]; visitor: string[] };
  conversions: readonly ConversionFact[];
  goneConversions: readonly number[];
}

/** What the book needs of a batch. Creatives that are new get their places. */
export function taken(batch: Omit<BookBatch, 'links' | 'unlinks'>, creatives: Creatives): Taken {
  const { touchesBefore, conversions, goneConversions } = batch;
  const touches: Taken['touches'] = { touch: [], at: [], kind: [], creative: [], visitor: [] };
  for (const row of batch.touches) {
    touches.touch.push(row.touch);
    touches.at.push(row.occurredAt);
    touches.kind.push(TOUCH_KINDS.indexOf(row.kind));
    touches.creative.push(creatives.of(row));
    touches.visitor.push(row.visitor);
  }
  const before = {
    touch: touchesBefore.map(({ touch }) => touch),
    visitor: touchesBefore.map(({ visitor }) => visitor),
  };
  return { touches, before, conversions, goneConversions };
}
