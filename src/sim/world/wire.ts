import { createHash } from 'node:crypto';
import type { Consent, Json, JsonObject } from '../../event/event.ts';

/** What a page load of a visitor shares: the SDK's envelope and the pixel's context. */
export interface Context {
  visitor: string;
  session: string;
  ttp: string;
  ttclid: string | undefined;
  userAgent: string;
  consent: Consent;
  url: string;
  referrer: string;
  /** campaign parameters of the landing page that did expand */
  ad: JsonObject;
  /** hashed */
  contacts: Record<string, string>;
}

/** The body that the SDK posts to the browser door. */
export function batch(
  context: Context,
  door: { writeKey: string; specVersion: number },
  atMs: number,
  events: readonly Json[],
): string {
  return JSON.stringify({
    key: door.writeKey,
    spec: door.specVersion,
    sent_at: atMs / 1000,
    visitor: context.visitor,
    session: context.session,
    consent: context.consent,
    user: {
      ...context.contacts,
      ...(context.ttclid === undefined ? {} : { ttclid: context.ttclid }),
      ttp: context.ttp,
      locale: 'en',
    },
    page: { url: context.url, ...(context.referrer === '' ? {} : { referrer: context.referrer }) },
    ad: context.ad,
    events,
  });
}

/** What TikTok's pixel sends for one event: times are ISO 8601, the click id stands in `ad.callback`. */
export function beacon(
  context: Context,
  pixelCode: string,
  atMs: number,
  messageId: string,
  event: string,
  eventId: string | undefined,
  properties: JsonObject,
): string {
  return JSON.stringify({
    event,
    message_id: `messageId-${messageId}-${pixelCode}`,
    ...(eventId === undefined ? {} : { event_id: eventId }),
    is_onsite: false,
    timestamp: new Date(atMs).toISOString(),
    context: {
      ad: { ...(context.ttclid === undefined ? {} : { callback: context.ttclid }), sdk_env: 'external', jsb_status: 2 },
      user: { anonymous_id: context.ttp, ...pixelContacts(context.contacts) },
      pixel: { code: pixelCode, runtime: '1' },
      page: { url: context.url, referrer: context.referrer },
      library: { name: 'pixel.js', version: '2.1.33' },
      device: { platform: /Mobile/.test(context.userAgent) ? 'mobile' : 'pc' },
      session_id: context.session,
      pageview_id: `${context.session}-${Math.floor(atMs)}`,
      index: 1,
      userAgent: context.userAgent,
    },
    _inspection: {},
    signal_diagnostic_labels: {},
    properties,
    limited_data_use: false,
  });
}

function pixelContacts(contacts: Record<string, string>): Record<string, string> {
  const names: Record<string, string> = { email: 'email', phone: 'phone_number', external_id: 'external_id' };
  return Object.fromEntries(Object.entries(contacts).map(([name, hash]) => [names[name] ?? name, hash]));
}

/** Contacts as a page hashes them: mail trimmed and lower-cased, phone in E.164, anything else left out. */
export function hashedContacts(plain: JsonObject): Record<string, string> {
  const text = (name: string): string => (typeof plain[name] === 'string' ? plain[name].trim() : '');
  const phone = text('phone').replace(/[\s().-]/g, '');
  const normal = {
    email: text('email').toLowerCase(),
    phone: /^\+[1-9]\d{6,14}$/.test(phone) ? phone : '',
    external_id: text('external_id'),
  };
  return Object.fromEntries(
    Object.entries(normal)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, createHash('sha256').update(value).digest('hex')]),
  );
}

/** Campaign parameters of a landing address. A macro that never expanded counts as missing. */
export function adParameters(url: URL): JsonObject {
  const found: JsonObject = {};
  for (const [name, value] of url.searchParams)
    if (/^(utm_|tt_)/.test(name) && !/^_{1,2}[A-Z_]+_{1,2}$/.test(value)) found[name] = value;
  return found;
}

/** The SDK calls that a page of the shop makes: one to a line. */
export function callsOf(page: string): [string, ...unknown[]][] {
  const calls: [string, ...unknown[]][] = [];
  for (const [, list = ''] of page.matchAll(/^assay\((.*)\);$/gm)) {
    const call: unknown = JSON.parse(`[${list}]`);
    if (Array.isArray(call) && typeof call[0] === 'string') calls.push([call[0], ...call.slice(1)]);
  }
  return calls;
}
