import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceAnswer } from '../api/answers.ts';
import { clockText } from '../server/says.ts';
import { Specs } from '../server/specs.ts';
import { trace } from '../server/trace.ts';
import { openLedgerReader } from '../store/sqlite/ledger.ts';
import type { Io } from './io.ts';

/** Prints the whole chain of an id. 1 when nothing is known, 2 when there is no store. */
export async function traceCommand(id: string, options: { data?: string; json?: boolean }, io: Io): Promise<number> {
  const folder = options.data ?? io.env['ASSAY_DATA'] ?? './.assay';
  if (!existsSync(join(folder, 'ledger.db'))) {
    io.stderr(`There is no store in ${folder}. Name its folder with --data or ASSAY_DATA.\n`);
    return 2;
  }
  // SQLite lets others read while the server writes, so this needs no running server.
  const reader = await openLedgerReader(folder);
  try {
    const specs = new Specs();
    specs.learn(await reader.specs());
    const answer = await trace(reader, id, (version) => specs.of(version), io.now());
    if (!answer) {
      io.stderr(`Nothing is known about ${JSON.stringify(id)}.\n`);
      return 1;
    }
    io.stdout(options.json ? `${JSON.stringify(answer)}\n` : words(answer));
    return 0;
  } finally {
    await reader.close();
  }
}

const KIND_WORDS = { click: 'click', engagedView: 'engaged view', view: 'view' };

function words(answer: TraceAnswer): string {
  const clock = (at: number): string => clockText(at, answer.timezone);
  const lines = [`${answer.id} as of ${clock(answer.asOf)} (${answer.timezone})`];
  if (answer.order) {
    const { orderId, status, total, createdBy, entries } = answer.order;
    lines.push(
      `Order ${orderId}: ${status}${total ? `, ${total}` : ''}${createdBy ? `, created by the ${createdBy}` : ''}`,
    );
    for (const entry of entries)
      lines.push(
        `  ${entry.kind}${entry.amount === undefined ? '' : ` ${entry.amount}`}, reference ${entry.reference}`,
      );
  }
  if (answer.lead) {
    lines.push(`Lead ${answer.lead.leadId}`);
    for (const { status, occurredAt, value, unsent, reversal } of answer.lead.steps) {
      const why = unsent && `not signalled: ${unsent}`;
      const fall = reversal && 'takes back what TikTok was told';
      lines.push(`  ${clock(occurredAt)}  ${[status, value, why, fall].filter(Boolean).join(', ')}`);
    }
  }
  for (const { type, at, ad, target, imported } of answer.touches) {
    const names = Object.entries(ad).map(([name, value]) => `${name} ${String(value)}`);
    lines.push(
      `Ad ${KIND_WORDS[type]} ${clock(at)}${imported ? ', imported' : ''}${target === undefined ? '' : `, to ${target}`}${names.length > 0 ? ` (${names.join(', ')})` : ''}`,
    );
  }
  for (const event of answer.events) {
    lines.push(
      '',
      `${event.event} ${event.eventId}${event.value ? `, ${event.value}` : ''}, happened ${clock(event.occurredAt)}`,
    );
    for (const leg of event.dispatches) lines.push(`  ${leg.leg.padEnd(5)} ${leg.state.padEnd(9)} ${leg.says}`);
    for (const hop of event.hops)
      lines.push(
        `  ${clock(hop.at)}  ${[hop.door ?? hop.leg ?? hop.kind, hop.verdict ?? hop.state ?? ''].join(' ').trim().padEnd(28)} ${hop.says}${hop.reasons.length > 0 && hop.verdict ? ` (${hop.reasons.join(', ')})` : ''}${hop.requestId ? ` [${hop.requestId}]` : ''}`,
      );
  }
  if (answer.cut) lines.push('', 'Older events are cut: name a narrower id.');
  return `${lines.join('\n')}\n`;
}
