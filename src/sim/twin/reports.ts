import type { SQLInputValue } from 'node:sqlite';
import type { Channel } from './dedup.ts';
import { amountOf, amountText, ZERO } from './money.ts';

export interface EventTotals {
  counted: number;
  merged: number;
  dropped: number;
  /** copies that arrived over the pixel, whatever became of them */
  browser: number;
  /** copies that arrived over the Events API, whatever became of them */
  server: number;
  /** currency → sum in major units */
  value: Record<string, string>;
}

type Rows = <T>(sql: string, ...values: SQLInputValue[]) => T[];

/** The sums that reports and diagnostics show. */
export function reportsOf(rows: Rows) {
  return {
    /** Totals per event name, test events left out. */
    totals(): Record<string, EventTotals> {
      // Without a prototype, because a sender chooses the names.
      const found = Object.create(null) as Record<string, EventTotals>;
      for (const row of rows<Omit<EventTotals, 'value' | 'browser' | 'server'> & { event: string }>(
        `SELECT event, count(*) AS counted, sum(merged) AS merged, sum(dropped) AS dropped FROM tally
         WHERE test IS NULL GROUP BY event ORDER BY event`,
      )) {
        const { event, ...counts } = row;
        found[event] = { ...counts, browser: 0, server: 0, value: {} };
      }
      for (const row of rows<{ event: string; browser: number; server: number }>(
        `SELECT tally.event, sum(channel = 'pixel') AS browser, sum(channel = 'api') AS server
         FROM arrival JOIN tally ON tally.id = arrival.tally WHERE test IS NULL GROUP BY tally.event`,
      ))
        Object.assign(found[row.event] ?? {}, { browser: row.browser, server: row.server });
      for (const row of rows<{ event: string; currency: string; sum: string }>(
        `SELECT event, currency, exactSum(value) AS sum FROM tally
         WHERE test IS NULL AND value IS NOT NULL AND currency IS NOT NULL GROUP BY event, currency ORDER BY currency`,
      )) {
        const total = found[row.event];
        if (total) total.value[row.currency] = amountText(amountOf(row.sum) ?? ZERO, row.currency);
      }
      return found;
    },
    issues(since: number): {
      rule: string;
      event: string;
      channel: Channel;
      field: string;
      count: number;
      lastAt: number;
      example: string | null;
    }[] {
      return rows(
        `SELECT rule, event, channel, min(field) AS field, count(*) AS count, max(at) AS lastAt, max(eventId) AS example
         FROM issue WHERE at >= ? GROUP BY rule, event, channel ORDER BY rule, event, channel`,
        since,
      );
    },
    /** Counted live events since then with the share of each path present in their bodies. */
    coverage(since: number, keys: readonly string[]): Record<string, number | string>[] {
      const sums = keys.map((key) => `sum(json_extract(body, '$.user.${key}') IS NOT NULL) AS ${key}`).join(', ');
      return rows(
        `SELECT event, count(*) AS counted, ${sums} FROM tally WHERE firstAt >= ? AND test IS NULL GROUP BY event ORDER BY event`,
        since,
      );
    },
    /** Copies since then per event and channel. */
    copies(since: number): { event: string; browser: number; server: number }[] {
      return rows(
        `SELECT tally.event, sum(channel = 'pixel') AS browser, sum(channel = 'api') AS server
         FROM arrival JOIN tally ON tally.id = arrival.tally
         WHERE arrival.at >= ? AND test IS NULL GROUP BY tally.event ORDER BY tally.event`,
        since,
      );
    },
  };
}
