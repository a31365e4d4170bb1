const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Where the JSON value that begins at `from` ends: the place after its last character. The text has to be as
 * JSON.stringify writes it, without spaces; one that was cut off throws a SyntaxError.
 */
export function valueEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return stringEnd(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
      // A plain value ends before what closes the one around it.
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === COMMA && depth === 0) return at;
  }
  if (depth === 0) return text.length;
  throw new SyntaxError('a stored text ends within a list or an object');
}

/** Likewise for a string, whose quote stands at `from`. */
export function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at > 0; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    // A quote is one of the string's own where an odd number of backslashes stands before it.
    if ((at - first) % 2 === 0) return at + 1;
  }
  throw new SyntaxError('a stored text ends within a string');
}

/** The values of a list in JSON, one after the other. */
export class JsonCells {
  readonly #text: string;
  /** nothing in the text is escaped */
  readonly #isPlain: boolean;
  #at = 1;

  constructor(text: string) {
    if (text.charCodeAt(0) !== OPEN_LIST) throw new SyntaxError('a stored text is no list');
    this.#text = text;
    this.#isPlain = !text.includes('\\');
  }

  /** The next value as JSON; undefined for null, and after the last. */
  json(): string | undefined {
    const from = this.#at;
    const end = this.#next();
    return end === 0 ? undefined : this.#text.slice(from, end);
  }

  /** The next value, a string; undefined likewise. */
  text(): string | undefined {
    const from = this.#at;
    const end = this.#next();
    if (end === 0) return undefined;
    return this.#isPlain ? this.#text.slice(from + 1, end - 1) : (JSON.parse(this.#text.slice(from, end)) as string);
  }

  skip(values = 1): void {
    for (let n = 0; n < values; n++) this.#next();
  }

  /** Where the next value ends; 0 where it is null or there is none. */
  #next(): number {
    const from = this.#at;
    if (from >= this.#text.length - 1) return 0;
    const end = valueEnd(this.#text, from);
    this.#at = end + 1;
    return this.#text.charCodeAt(from) === N ? 0 : end;
  }
}

/** `null` is the only value that begins with it */
const N = 110;
