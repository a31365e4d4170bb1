import type { BrowserBatch } from '../api/wire.ts';
import type { Consent } from '../event/event.ts';
import { cleanProperties, cleanUrl } from './clean.ts';
import { client } from './client.ts';
import type { Contacts } from './contacts.ts';
import { read, write } from './drawer.ts';
import type { Landing } from './landing.ts';
import { randomId } from './random-id.ts';

/** What all events of one batch share. */
export type Head = Omit<BrowserBatch, 'key' | 'sent_at' | 'events' | 'reports'>;

/** 395 days, and half an hour */
const VISITOR_MS = 34_128_000_000;
const VISITOR_SECONDS = 34_128_000;
const SESSION_MS = 1_800_000;

/** What the visitor said of themselves: the choice, and contacts, hashed. */
export const visit: { consent: Consent; contacts: Contacts } = { consent: 'unknown', contacts: {} };

/** The visitor, the session and the page as they are now. */
export function head(): Head {
  const { ttclid, ...ad } = read<Landing>('ad') ?? {};
  const visitor = write('visitor', cookie('_assay')?.split('.')[0] ?? read('visitor') ?? randomId(), VISITOR_MS);
  const session = sessionId();
  setCookie(`${visitor}.${session}`, VISITOR_SECONDS);
  return {
    consent: visit.consent,
    visitor,
    session,
    spec: client.version,
    user: { ...visit.contacts, ttclid, ttp: cookie('_ttp') },
    page: { url: cleanUrl(location.href), referrer: cleanUrl(document.referrer) },
    ad: cleanProperties(ad),
    // JSON leaves out what is undefined.
  } as Head;
}

/** The session ends after half an hour without an act. */
export function sessionId(): string {
  return write('session', read<string>('session') ?? randomId(), SESSION_MS);
}

/** Tells the servers of the whole site the visitor and the session; no seconds delete the cookie. */
export function setCookie(ids: string, seconds: number): void {
  // An empty domain stands for this host.
  const domain = client.domains.find((name) => location.hostname.endsWith(name)) ?? '';
  // biome-ignore lint/suspicious/noDocumentCookie: pages without TLS, and some browsers, have no Cookie Store API
  document.cookie = `_assay=${ids};path=/;domain=${domain};max-age=${seconds}`;
}

function cookie(name: string): string | undefined {
  return document.cookie.match(`(^| )${name}=([^;]+)`)?.[2];
}
