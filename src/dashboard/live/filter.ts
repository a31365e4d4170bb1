import type { LiveRow } from '../../api/answers.ts';

/** What the list is narrowed to; an empty text lets everything through. */
export interface Filter {
  event: string;
  door: string;
  verdict: string;
  id: string;
}

export const VERDICTS = ['admitted', 'paired', 'duplicate', 'quarantined', 'refused'] as const;

const FIELDS = ['event', 'door', 'verdict', 'id'] as const;

export function matches(row: LiveRow, filter: Filter): boolean {
  return (
    (filter.event === '' || nameOf(row) === filter.event) &&
    (filter.door === '' || row.door === filter.door) &&
    (filter.verdict === '' || row.verdict === filter.verdict) &&
    (filter.id === '' || ids(row).some((id) => id.toLowerCase().includes(filter.id.trim().toLowerCase())))
  );
}

/** The event's name, or what kind of record it is where there is no event. */
export function nameOf(row: LiveRow): string {
  return row.event ?? row.kind;
}

/** The event names and doors to choose from: those seen, and the one already chosen. */
export function choices(rows: readonly LiveRow[], filter: Filter): { events: string[]; doors: string[] } {
  return {
    events: sorted([...rows.map(nameOf), filter.event]),
    doors: sorted([...rows.map((row) => row.door), filter.door]),
  };
}

/** Reads a filter from an address's query, so that it can be linked to. */
export function filterOf(query: string): Filter {
  const params = new URLSearchParams(query);
  const [event = '', door = '', verdict = '', id = ''] = FIELDS.map((field) => params.get(field) ?? '');
  return { event, door, verdict, id };
}

/** The inverse of `filterOf`: `?verdict=refused`, or nothing. */
export function queryOf(filter: Filter): string {
  const params = new URLSearchParams(
    FIELDS.filter((field) => filter[field] !== '').map((field) => [field, filter[field]]),
  );
  return params.size === 0 ? '' : `?${params}`;
}

function ids(row: LiveRow): string[] {
  return [row.eventId, row.orderId, row.visitor, String(row.seq)].filter((id) => id !== undefined);
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort((a, b) => a.localeCompare(b));
}
