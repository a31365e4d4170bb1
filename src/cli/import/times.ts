import type { Problem } from '../../event/problem.ts';
import { TIME_FORMAT_NAMES, type TimeFormat, timeFormat } from '../attribute/time-format.ts';

/** Reads the times of a file's rows, all in one format: mixed ones would be read wrongly without anybody noticing. */
export interface Times {
  /** UTC ms; what can't be read is a problem of the field */
  read(cell: string, where: string, problems: Problem[]): number | undefined;
}

/** `zone` is that of times which name none. */
export function openTimes(zone: string): Times {
  let first: TimeFormat | undefined;
  const shift = openShift(zone);
  return {
    read(cell, where, problems) {
      const found = timeFormat(cell);
      first ??= found;
      if (found !== undefined && found === first) {
        const at = msOf(found.name, cell, shift);
        if (!Number.isNaN(at)) return at;
      }
      const isMixed = found !== undefined && found !== first;
      problems.push({
        ...{ code: 'time', where },
        what: isMixed ? `is ${found.name}, and the rows before are ${first?.name}` : 'is no time',
        fix: isMixed ? 'write all times of the file in one way' : `write it as one of ${TIME_FORMAT_NAMES.join(', ')}`,
      });
      return undefined;
    },
  };
}

function msOf(format: string, cell: string, shift: (at: number) => number): number {
  switch (format) {
    case 'Unix seconds':
      return Math.round(Number(cell) * 1000);
    case 'Unix milliseconds':
      return Number(cell);
    default: {
      const text = cell.replace(' ', 'T').replace(' ', '');
      if (format === 'ISO 8601 with a zone') return Date.parse(text.replace(/([+-]\d{2})(\d{2})?$/, zoneText));
      const shown = Date.parse(`${text.includes('T') ? text : `${text}T00:00`}Z`);
      // The first guess may lie on the other side of a change of the clocks.
      return Number.isNaN(shown) ? shown : shown - shift(shown - shift(shown));
    }
  }
}

/** `+0200` and `+02` as `+02:00`. A zone that has its colon ends in two digits after it, and stays. */
function zoneText(_all: string, hours: string, minutes = '00'): string {
  return `${hours}:${minutes}`;
}

/** What the clocks of a zone are ahead of UTC, ms. */
function openShift(zone: string): (at: number) => number {
  if (zone === 'UTC') return () => 0;
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, day, hour, minute, second] = FIELDS.map((name) => parts.get(name));
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
