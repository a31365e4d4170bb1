import type { JsonObject } from '../event/event.ts';
import type { Parsed } from '../event/problem.ts';
import type { ToldFired, ToldPixel } from '../event/told.ts';
import type { NewRecord } from '../store/journal.ts';
import { capabilityOf } from './capability.ts';
import { browserBatch, parser } from './schemas.ts';
import { eventRecord, type sitesOf, type Wire, withoutEmail } from './tell.ts';

/** What the door knows of a request beside its body. */
export interface Facts {
  receivedAt: number;
  keyId: string;
  /** the visitor's address, trusted proxies taken off */
  ip: string;
  userAgent: string;
}

const read = parser(browserBatch);

/** The records of one page batch. Address and user agent are the request's own, whatever the body claims. */
export function browserRecords(body: unknown, facts: Facts, sites: ReturnType<typeof sitesOf>): Parsed<NewRecord[]> {
  const parsed = read(body);
  if (!parsed.ok) return parsed;
  const batch = parsed.value;
  const receipt = { door: 'browser', keyId: facts.keyId, receivedAt: facts.receivedAt } as const;
  const shared = { visitor: batch.visitor, session: batch.session, consent: batch.consent };
  const user = { ...batch.user, ip: facts.ip, user_agent: facts.userAgent };
  // A script that failed to load has fired nothing, whatever the page queued for it.
  const loadFailed = (batch.reports ?? []).some((report) => report.type === 'pixel' && report.state === 'loadFailed');
  const events = (batch.events ?? []).map((event) => {
    const wire: Wire = {
      ...(event as Wire),
      ...shared,
      source: 'web',
      ...(loadFailed && event.pixel === 'fired' ? { pixel: 'failed' } : {}),
      user: { ...user, ...event.user, ip: facts.ip, user_agent: facts.userAgent },
    };
    const page = event.page ?? batch.page;
    const ad = event.ad ?? batch.ad;
    const record = eventRecord({ ...wire, ...(page ? { page } : {}), ...(ad ? { ad } : {}) } as Wire, receipt, sites);
    return { ...record, body: { ...record.body, spec: batch.spec } };
  });
  const reports = (batch.reports ?? []).map((report): NewRecord => {
    const told: ToldPixel | ToldFired =
      report.type === 'pixel'
        ? { state: report.state, visitor: withoutEmail(batch.visitor), session: withoutEmail(batch.session) }
        : { capability: capabilityOf(report.handout), event_id: withoutEmail(report.event_id), time: report.time };
    return {
      ...receipt,
      kind: report.type === 'pixel' ? 'pixel' : 'fired',
      body: told as unknown as JsonObject,
      personal: null,
    };
  });
  return { ok: true, value: [...events, ...reports] };
}
