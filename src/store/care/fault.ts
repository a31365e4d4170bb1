/** Something in a store that is not as it has to be. */
export interface Fault {
  /** file of the store, such as `journal.db` */
  file: string;
  /** first record of the journal's page that is at fault */
  page?: number;
  /** sequences of the records concerned, both included */
  records?: [from: number, to: number];
  /** what is wrong, as the end of a sentence */
  what: string;
}

/** How far a long piece of work has come. */
export interface Passed {
  done: number;
  of: number;
}

/** A list without an end says nothing more. */
export const FAULTS_MAX = 100;

export function faultText({ file, page, records, what }: Fault): string {
  const [from, to] = records ?? [];
  const at = page === undefined ? '' : `, page ${page}`;
  const of = from === undefined ? '' : from === to ? ` (record ${from})` : ` (records ${from} to ${to})`;
  return `${file}${at}${of}: ${what}`;
}
