import type { ImportedAnswer } from '../api/imports.ts';
import { adRecords } from '../collection/import-ads.ts';
import { touchRecords } from '../collection/import-touches.ts';
import type { Problem } from '../event/problem.ts';
import type { Journal, NewRecord } from '../store/journal.ts';
import type { LedgerReader } from '../store/ledger.ts';
import { SERVER_BYTES_MAX } from './doors/bytes.ts';
import { type Asked, HttpProblem, problem, type Route, readBody } from './http.ts';
import type { Specs } from './specs.ts';

const COMMIT_MS_MAX = 30_000;

/** What an operator's imports are read by, and told to. */
export interface ImportParts {
  reader: Pick<LedgerReader, 'verdicts' | 'offset'>;
  journal: Pick<Journal, 'append'>;
  specs: Pick<Specs, 'newest'>;
  now(): number;
  /** resolves when verdicts up to `seq` are committed, or after `waitMs` */
  committed(seq: number, waitMs: number): Promise<unknown>;
}

/** What an operator brings from elsewhere: contact with ads, and reports of Ads Manager's. */
export function importRoutes(parts: ImportParts): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/imports/touches',
      answer: async (asked) => ({ status: 200, json: await importTouches(await jsonOf(asked), parts, isDry(asked)) }),
    },
    {
      method: 'POST',
      path: '/v1/imports/ads',
      answer: async (asked) => ({ status: 200, json: await importAds(await jsonOf(asked), parts, isDry(asked)) }),
    },
  ];
}

/** Takes all touches of a batch or none; with `dry` it only reads them. Wrong input is an `HttpProblem`. */
export async function importTouches(asked: unknown, parts: ImportParts, dry: boolean): Promise<ImportedAnswer> {
  const read = touchRecords(asked, { region: parts.specs.newest.business.country, receivedAt: parts.now() });
  if (!read.ok) throw unreadable(read.problems);
  const records = read.value.map(({ record }) => record);
  const leftOut = read.value.reduce((sum, one) => sum + one.leftOut, 0);
  return { ...(dry ? NOTHING : await take(records, parts)), leftOut };
}

/** Likewise rows of reports. */
export async function importAds(asked: unknown, parts: ImportParts, dry: boolean): Promise<ImportedAnswer> {
  const { attribution, business } = parts.specs.newest;
  const read = adRecords(asked, { timezone: attribution.timezone ?? business.timezone, receivedAt: parts.now() });
  if (!read.ok) throw unreadable(read.problems);
  return { ...(dry ? NOTHING : await take(read.value, parts)), leftOut: 0 };
}

async function take(
  records: readonly NewRecord[],
  { reader, journal, committed }: ImportParts,
): Promise<Omit<ImportedAnswer, 'leftOut'>> {
  const first = await journal.append(records);
  const last = first + records.length - 1;
  await committed(last, COMMIT_MS_MAX);
  if ((await reader.offset()) < last)
    throw new HttpProblem(
      problem(503, 'not_decided', 'It is written down, and admission has not come to it. Look again in a minute.'),
    );
  const counts = { ...NOTHING };
  for (const { reasons } of await reader.verdicts(first, last)) counts[BECAME[reasons[0] ?? ''] ?? 'known']++;
  return counts;
}

const NOTHING = { new: 0, updated: 0, known: 0, older: 0 };

const BECAME: Readonly<Record<string, 'new' | 'updated' | 'older'>> = {
  touch_imported: 'new',
  ad_report_taken: 'new',
  ad_report_updated: 'updated',
  ad_report_older: 'older',
};

function isDry({ url }: Asked): boolean {
  return url.searchParams.get('dry_run') === '1';
}

async function jsonOf({ request }: Asked): Promise<unknown> {
  const raw = await readBody(request, SERVER_BYTES_MAX);
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new HttpProblem(problem(400, 'body_not_json', 'The body is not JSON in UTF-8.'));
  }
}

function unreadable(problems: readonly Problem[]): HttpProblem {
  return new HttpProblem(
    problem(422, 'body_shape', 'The body has not the shape of this address. Nothing was changed.', problems),
  );
}
