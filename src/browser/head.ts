import type { BrowserBatch } from '../api/wire.ts';
import { domains, version } from './config.ts';
import { read, write } from './drawer.ts';
import { randomId } from './random-id.ts';
import { consent, contacts, page } from './visit.ts';

/** What all events of one batch share. */
export type Head = Omit<BrowserBatch, 'key' | 'sent_at' | 'events' | 'reports'>;
export type Ids = Pick<Head, 'visitor' | 'session'>;

/** 395 days, and half an hour */
const VISITOR_MS = 34_128_000_000;
const VISITOR_SECONDS = 34_128_000;
const SESSION_MS = 1_800_000;

/** The visitor, the session and the page as they are now. */
export function head(): Head {
  return {
    consent,
    ...ids(),
    spec: version,
    user: { ...contacts, ttp: cookie('_ttp') },
    page,
    ad: read('assay:ad'),
    // JSON leaves out what is undefined.
  } as Head;
}

/** The visitor's ids: these if given, else those known, else new ones. The site's servers get them as a cookie. */
export function ids(
  visitor = cookie('_assay')?.split('.')[0] ?? read<string>('assay:visitor') ?? randomId(),
  given?: string,
): Ids {
  const session = sessionId(given);
  write('assay:visitor', visitor, VISITOR_MS);
  setCookie(`${visitor}.${session}`);
  return { visitor, session };
}

/** The session ends after half an hour without an act. */
export function sessionId(id = read<string>('assay:session') ?? randomId()): string {
  return write('assay:session', id, SESSION_MS);
}

/** No value deletes the cookie. */
export function setCookie(value: string): void {
  // An empty domain stands for this host.
  // biome-ignore lint/suspicious/noDocumentCookie: pages without TLS, and some browsers, have no Cookie Store API
  document.cookie = `_assay=${value};path=/;domain=${siteOf() ?? ''};max-age=${value ? VISITOR_SECONDS : 0}`;
}

/** The declared domain that covers a host, this page's unless named: its hosts share their cookies. */
export function siteOf(host = location.hostname): string | undefined {
  return domains.find((domain) => `.${host}`.endsWith(`.${domain}`));
}

function cookie(name: string): string | undefined {
  return document.cookie.match(`\\b${name}=([^;]+)`)?.[1];
}
