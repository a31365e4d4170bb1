/** Something a person should know, kept once per id. */
export interface FindingRow {
  id: string;
  check: string;
  /** what it is about, such as `order 10045` */
  subject: string;
  what: string;
  firstSeenAt: number;
  lastSeenAt: number;
  times: number;
}

/** Two observations of one event that do not agree on a field. The key is (event, field, seq). */
export interface DifferenceRow {
  event: number;
  field: string;
  /** sequence of the observation that differs */
  seq: number;
  kept: string;
  told: string;
  decidedBy: string;
}
