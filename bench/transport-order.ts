/** What a sender is asked to do in one window. */
export interface SendOrder {
  /** of the sink */
  port: number;
  /** in a request */
  events: number;
  /** requests under way at once, at most */
  atOnce: number;
  warmSeconds: number;
  seconds: number;
  /** files of the same events: as TikTok gets them, and as the ledger has them */
  items: string;
  rows: string;
}

/** What it came to: events whose answer was read. */
export interface SendReport {
  events: number;
  seconds: number;
  /** all threads of its process */
  cpuSeconds: number;
}

/** Events a request, as sending is measured. */
export const SEND_SIZES = [1, 50, 1000] as const;

/** The same for both senders; TikTok's limit is 1,000 requests a second, so that an answer may take 32 ms. */
export const AT_ONCE = 32;
