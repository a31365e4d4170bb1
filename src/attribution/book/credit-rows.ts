import type { CreditColumns, CreditRow } from '../../store/warehouse.ts';
import { exactly, grown } from './arrays.ts';

/** Stands for a kind where nobody earned, and for a reason where somebody did. */
export const NONE = 255;

/** Credits as they are found, one row after another. */
export class CreditRows {
  #conversion = new Float64Array(0);
  #touch = new Float64Array(0);
  #creative = new Float64Array(0);
  #kind = new Uint8Array(0);
  #why = new Uint8Array(0);
  #share = new Float64Array(0);
  #minor = new BigInt64Array(0);
  #net = new BigInt64Array(0);
  #touchedDay = new Int32Array(0);
  #convertedDay = new Int32Array(0);
  #count = 0;

  /** `rows`: how many there will be at least. */
  constructor(rows: number) {
    this.#room(rows);
  }

  add(row: CreditRow): void {
    const at = this.#count++;
    if (at === this.#kind.length) this.#room(this.#count);
    this.#conversion[at] = row.conversion;
    this.#touch[at] = row.touch;
    this.#creative[at] = row.creative;
    this.#kind[at] = row.kind;
    this.#why[at] = row.why;
    this.#share[at] = row.share;
    this.#minor[at] = row.minor;
    this.#net[at] = row.net;
    this.#touchedDay[at] = row.touchedDay;
    this.#convertedDay[at] = row.convertedDay;
  }

  /** All of them; nothing can be added afterwards. */
  columns(): CreditColumns {
    const rows = this.#count;
    return {
      conversion: exactly(this.#conversion, rows),
      touch: exactly(this.#touch, rows),
      creative: exactly(this.#creative, rows),
      kind: exactly(this.#kind, rows),
      why: exactly(this.#why, rows),
      share: exactly(this.#share, rows),
      minor: exactly(this.#minor, rows),
      net: exactly(this.#net, rows),
      touchedDay: exactly(this.#touchedDay, rows),
      convertedDay: exactly(this.#convertedDay, rows),
    };
  }

  #room(rows: number): void {
    this.#conversion = grown(this.#conversion, rows);
    this.#touch = grown(this.#touch, rows);
    this.#creative = grown(this.#creative, rows);
    this.#kind = grown(this.#kind, rows);
    this.#why = grown(this.#why, rows);
    this.#share = grown(this.#share, rows);
    this.#minor = grown(this.#minor, rows);
    this.#net = grown(this.#net, rows);
    this.#touchedDay = grown(this.#touchedDay, rows);
    this.#convertedDay = grown(this.#convertedDay, rows);
  }
}
