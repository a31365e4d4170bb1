/** One line of a log, or one entry of a list; `place` counts from 1. */
export type Piece = { place: number; text: string } | { place: number; fault: string };

/** Answers in a HAR may be whole videos; a request of 1,000 events with its answer stays far below this. */
const PIECE_CHARS_MAX = 8 * 1024 * 1024;
const HEAD_CHARS = 64 * 1024;

/** The pieces of a log of any size: JSON lines, a JSON array, or the entries of a HAR. At most one piece is held. */
export async function* piecesOf(
  source: AsyncIterable<string>,
  charsMax = PIECE_CHARS_MAX,
): AsyncGenerator<Piece, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let head = '';
  let ended = false;
  while (head.length < HEAD_CHARS && !ended) {
    const next = await iterator.next();
    if (next.done) ended = true;
    else head += next.value;
  }
  const splitter = splitterFor(head.replace(/^\uFEFF/, ''), charsMax);
  try {
    yield* splitter.take(head.replace(/^\uFEFF/, ''));
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield* splitter.take(next.value);
    yield* splitter.end();
  } finally {
    await iterator.return?.();
  }
}

interface Splitter {
  take(text: string): Piece[];
  end(): Piece[];
}

function splitterFor(head: string, charsMax: number): Splitter {
  if (/^\s*\[/.test(head)) return new Elements(1, undefined, charsMax);
  const isHar = /^\s*\{\s*"log"\s*:\s*\{/.test(head) && /"(?:entries|creator|pages)"\s*:/.test(head);
  return isHar ? new Elements(3, 'entries', charsMax) : new Lines(charsMax);
}

class Lines implements Splitter {
  readonly #charsMax: number;
  #line = 1;
  #rest = '';
  #tooLong = false;

  constructor(charsMax: number) {
    this.#charsMax = charsMax;
  }

  take(text: string): Piece[] {
    const found: Piece[] = [];
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.#add(text.slice(from, at));
      found.push(...this.#close());
      this.#line++;
      from = at + 1;
    }
    this.#add(text.slice(from));
    return found;
  }

  end(): Piece[] {
    return this.#close();
  }

  #add(part: string): void {
    if (this.#tooLong || this.#rest.length + part.length > this.#charsMax) {
      this.#tooLong = true;
      this.#rest = '';
    } else this.#rest += part;
  }

  #close(): Piece[] {
    const [place, text, tooLong] = [this.#line, this.#rest, this.#tooLong];
    this.#rest = '';
    this.#tooLong = false;
    if (tooLong) return [{ place, fault: longerThan(this.#charsMax) }];
    return text.trim() === '' ? [] : [{ place, text }];
  }
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const OPENS: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSES: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** Elements of the array whose brackets make `depth` open ones; of a member with this name, where one is told. */
class Elements implements Splitter {
  readonly #listDepth: number;
  readonly #name: string | undefined;
  readonly #charsMax: number;
  #depth = 0;
  #inText = false;
  #escaped = false;
  /** inside the list */
  #inside = false;
  #over = false;
  #place = 0;
  #element = '';
  #tooLong = false;
  /** the last text outside of the list, as far as it may be a name */
  #last = '';

  constructor(listDepth: number, name: string | undefined, charsMax: number) {
    this.#listDepth = listDepth;
    this.#name = name;
    this.#charsMax = charsMax;
  }

  take(text: string): Piece[] {
    const found: Piece[] = [];
    let from = 0;
    for (let at = 0; at < text.length && !this.#over; at++) {
      if (this.#inText) {
        at = this.#endOfText(text, at);
        continue;
      }
      const char = text.charCodeAt(at);
      if (char === QUOTE) {
        this.#inText = true;
        this.#last = '';
      } else if (OPENS.has(char)) {
        this.#depth++;
        if (!this.#inside && this.#isList(char)) {
          this.#inside = true;
          from = at + 1;
        }
      } else if (CLOSES.has(char)) {
        if (this.#inside && this.#depth === this.#listDepth) {
          this.#add(text.slice(from, at));
          found.push(...this.#close());
          this.#over = true;
        }
        this.#depth--;
      } else if (char === COMMA && this.#inside && this.#depth === this.#listDepth) {
        this.#add(text.slice(from, at));
        found.push(...this.#close());
        from = at + 1;
      }
    }
    if (this.#inside && !this.#over) this.#add(text.slice(from));
    return found;
  }

  end(): Piece[] {
    if (this.#over) return [];
    const place = this.#place + 1;
    return [{ place, fault: this.#inside ? 'is cut off: the file ends in the middle' : 'the file has no entries' }];
  }

  /** Where a text that began earlier ends, or the last place of what is here. */
  #endOfText(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (this.#escaped) this.#escaped = false;
      else if (char === BACKSLASH) this.#escaped = true;
      else if (char === QUOTE) {
        this.#inText = false;
        break;
      }
    }
    if (!this.#inside && this.#last.length < 20) this.#last += text.slice(from, Math.min(at, from + 20));
    return at;
  }

  #isList(char: number): boolean {
    return char === 0x5b && this.#depth === this.#listDepth && (this.#name === undefined || this.#last === this.#name);
  }

  #add(part: string): void {
    if (this.#tooLong || this.#element.length + part.length > this.#charsMax) {
      this.#tooLong = true;
      this.#element = '';
    } else this.#element += part;
  }

  #close(): Piece[] {
    const [text, tooLong] = [this.#element, this.#tooLong];
    this.#element = '';
    this.#tooLong = false;
    if (!tooLong && text.trim() === '') return [];
    const place = ++this.#place;
    return [tooLong ? { place, fault: longerThan(this.#charsMax) } : { place, text }];
  }
}

function longerThan(chars: number): string {
  return `is longer than ${chars.toLocaleString('en-GB')} characters`;
}
