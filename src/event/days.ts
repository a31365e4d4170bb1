import { DAY } from './time.ts';

const QUARTER = DAY / 96;
const REMEMBERED_MAX = 100_000;

/**
 * Days since 1970-01-01 as a time zone counts them. The zone's distance from UTC is asked for twice a day at most: where it
 * is the same at both ends of a day of UTC, it is so all day; where clocks change, every quarter of an hour is asked for.
 */
export class Days {
  readonly #format: Intl.DateTimeFormat;
  readonly #distances = new Map<number, number>();
  /** by day of UTC; not a number where clocks change on it */
  readonly #byDay = new Map<number, number>();
  #day = Number.NaN;
  #distance = Number.NaN;

  /** `timezone`: an IANA name. */
  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: timezone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', era: 'short' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
  }

  /** The day of an instant, UTC ms. */
  of(at: number): number {
    const day = Math.floor(at / DAY);
    if (day !== this.#day) {
      this.#distance = this.#byDay.get(day) ?? this.#ofDay(day);
      this.#day = day;
    }
    const distance = this.#distance;
    const known = Number.isNaN(distance) ? this.#at(Math.floor(at / QUARTER) * QUARTER) : distance;
    return Math.floor((at + known) / DAY);
  }

  #ofDay(day: number): number {
    const distance = this.#at(day * DAY);
    const kept = distance === this.#at((day + 1) * DAY) ? distance : Number.NaN;
    if (this.#byDay.size >= REMEMBERED_MAX) this.#byDay.clear();
    this.#byDay.set(day, kept);
    return kept;
  }

  /** How far the zone's clocks are ahead of UTC, ms. */
  #at(instant: number): number {
    const known = this.#distances.get(instant);
    if (known !== undefined) return known;
    const parts = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year');
    const shown = new Date(0);
    shown.setUTCFullYear(year, number('month') - 1, number('day'));
    shown.setUTCHours(number('hour'), number('minute'), number('second'));
    const distance = shown.getTime() - instant;
    if (this.#distances.size >= REMEMBERED_MAX) this.#distances.clear();
    this.#distances.set(instant, distance);
    return distance;
  }
}
