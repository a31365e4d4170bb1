import type { Unlike } from '../../store/care/compare.ts';
import type { Io } from '../io.ts';

/** What a rebuilt table was compared with, and what became of it. */
export interface Compared {
  /** undefined where there was nothing to compare with, which `uncompared` says; at most `unlikeMax` */
  unlike: readonly Unlike[] | undefined;
  uncompared: string;
  unlikeMax: number;
  swapped: boolean;
  /** a folder that it was left in */
  into: string | undefined;
}

/** Prints each place that differs, and gives the sentences that end a rebuild. */
export function tellCompared({ unlike, uncompared, unlikeMax, swapped, into }: Compared, io: Io): string {
  for (const { table, key, column, is, would } of unlike ?? [])
    io.stdout(
      `${table} ${key}${column === undefined ? '' : `, ${column}`}: is ${is ?? 'not there'}, would be ${would ?? 'not there'}\n`,
    );
  const where = swapped ? 'It is in its place now.' : into ? `It is in ${into}.` : 'Nothing was changed.';
  return `${sameText(unlike, uncompared, unlikeMax)} ${where}`;
}

function sameText(unlike: Compared['unlike'], uncompared: string, unlikeMax: number): string {
  if (unlike === undefined) return uncompared;
  if (unlike.length === 0) return 'It is equal to the one that was there, in every table and column.';
  const places = unlike.length === unlikeMax ? 'these places and maybe more' : 'these places';
  return `It differs from the one that was there in ${places}.`;
}
