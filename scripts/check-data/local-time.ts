const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/;

/** The clocks of one place: times of day there, and the months that they fall in. */
export interface Place {
  zone: string;
  /** UTC ms of a time such as `2011-04-01T08:26:00` or `2011-04-01`; undefined where it is none */
  at(local: string): number | undefined;
  /** `2011-04` */
  month(at: number): string;
}

export function openPlace(zone: string): Place {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const partsOf = (at: number): Map<string, string> =>
    new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const shift = (at: number): number => {
    const parts = partsOf(at);
    const field = (name: string): number => Number(parts.get(name));
    const shown = [field('year'), field('month') - 1, field('day'), field('hour'), field('minute'), field('second')];
    return Date.UTC(...(shown as [number, number])) - at;
  };
  return {
    zone,
    at(local) {
      const match = LOCAL.exec(local.trim());
      if (!match) return undefined;
      const [year, month, day, hour, minute, second] = match.slice(1).map((field) => Number(field ?? 0));
      const shown = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second);
      if (new Date(shown).getUTCDate() !== day) return undefined;
      // The first guess may lie on the other side of a change of the clocks.
      return shown - shift(shown - shift(shown));
    },
    month(at) {
      const parts = partsOf(at);
      return `${parts.get('year')}-${parts.get('month')}`;
    },
  };
}

/** The first and the last day of a month such as `2011-02`. */
export function daysOf(month: string): { from: string; to: string } {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return { from: `${month}-01`, to: `${month}-${last}` };
}
