import { literal } from './table-source.ts';

/** A way to write times: its name for people, the pattern of a cell, and the SQL that makes UTC ms of it. */
export interface TimeFormat {
  name: string;
  pattern: string;
  ms(cell: string, zone: string): string;
}

const DAY = '\\d{4}-\\d{2}-\\d{2}';
const CLOCK = '\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?';

/** One of these, and the same in all rows: a file that mixes them would be read wrongly without anybody noticing. */
const FORMATS: readonly TimeFormat[] = [
  {
    name: 'Unix seconds',
    pattern: '\\d{9,10}(?:\\.\\d{1,6})?',
    ms: (cell) => `CAST(round(TRY_CAST(${cell} AS DECIMAL(24,6)) * 1000) AS BIGINT)`,
  },
  { name: 'Unix milliseconds', pattern: '\\d{12,13}', ms: (cell) => `TRY_CAST(${cell} AS BIGINT)` },
  {
    name: 'ISO 8601 with a zone',
    pattern: `${DAY}[T ]${CLOCK} ?(?:Z|[+-]\\d{2}(?::?\\d{2})?)`,
    ms: (cell) => `epoch_ms(TRY_CAST(${cell} AS TIMESTAMPTZ))`,
  },
  {
    name: 'ISO 8601 without a zone',
    pattern: `${DAY}(?:[T ]${CLOCK})?`,
    ms: (cell, zone) => `epoch_ms(timezone(${literal(zone)}, TRY_CAST(${cell} AS TIMESTAMP)))`,
  },
];

export const TIME_FORMAT_NAMES = FORMATS.map(({ name }) => name);

/** The format of a cell; undefined for what is no time. */
export function timeFormat(cell: string): TimeFormat | undefined {
  return FORMATS.find(({ pattern }) => new RegExp(`^${pattern}$`).test(cell));
}
