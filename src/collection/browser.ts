import type { BrowserReport, ScriptState } from '../api/wire.ts';
import type { Consent } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { ToldEvent } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { landingOf } from './landing.ts';
import { reportRecord } from './reports.ts';
import { browserBatch, parser, report as reportSchema } from './schemas.ts';
import { namedBatch } from './script-batch.ts';
import { eventRecord, type sitesOf, type Wire, withoutContact } from './tell.ts';
import { unreadRecord } from './unread.ts';

/** What the door knows of a request beside its body. */
export interface Facts {
  receivedAt: number;
  keyId: string;
  /** the key is one for try-outs: all that it tells is a draft */
  draft?: boolean;
  /** the visitor's address, trusted proxies taken off */
  ip: string;
  userAgent: string;
  /** the first language that the browser asks for */
  locale?: string;
}

/** One page batch: its records, and whose it is. */
export interface BrowserTold {
  records: NewRecord[];
  visitor: string;
  session: string;
  /** the visitor's last word in it */
  choice: Consent;
}

const read = parser(browserBatch);
const readReport = parser(reportSchema);

/** The records of one page batch. */
export function browserRecords(body: unknown, facts: Facts, sites: ReturnType<typeof sitesOf>): Parsed<BrowserTold> {
  const parsed = read(namedBatch(body));
  if (!parsed.ok) return parsed;
  const batch = parsed.value;
  const receipt = { door: 'browser', keyId: facts.keyId, receivedAt: facts.receivedAt } as const;
  const { visitor, session, consent, sent_at } = batch;
  const { ttclid, ad } = landingOf(batch.ad);
  const user = { ...(ttclid === undefined ? {} : { ttclid }), ...batch.user };
  const reports: BrowserReport[] = [];
  const unread: NewRecord[] = [];
  const events = batch.events ?? [];
  for (const told of events.filter(Array.isArray)) {
    const report = readReport(told);
    // The page takes a refusal as final: it would lose the events beside it.
    if (report.ok) reports.push(report.value as BrowserReport);
    else
      unread.push(
        unreadRecord(Buffer.from(JSON.stringify(told)), 'report_shape', 'quarantined', 'browser', facts.receivedAt),
      );
  }
  // A script that failed to load has fired nothing, whatever the page queued for it.
  const loadFailed = reports.some(([kind, state]) => kind === 'pixel' && state === 'loadFailed');
  const records: NewRecord[] = [];
  for (const event of events) {
    if (Array.isArray(event)) continue;
    const wire: Wire = {
      ...(event as Omit<typeof event, 'pixel'>),
      ...{ source: 'web', visitor, session, consent, sent_at },
      user: visitorsUser(event.user ? { ...user, ...event.user } : user, facts),
    };
    // Who acts in a page is a visitor, and the schema lets through what it does not know.
    if ('origin' in wire) delete wire.origin;
    if (event.pixel !== undefined) wire.pixel = ownCopy(loadFailed && event.pixel ? 'loadFailed' : event.pixel);
    if (!event.page && batch.page) wire.page = batch.page as NonNullable<Wire['page']>;
    if (!event.ad && ad) wire.ad = ad;
    const record = eventRecord(wire, receipt, sites);
    record.body['spec'] = batch.spec;
    records.push(record);
  }
  const who = { visitor: withoutContact(visitor), session: withoutContact(session) };
  for (const report of reports) records.push(reportRecord(report, who, receipt, batch.page?.url));
  if (facts.draft) for (const record of records) record.body['draft'] = true;
  records.push(...unread);
  const choice = reports.findLast((report) => report[0] === 'consent')?.[1] ?? consent;
  return { ok: true, value: { records, visitor, session, choice } };
}

/** What became of the page's own copy. Calls that were made before the script came wait for it. */
function ownCopy(script: ScriptState | false): ToldEvent['pixel'] {
  if (!script) return 'none';
  return script === 'loadFailed' ? 'failed' : 'fired';
}

/** What is known of the visitor. Address and user agent are the request's own, whatever a page claims. */
export function visitorsUser(
  told: Record<string, unknown>,
  { ip, userAgent, locale }: Facts,
): NonNullable<Wire['user']> {
  return { ...(locale === undefined ? {} : { locale }), ...told, ip, user_agent: userAgent };
}
