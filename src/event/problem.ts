/** One thing wrong with input: where it stands, what is wrong, how to mend it. */
export interface Problem {
  where: string;
  what: string;
  fix: string;
  code: string;
  line?: number;
  column?: number;
}

/** A parser's answer: the value, or every problem at once. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };
