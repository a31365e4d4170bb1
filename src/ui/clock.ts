const formats = new Map<string, Intl.DateTimeFormat>();

/** `14:03:22` in the zone, with the day before it when that is not today's: `21 Nov 14:03:22`. */
export function clockText(at: number, zone: string, now: number): string {
  const time = clock(at, zone);
  return dayText(at, zone) === dayText(now, zone) ? time : `${shortDay(at, zone)} ${time}`;
}

/** As short as it can be told in a list: `14:03` today, `22 Nov 14:03` this year, `22 Nov 2025` before. */
export function listText(at: number, zone: string, now: number): string {
  if (yearText(at, zone) !== yearText(now, zone)) return dayText(at, zone);
  const time = clock(at, zone).slice(0, 5);
  return dayText(at, zone) === dayText(now, zone) ? time : `${shortDay(at, zone)} ${time}`;
}

/** `22 Nov 2026, 14:03:22 CET`. */
export function fullText(at: number, zone: string): string {
  return `${dayText(at, zone)}, ${clock(at, zone)} ${zoneText(at, zone)}`;
}

/** `14:03:22.120`, for steps that follow each other closely. */
export function preciseText(at: number, zone: string): string {
  return `${clock(at, zone)}.${String(at % 1000).padStart(3, '0')}`;
}

/** `22 Nov 2026`. */
export function dayText(at: number, zone: string): string {
  return format(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** `2026-11-22 13:03:22.120 UTC`. */
export function utcText(at: number): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** `Europe/Berlin (CET)`, or just `UTC`. */
export function zoneName(at: number, zone: string): string {
  const short = zoneText(at, zone);
  return short === zone ? zone : `${zone} (${short})`;
}

/** The zone's short name at that moment: `CET`, `CEST`, `GMT+9`. */
export function zoneText(at: number, zone: string): string {
  const parts = format(zone, { timeZoneName: 'short' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

function clock(at: number, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(at);
}

function yearText(at: number, zone: string): string {
  return format(zone, { year: 'numeric' }).format(at);
}

function shortDay(at: number, zone: string): string {
  return format(zone, { day: 'numeric', month: 'short' }).format(at);
}

// Making a format costs about fifty times as much as using it, so each is made once.
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + Object.keys(options).join();
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: knownZone(zone) });
  formats.set(key, made);
  return made;
}

function knownZone(zone: string): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return zone;
  } catch {
    return 'UTC';
  }
}
