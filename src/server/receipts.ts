import type { ReceiptAnswer } from '../api/wire.ts';
import { readReceipt, receiptOf } from '../collection/receipt.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import type { Answered, Asked } from './http.ts';

const VERDICT_WAIT_S_MAX = 10;

/** Records are written down before their sender is answered, and the answer's receipt leads to their verdicts. */
export interface Receipts {
  /** The receipt of records that survive a crash from now on; empty for none. */
  write(records: NewRecord[]): Promise<string>;
  /** Writes and answers 202, with the verdicts where the sender prefers to wait for them. `accepted`: how many of them count. */
  accept(records: NewRecord[], asked: Asked, accepted?: number): Promise<Answered>;
  /** undefined for a receipt that we did not give */
  verdicts(receipt: string, waitS: number): Promise<ReceiptAnswer | undefined>;
}

export function openReceipts(around: {
  secret: string;
  journal: Pick<Journal, 'append'>;
  reader: LedgerReader;
  committed(seq: number, waitMs: number): Promise<void>;
}): Receipts {
  async function verdicts(receipt: string, waitS: number): Promise<ReceiptAnswer | undefined> {
    const range = readReceipt(around.secret, receipt);
    if (!range) return undefined;
    const last = range.first + range.count - 1;
    if (waitS > 0) await around.committed(last, Math.min(waitS, VERDICT_WAIT_S_MAX) * 1000);
    // A bot's record has no verdict for its sender.
    const rows = (await around.reader.verdicts(range.first, last)).filter(({ reasons }) => !reasons.includes('bot'));
    const { events } = await around.reader.load({ events: rows.flatMap((row) => row.event ?? []), orders: [] });
    const idOf = new Map(events.map((event) => [event.seq, event.eventId]));
    return {
      pending: range.count - rows.length,
      records: rows.map(({ seq, verdict, reasons, problems, event }) => {
        const eventId = event === undefined ? undefined : idOf.get(event);
        return {
          seq,
          verdict,
          reasons,
          ...(problems ? { problems } : {}),
          ...(eventId === undefined ? {} : { event_id: eventId }),
        };
      }),
    };
  }

  // Neither is asynchronous itself, because that would hold the records until they are durable.
  function write(records: NewRecord[]): Promise<string> {
    const { length: count } = records;
    if (count === 0) return Promise.resolve('');
    return around.journal.append(records).then((first) => receiptOf(around.secret, first, count));
  }

  async function answer(receipt: string, accepted: number, { request }: Asked): Promise<Answered> {
    const wait = Number(/(?:^|[,; ])wait=(\d{1,3})/.exec(String(request.headers['prefer'] ?? ''))?.[1] ?? 0);
    const known = wait > 0 ? await verdicts(receipt, wait) : undefined;
    return { status: 202, json: { receipt, accepted, ...known } };
  }

  return {
    verdicts,
    write,
    accept: (records, asked, accepted = records.length) =>
      write(records).then((receipt) => answer(receipt, accepted, asked)),
  };
}
