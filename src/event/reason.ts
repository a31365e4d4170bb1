/** A named cause of a verdict or a dispatch's state. Declared beside its rule; the reference lists them all. */
export interface Reason {
  code: string;
  /** the verdict or state it goes with; `note` goes with any */
  with:
    | 'admitted'
    | 'paired'
    | 'duplicate'
    | 'quarantined'
    | 'refused'
    | 'held'
    | 'queued'
    | 'inFlight'
    | 'delivered'
    | 'unknown'
    | 'withheld'
    | 'dead'
    | 'note';
  means: string;
  fix: string;
}
