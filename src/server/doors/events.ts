import { isBot } from '../../collection/bots.ts';
import { type BrowserTold, browserRecords } from '../../collection/browser.ts';
import { unreadRecord } from '../../collection/unread.ts';
import { sharedDomain, visitorCookie } from '../cookie.ts';
import { forPages, preflight } from '../cors.ts';
import { type Asked, type Route, readBody } from '../http.ts';
import { BROWSER_BYTES_MAX } from './bytes.ts';
import type { DoorFrame } from './frame.ts';

/** What pages tell. */
export function eventRoutes({ check, receipts, origins, sites, facts, specs, config }: DoorFrame): Route[] {
  const collector = URL.parse(config.publicUrl);

  /** The visitor's ids, kept by the browser for the whole site where the collector is a host of it. */
  function keepIds({ request, response }: Asked, told: BrowserTold): void {
    const { sites, consent } = specs.newest;
    const domain = collector && sharedDomain(collector.hostname, request.headers.origin ?? '', sites.domains);
    const rules = { consent: consent.mode, secure: collector?.protocol === 'https:' };
    const cookie = domain && visitorCookie(told, domain, rules);
    if (cookie) response.setHeader('set-cookie', cookie);
  }

  return [
    preflight(origins, '/v1/events'),
    forPages(origins, {
      method: 'POST',
      path: '/v1/events',
      async answer(asked) {
        const raw = await readBody(asked.request, BROWSER_BYTES_MAX);
        await check.origin(asked, raw);
        const body = await check.json(raw, 'browser');
        const known = facts(asked, await check.writeKey(body, raw));
        const told = await check.shape(browserRecords(body, known, sites()), raw, 'browser');
        // A bot is answered like anybody, so that it learns nothing.
        const bot = told.records.length > 0 && isBot(known.userAgent);
        if (!bot) keepIds(asked, told);
        const records = bot ? [unreadRecord(raw, 'bot', 'refused', 'browser', known.receivedAt)] : told.records;
        return receipts.accept(records, asked, told.records.length);
      },
    }),
  ];
}
