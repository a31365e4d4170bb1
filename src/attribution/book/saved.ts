import type { ConversionFact } from '../../event/fact.ts';
import { forgetColumns, readColumns, type SavedColumn, saveColumns } from '../../store/columns/columns.ts';
import { appendStep, forgetSteps, readSteps } from '../../store/columns/log.ts';
import type { Settled } from './batch.ts';
import type { Creatives } from './creatives.ts';
import { Facts } from './facts.ts';
import { Numbers } from './numbers.ts';
import type { Taken } from './taken.ts';

/** What a settlement took, of ties only what became of them: who became another person. */
export interface SavedStep {
  batches: readonly Taken[];
  people: Settled['people'];
  /** all that there are; those that came since the last time are saved */
  creatives: Creatives;
}

export interface Found {
  facts: Facts;
  /** the rings of who is who, and the people that were joined since, the latest last */
  next: Uint32Array<ArrayBuffer>;
  joined: string[][];
}

/** More than this is read more slowly than the columns are written. */
const LOG_BYTES_MAX = 16 * 1024 * 1024;

interface Notes {
  change: number;
  newest: number;
  names: string[];
  creatives: [number: number, channel: string][];
}

type ToldConversion = Omit<ConversionFact, 'minor' | 'net'> & { minor: string; net: string };
type ToldBatch = Omit<Taken, 'conversions'> & { conversions: ToldConversion[] };

interface ToldStep {
  creatives: Notes['creatives'];
  batches: ToldBatch[];
  people: [visitor: string, person: string][];
}

/**
 * A book's facts on disk: columns as of one change of the ledger, and a log of what was taken since. All of it can be had from the
 * warehouse, so that whatever is missing, damaged or can't be written only costs the time to read that.
 */
export class SavedBook {
  readonly #folder: string;
  #isThere = false;
  #logBytes = 0;
  /** visitors that are saved, who keep their numbers */
  #visitors = 0;
  /** creatives that are saved, who keep their places */
  #creatives = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isThere(): boolean {
    return this.#isThere;
  }

  get isDue(): boolean {
    return !this.#isThere || this.#logBytes > LOG_BYTES_MAX;
  }

  /** What was known as of a change, or undefined where it was not saved up to it. */
  async read(change: number): Promise<Found | undefined> {
    const saved = await readColumns(this.#folder);
    const notes = saved?.notes as Notes | undefined;
    const log = notes && readSteps(this.#folder, notes.change, change);
    if (!saved || !log) {
      this.forget();
      return undefined;
    }
    const facts = factsOf(saved.columns, notes);
    this.#visitors = facts.visitors.count;
    const next = new Uint32Array(saved.columns['visitorNext'] ?? new ArrayBuffer(0));
    const joined: string[][] = [];
    for (const { told } of log.steps) {
      const { creatives, batches, people } = told as ToldStep;
      for (const [number, channel] of creatives) facts.creatives.add(number, channel);
      for (const batch of batches) facts.take({ ...batch, conversions: batch.conversions.map(asFact) }, () => {});
      for (const person of Map.groupBy(people, ([, name]) => name).values())
        joined.push(person.map(([visitor]) => visitor));
    }
    this.#creatives = facts.creatives.count;
    this.#logBytes = log.bytes;
    this.#isThere = true;
    return { facts, next, joined };
  }

  /** Notes what was taken between two changes. */
  note(from: number, to: number, { batches, people, creatives }: SavedStep): void {
    const some = batches.filter(isSomething);
    if (!this.#isThere || (from === to && some.length + people.length === 0)) return;
    // A step that leads nowhere can't be told from one that was taken already.
    if (from === to) {
      this.forget();
      return;
    }
    const told: ToldStep = {
      creatives: creatives.rows(this.#creatives),
      batches: some.map(asText),
      people: people.map(({ visitor, person }) => [visitor, person]),
    };
    this.#trying(() => (this.#logBytes += appendStep(this.#folder, { from, to, told })));
    this.#creatives = creatives.count;
  }

  save(facts: Facts, next: Uint32Array, change: number): void {
    this.#trying(() => {
      const notes: Notes = {
        ...{ change, newest: facts.newest, names: facts.names },
        creatives: facts.creatives.rows(),
      };
      saveColumns(this.#folder, columnsOf(facts, next, this.#isThere, this.#visitors), notes);
      forgetSteps(this.#folder);
      this.#visitors = facts.visitors.count;
      this.#creatives = facts.creatives.count;
      this.#logBytes = 0;
      this.#isThere = true;
    });
  }

  forget(): void {
    this.#isThere = false;
    this.#trying(() => forgetColumns(this.#folder));
  }

  /** A disk that takes nothing must not hold up what is credited; the warehouse will tell of it. */
  #trying(write: () => void): void {
    try {
      write();
    } catch {
      this.#isThere = false;
    }
  }
}

/** `isSaved`: the rows that did not change since the last time stand on disk, and so do the first visitors. */
function columnsOf(facts: Facts, next: Uint32Array, isSaved: boolean, visitors: number): Record<string, SavedColumn> {
  const movedFrom = facts.touches.changedFrom();
  const changedFrom = isSaved ? movedFrom : 0;
  const touches = facts.touches.ordered();
  const conversions = facts.conversions.columns();
  const column = (array: ArrayBufferView & { BYTES_PER_ELEMENT: number }, from: number, words = 1): SavedColumn => ({
    bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    width: array.BYTES_PER_ELEMENT * words,
    changedFrom: from,
  });
  return {
    touchAt: column(touches.at, changedFrom),
    touchVisitor: column(touches.visitor, changedFrom),
    touchKind: column(touches.kind, changedFrom),
    touchNumber: column(touches.touch, changedFrom),
    touchCreative: column(touches.creative, changedFrom),
    visitorKeys: column(facts.visitors.keys(), isSaved ? visitors : 0, 4),
    visitorNext: column(next, 0),
    conversionAt: column(conversions.at, 0),
    conversionVisitor: column(conversions.visitor, 0),
    conversionNumber: column(conversions.conversion, 0),
    conversionName: column(conversions.name, 0),
    conversionMinor: column(conversions.minor, 0),
    conversionNet: column(conversions.net, 0),
    conversionConfirmed: column(conversions.confirmed, 0),
  };
}

function factsOf(columns: Record<string, ArrayBuffer>, notes: Notes): Facts {
  const bytes = (name: string): ArrayBuffer => columns[name] ?? new ArrayBuffer(0);
  const facts = new Facts(new Numbers(new Uint32Array(bytes('visitorKeys'))), notes.newest);
  facts.names.push(...notes.names);
  for (const [number, channel] of notes.creatives) facts.creatives.add(number, channel);
  const touches = {
    at: new Float64Array(bytes('touchAt')),
    visitor: new Uint32Array(bytes('touchVisitor')),
    kind: new Uint8Array(bytes('touchKind')),
    touch: new Float64Array(bytes('touchNumber')),
    creative: new Uint32Array(bytes('touchCreative')),
  };
  facts.touches.load(touches, facts.visitors.count);
  facts.conversions.load({
    at: new Float64Array(bytes('conversionAt')),
    visitor: new Uint32Array(bytes('conversionVisitor')),
    conversion: new Float64Array(bytes('conversionNumber')),
    name: new Uint32Array(bytes('conversionName')),
    minor: new BigInt64Array(bytes('conversionMinor')),
    net: new BigInt64Array(bytes('conversionNet')),
    confirmed: new Uint8Array(bytes('conversionConfirmed')),
  });
  return facts;
}

function isSomething({ touches, before, conversions, goneConversions }: Taken): boolean {
  return touches.touch.length + before.touch.length + conversions.length + goneConversions.length > 0;
}

function asText(batch: Taken): ToldBatch {
  const conversions = batch.conversions.map((row) => ({ ...row, minor: `${row.minor}`, net: `${row.net}` }));
  return { ...batch, conversions };
}

function asFact(row: ToldConversion): ConversionFact {
  return { ...row, minor: BigInt(row.minor), net: BigInt(row.net) };
}
