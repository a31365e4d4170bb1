import { type Reading, read } from '../../tiktok/answer.ts';
import { type Exchange, told } from './exchange.ts';
import { Findings, fateOf } from './findings.ts';
import type { Piece } from './pieces.ts';
import { auditRequest } from './request.ts';

/** What was read so far; requests are those to the Events API. */
export interface Counts {
  /** lines or entries */
  pieces: number;
  /** requests to other places, and lines of other things */
  others: number;
  requests: number;
  events: number;
  /** events whose request was answered with HTTP 2xx: their sender calls them delivered */
  calledDelivered: number;
  taken: number;
  refused: number;
  mayHave: number;
  /** events that their sender knows to have failed: another HTTP status */
  failedVisibly: number;
  /** events of requests without an answer in the log */
  unanswered: number;
  /** pieces that can't be read */
  unreadable: number;
}

export interface Audit {
  counts: Counts;
  findings: Findings;
  unreadable: { place: string; why: string }[];
  take(file: string, piece: Piece): void;
  /** A file ended before its time. */
  cut(file: string, why: string): void;
  /** Requests that still wait for their answer's line have none. */
  finish(): void;
}

const UNREADABLE_SHOWN_MAX = 20;
/** Requests that wait for the line with their answer; it follows within moments. */
const WAITING_MAX = 1000;

export function openAudit(): Audit {
  const counts: Counts = {
    ...{ pieces: 0, others: 0, requests: 0, events: 0, calledDelivered: 0, taken: 0, refused: 0, mayHave: 0 },
    ...{ failedVisibly: 0, unanswered: 0, unreadable: 0 },
  };
  const findings = new Findings();
  const unreadable: { place: string; why: string }[] = [];
  const waiting = new Map<string, { exchange: Exchange; place: string }>();

  function fault(place: string, why: string): void {
    counts.unreadable++;
    if (unreadable.length < UNREADABLE_SHOWN_MAX) unreadable.push({ place, why });
  }

  function exchanged(exchange: Exchange, place: string): void {
    const { events, slips } = auditRequest(exchange);
    counts.requests++;
    counts.events += events.length;
    for (const slip of slips) findings.slip(slip, place);
    const { answer, at } = exchange;
    if (!answer) counts.unanswered += events.length;
    else if (answer.status < 200 || answer.status > 299) counts.failedVisibly += events.length;
    else {
      counts.calledDelivered += events.length;
      // The same reader judges what Assay sends itself.
      const sent = events.map(({ sentId }) => sentId);
      const readings = events.length === 0 ? [] : read({ kind: 'http', ...answer }, sent);
      for (const [n, event] of events.entries()) {
        const reading = readings[n] as Reading;
        const fate = fateOf(reading);
        counts[fate]++;
        if (fate !== 'taken') findings.add(event, reading, fate, at, place);
      }
    }
  }

  function wait(key: string, exchange: Exchange, place: string): void {
    waiting.set(key, { exchange, place });
    const [oldest] = waiting;
    if (waiting.size <= WAITING_MAX || !oldest) return;
    waiting.delete(oldest[0]);
    exchanged(oldest[1].exchange, oldest[1].place);
  }

  return {
    counts,
    findings,
    unreadable,
    take(file, piece) {
      counts.pieces++;
      const place = `${file}:${piece.place}`;
      if ('fault' in piece) {
        fault(place, piece.fault);
        return;
      }
      const found = told(piece.text);
      switch (found.kind) {
        case 'exchange':
          exchanged(found.exchange, place);
          break;
        case 'request':
          wait(found.key, found.exchange, place);
          break;
        case 'answer': {
          const asked = waiting.get(found.key);
          waiting.delete(found.key);
          if (asked) exchanged({ ...asked.exchange, answer: found.answer }, asked.place);
          else counts.others++;
          break;
        }
        case 'other':
          counts.others++;
          break;
        case 'fault':
          fault(place, found.fault);
          break;
      }
    },
    cut: fault,
    finish() {
      for (const { exchange, place } of waiting.values()) exchanged(exchange, place);
      waiting.clear();
    },
  };
}
