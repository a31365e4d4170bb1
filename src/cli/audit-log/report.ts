import { tableText } from '../text-table.ts';
import type { Audit, Counts } from './audit.ts';
import type { CodeFinding, SlipFinding } from './findings.ts';

/** Everything that an audit says. Times are UTC ms. */
export interface AuditAnswer extends Counts {
  files: string[];
  /** the finding in one sentence */
  summary: string;
  codes: CodeFinding[];
  slips: SlipFinding[];
  /** the first places that can't be read, and why */
  unreadableAt: { place: string; why: string }[];
}

export function answerOf(files: string[], { counts, findings, unreadable }: Audit): AuditAnswer {
  const codes = findings.codes();
  const summary = sentence(counts, codes);
  return { files, summary, ...counts, codes, slips: findings.slips(), unreadableAt: [...unreadable] };
}

const CODES_NAMED_MAX = 5;

function sentence({ requests, calledDelivered, refused, mayHave }: Counts, codes: readonly CodeFinding[]): string {
  if (requests === 0) return 'No request to TikTok’s Events API was found.';
  if (calledDelivered === 0) return 'No event was answered with HTTP 2xx.';
  const lost = [
    refused > 0 ? `refused ${number(refused)} (${share(refused, calledDelivered)})` : '',
    mayHave > 0 ? `may have refused ${number(mayHave)} (${share(mayHave, calledDelivered)})` : '',
  ].filter((part) => part !== '');
  const named = codes
    .slice(0, CODES_NAMED_MAX)
    .map(({ code, count }) => `${code ?? 'no code'} for ${number(count)}`)
    .join(', ');
  const of = `Of ${number(calledDelivered)} ${calledDelivered === 1 ? 'event' : 'events'} that ${calledDelivered === 1 ? 'was' : 'were'} answered with HTTP 2xx, TikTok`;
  if (lost.length === 0) return `${of} took all.`;
  return `${of} ${lost.join(' and ')}: ${named}${codes.length > CODES_NAMED_MAX ? ' …' : ''}.`;
}

/** The answer for a person. */
export function auditText(answer: AuditAnswer): string {
  const { codes, slips, unreadableAt, unreadable } = answer;
  const parts = [answer.summary, countsText(answer)];
  parts.push(...codes.map(codeText));
  if (slips.length > 0)
    parts.push(
      `Also found:\n${slips.map(({ count, what, fix, places }) => `  ${number(count)} × ${what}\n    ${fix}\n    ${places.join('\n    ')}`).join('\n')}`,
    );
  if (unreadable > 0)
    parts.push(
      `Not read:\n${unreadableAt.map(({ place, why }) => `  ${place} ${why}`).join('\n')}${unreadable > unreadableAt.length ? `\n  … ${number(unreadable)} in all` : ''}`,
    );
  return `${parts.join('\n\n')}\n`;
}

function countsText(counts: Counts): string {
  const lines = [
    `  ${number(counts.requests)} requests with ${number(counts.events)} events, in ${number(counts.pieces)} lines or entries`,
  ];
  const say = (count: number, one: string, many: string, what: string): void => {
    if (count > 0) lines.push(`  ${number(count)} ${count === 1 ? one : many} ${what}`);
  };
  const events = (count: number, what: string): void => say(count, 'event', 'events', what);
  const pieces = (count: number, what: string): void => say(count, 'line or entry', 'lines or entries', what);
  events(counts.taken, 'that TikTok took');
  events(counts.refused, 'that TikTok refused behind an HTTP 2xx');
  events(counts.mayHave, 'of which TikTok’s answer does not tell');
  events(counts.failedVisibly, 'that failed with an HTTP status, which the sender can see');
  events(counts.unanswered, 'without an answer in the log');
  pieces(counts.others, 'of other things');
  pieces(counts.unreadable, 'that can’t be read');
  return lines.join('\n');
}

function codeText(found: CodeFinding): string {
  const { code, fate, count, meaning, fix, message, byEvent, firstAt, lastAt, examples } = found;
  const names = byEvent.slice(0, 8).map(({ event, count: of }) => `${event} ${number(of)}`);
  const rows = examples.map(({ event, id, place }) => ['   ', event, id || '(no event_id)', place]);
  return [
    `${code ?? 'No code'}: ${number(count)} ${count === 1 ? 'event' : 'events'} ${fate === 'refused' ? 'refused' : 'perhaps refused'}. ${meaning}.`,
    ...(message === '' ? [] : [`  TikTok said: ${message}`]),
    `  To do: ${fix}`,
    `  Events: ${names.join(', ')}${byEvent.length > names.length ? ', …' : ''}`,
    ...(firstAt === null || lastAt === null
      ? []
      : [firstAt === lastAt ? `  At ${utc(firstAt)}` : `  From ${utc(firstAt)} to ${utc(lastAt)}`]),
    '  Such as:',
    tableText(rows),
  ].join('\n');
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function share(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}
