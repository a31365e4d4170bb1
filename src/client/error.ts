import type { Problem } from '../event/problem.ts';

/** What can go wrong, by code. The guide lists what to do about each. */
export const CLIENT_CODES = {
  queue_full: 'The collector cannot be reached and what waits has reached its limit; this was not kept.',
  closed: 'The client was closed before this could be told.',
  not_json: 'This cannot be written as JSON.',
  too_large: 'This is larger than a request may be.',
  refused: 'The collector refused it; the problems say why. Telling it again unchanged would change nothing.',
  quarantined: 'The collector has it and will not send it as it is; the problems say what to mend.',
  late: 'The collector has not answered in time; the client goes on telling it.',
  gave_up: 'The collector could not be reached for too long; this is not told again.',
} as const;

export type ClientCode = keyof typeof CLIENT_CODES;

/** The one error of this client. It never holds what was told, only its ids. */
export class ClientError extends Error {
  readonly code: ClientCode;
  /** event ids, order ids or lead ids that it is about */
  readonly ids: readonly string[];
  /** what the collector finds wrong, field by field */
  readonly problems: readonly Problem[];
  /** HTTP status of the collector's answer, where there was one */
  readonly status: number | undefined;

  constructor(
    code: ClientCode,
    ids: readonly string[],
    more: { why?: string; problems?: readonly Problem[]; status?: number; cause?: unknown } = {},
  ) {
    const { why, problems = [], status, cause } = more;
    const found = problems.map((problem) => `${problem.where} ${problem.what}: ${problem.fix}`);
    const details = [why, ...found].filter((text) => text !== undefined && text !== '').join('; ');
    super(details === '' ? CLIENT_CODES[code] : `${CLIENT_CODES[code]} (${details})`, { cause });
    this.name = 'ClientError';
    this.code = code;
    this.ids = ids;
    this.problems = problems;
    this.status = status;
  }
}
