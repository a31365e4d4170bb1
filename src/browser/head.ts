import type { ScriptHead } from '../api/wire.ts';
import { domains, version } from './config.ts';
import { read, write } from './drawer.ts';
import { randomId } from './random-id.ts';
import { consent, contacts, page } from './visit.ts';

export type Ids = ScriptHead[2];

/** 395 days, and half an hour */
const VISITOR_SECONDS = 34_128_000;
const SESSION_SECONDS = 1800;

/** What all events of one batch share: the visitor, the session and the page as they are now. */
export function head(): ScriptHead {
  return [consent, version, ids(), page, read('assay:ad'), contacts, cookie('_ttp')];
}

/**
 * The visitor's ids: these if given, else those known, else new ones. The cookie keeps them, for the site's servers as
 * well. A visitor goes by the id of their first session, where cookies are blocked by that of each.
 */
export function ids({ visitor = cookie('_assay')?.split('.')[0] ?? sessionId(), session }: Partial<Ids> = {}): Ids {
  session = sessionId(session);
  setCookie(`${visitor}.${session}`);
  return { visitor, session };
}

/** The session ends after half an hour without an act. */
export function sessionId(id = read<string>('assay:session') ?? randomId()): string {
  return write('assay:session', id, SESSION_SECONDS);
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
