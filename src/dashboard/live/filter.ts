import type { LiveRow } from '../../api/answers.ts';
import { isOurDoor, isOurs, nameOf } from './words.ts';

/** What the list is narrowed to; an empty text lets everything through, but our own records come only on request. */
export interface Filter {
  event: string;
  door: string;
  verdict: string;
  reason: string;
  id: string;
  /** `too` shows our own records as well */
  ours: string;
  /** `only` shows nothing but drafts */
  draft: string;
}

export const VERDICTS = ['admitted', 'paired', 'duplicate', 'quarantined', 'refused'] as const;

const FIELDS = ['event', 'door', 'verdict', 'reason', 'id', 'ours', 'draft'] as const;

export const NO_FILTER: Filter = { event: '', door: '', verdict: '', reason: '', id: '', ours: '', draft: '' };

export function matches(row: LiveRow, filter: Filter): boolean {
  return (
    (filter.ours !== '' || !isOurs(row)) &&
    (filter.draft === '' || row.draft === true) &&
    (filter.event === '' || nameOf(row) === filter.event) &&
    (filter.door === '' || row.door === filter.door) &&
    (filter.verdict === '' || row.verdict === filter.verdict) &&
    (filter.reason === '' || row.reasons.includes(filter.reason)) &&
    (filter.id === '' || ids(row).some((id) => id.toLowerCase().includes(filter.id.trim().toLowerCase())))
  );
}

/** The filter that opens a figure down to its rows. Figures count no drafts apart from their own. */
export function filterFor(part: Partial<Filter>, now: Filter): Filter {
  const ours = part.door !== undefined && isOurDoor(part.door) ? 'too' : now.ours;
  return { ...NO_FILTER, ours, ...part };
}

/** What there is to choose from: what was seen, and what is already chosen. */
export function choices(
  rows: readonly LiveRow[],
  filter: Filter,
): { events: string[]; doors: string[]; reasons: string[] } {
  const shown = rows.filter((row) => filter.ours !== '' || !isOurs(row));
  return {
    events: sorted([...shown.map(nameOf), filter.event]),
    doors: sorted([...shown.map((row) => row.door), filter.door]),
    reasons: sorted([...shown.flatMap((row) => row.reasons), filter.reason]),
  };
}

/** Reads a filter from an address's query, so that it can be linked to. */
export function filterOf(query: string): Filter {
  const params = new URLSearchParams(query);
  return { ...NO_FILTER, ...Object.fromEntries(FIELDS.map((field) => [field, params.get(field) ?? ''])) };
}

/** The inverse of `filterOf`: `?verdict=refused`, or nothing. */
export function queryOf(filter: Filter): string {
  const params = new URLSearchParams(
    FIELDS.filter((field) => filter[field] !== '').map((field) => [field, filter[field]]),
  );
  return params.size === 0 ? '' : `?${params}`;
}

function ids(row: LiveRow): string[] {
  return [row.eventId, row.orderId, row.leadId, row.visitor, String(row.seq)].filter((id) => id !== undefined);
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter((text) => text !== '').sort((a, b) => a.localeCompare(b));
}
