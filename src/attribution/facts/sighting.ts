import { hash } from 'node:crypto';
import type { EventRow } from '../../event/event.ts';
import type { Creative, TouchFact, TouchKind, TouchSource } from '../../event/fact.ts';
import type { TouchRow } from '../../event/touch.ts';
import type { Spec } from '../../spec/spec.ts';
import { adChannel, creativeOf, isReturn, isTikTok, knownOf, referrerChannel } from './channel.ts';

/** One record that shows a contact with an ad or a link. A record shows one at most. */
export interface Sighting extends Creative {
  /** journal sequence of the record */
  seq: number;
  key: string;
  /** UTC ms */
  at: number;
  kind: TouchKind;
  source: TouchSource;
  visitor: string | null;
  ttclid: string | null;
  referrer: string | null;
  /** by which the ledger finds the key's other sightings; null where there can be none */
  id: string | null;
}

/** The part of the spec that says what is ours. */
export type Ours = Pick<Spec, 'sites' | 'attribution'>;

/** What a click on one of our links, a view of our picture, or an import shows. */
export function touchSighting(row: TouchRow): Sighting {
  const ttclid = row.type === 'click' ? (row.personal?.user?.ttclid ?? null) : null;
  const source: TouchSource = row.door === 'import' ? 'import' : row.type === 'click' ? 'redirect' : 'picture';
  const creative = {
    // An address of ours that names no source is an ad's at TikTok.
    channel: ttclid === null ? (adChannel(row.ad) ?? 'tiktok / paid') : 'tiktok / paid',
    ...creativeOf(row.ad),
  };
  const who = row.session ?? row.visitor;
  const isLanding = source === 'redirect' && who !== undefined;
  const [key, id] =
    ttclid !== null
      ? [clickKey(ttclid), ttclid]
      : isLanding
        ? [landingKey(who, creative), who]
        : [`touch:${row.touch}`, null];
  return {
    ...{ seq: row.seq, key, at: row.at, kind: row.type, source },
    ...{ visitor: row.visitor ?? null, ttclid, referrer: null, id, ...creative },
  };
}

/** Where the visitor of a live event came from, if the event shows it. Of a row without personal fields nothing is believed. */
export function eventSighting(row: EventRow, spec: Ours): Sighting | undefined {
  if (row.namespace !== 'live' || row.bot || row.source !== 'web' || row.origin !== 'visitor') return undefined;
  if (row.personal === null) return undefined;
  const { user, page } = row.personal;
  const ttclid = user?.ttclid ?? null;
  const hasAd = row.ad !== undefined && Object.keys(row.ad).length > 0;
  if (ttclid === null && !hasAd && page?.referrer === undefined) return undefined;
  const host = foreignHost(page?.referrer, spec);
  const isConversion = spec.attribution.conversions.includes(row.name);
  const arrival = hasAd ? arrivalOf(row, spec, isConversion) : undefined;
  const channel = adChannel(row.ad);
  if (ttclid !== null && isOfClick(row, spec, { host, arrival })) return click(row, ttclid, true, host);
  if (arrival !== undefined && channel !== null && (ttclid === null || arrival === 'shown'))
    return landing(row, { channel, ...creativeOf(row.ad) }, host, arrival === 'unsure' ? row.visitor : whoOf(row));
  if (host !== null && !isConversion && !isFromTikTok(host, ttclid))
    return landing(row, { channel: referrerChannel(host), ...creativeOf(undefined) }, host, whoOf(row));
  return ttclid === null ? undefined : click(row, ttclid, isTikTok(row.ad), host);
}

/** Is the visit, or what is remembered of one, that of the click id? */
function isOfClick(row: EventRow, { sites }: Ours, by: { host: string | null; arrival: Arrival | undefined }): boolean {
  if (row.personal?.page?.url?.includes('ttclid=')) return true;
  if (!isTikTok(row.ad)) return false;
  // An address that shows an ad without its click id is another contact, where the spec lets it show one.
  if (by.arrival === 'shown') return !sites.urlParameters.some((rule) => allows(rule, 'ttclid'));
  return by.host === null;
}

function isFromTikTok(host: string, ttclid: string | null): boolean {
  return ttclid !== null && referrerChannel(host).startsWith('tiktok ');
}

/** Contact by click id; what the visitor's parameters say is the ad's only where they are of the same contact. */
function click(row: EventRow, ttclid: string, isItsAd: boolean, referrer: string | null): Sighting {
  const creative = { channel: 'tiktok / paid', ...creativeOf(isItsAd ? row.ad : undefined) };
  return sighting(row, creative, { key: clickKey(ttclid), ttclid, referrer, id: ttclid });
}

function landing(row: EventRow, creative: Creative, referrer: string | null, who: string | undefined): Sighting {
  const key = landingKey(who ?? `~${row.seq}`, creative);
  return sighting(row, creative, { key, ttclid: null, referrer, id: who ?? null });
}

function sighting(
  row: EventRow,
  creative: Creative,
  rest: Pick<Sighting, 'key' | 'ttclid' | 'referrer' | 'id'>,
): Sighting {
  return {
    seq: row.seq,
    at: seenAt(row),
    kind: 'click',
    source: 'landing',
    visitor: row.visitor ?? null,
    ...rest,
    ...creative,
  };
}

/** When an event was seen first. A confirmation may move its own time. */
export function seenAt({ observations, occurredAt }: EventRow): number {
  return observations[0]?.occurredAt ?? occurredAt;
}

/** Without the click id itself: retention takes that away while pages may still repeat it. */
function clickKey(ttclid: string): string {
  return `click:${hash('sha256', ttclid).slice(0, 32)}`;
}

/** The same link pressed twice in a session is one contact; our redirect and the page that it leads to tell the same. */
function landingKey(who: string, { channel, ...creative }: Creative): string {
  const parts = [
    ...[who, channel, creative.campaignId ?? creative.campaign, creative.adgroupId ?? creative.adgroup],
    creative.adId ?? creative.ad,
  ];
  return parts.map((part) => (part ?? '').replace(/[%:]/g, encodeURIComponent)).join(':');
}

/**
 * Did the visitor come by these parameters just now? Pages repeat an ad's parameters for a month, on pages that it did not
 * lead to: there the page's own address shows none of them. Where the spec lets addresses keep none, nobody can tell.
 */
function arrivalOf(row: EventRow, { sites }: Ours, isConversion: boolean): Arrival | undefined {
  const names = Object.keys(row.ad ?? {});
  const url = row.personal?.page?.url;
  if (url === undefined) return isConversion || doorOf(row) === 'webhook' ? undefined : 'told';
  const query = url.slice(url.indexOf('?') + 1 || url.length);
  if (query.split('&').some((pair) => names.includes(pair.split('=', 1)[0] as string))) return 'shown';
  const isKept = names.some((name) => sites.urlParameters.some((rule) => allows(rule, name)));
  return isKept || isConversion ? undefined : 'unsure';
}

/** `shown` by the page's address; `told` without one; `unsure` where no address could show it. */
type Arrival = 'shown' | 'told' | 'unsure';

function allows(rule: string, name: string): boolean {
  return rule.endsWith('*') ? name.startsWith(rule.slice(0, -1)) : name === rule;
}

function doorOf(row: EventRow): string {
  return (row.observations[0]?.door ?? 'server').split(':', 1)[0] as string;
}

/** A session is one visit; without one, it is one visitor. */
function whoOf({ session, visitor }: EventRow): string | undefined {
  return session ?? visitor;
}

/** The host that the visitor came from, unless it is one of ours, or one that only sends visitors back. */
function foreignHost(referrer: string | undefined, { sites }: Ours): string | null {
  const host = /^https?:\/\/([a-z0-9.-]+)(?:[:/?#]|$)/.exec(referrer ?? '')?.[1];
  if (host === undefined || isReturn(host)) return null;
  const isOurs = sites.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  return isOurs ? null : host;
}

/**
 * The touch that these sightings of one key are, together with what was known of it, and what was kept of other sightings. In
 * whatever order, and however often.
 */
export function foldTouch(
  known: TouchFact | undefined,
  sightings: readonly Sighting[],
  kept: readonly TouchFact[] = [],
): TouchFact {
  const facts = [...kept, ...(known ? [known] : []), ...sightings.map(touchOf)];
  return facts.reduce(joined);
}

function touchOf({ seq, key, at, kind, source, visitor, ttclid, referrer, id: _id, ...creative }: Sighting): TouchFact {
  return {
    ...{ touch: seq, key, occurredAt: at, kind, source, visitor: visitor ?? `~${seq}`, ttclid, referrer },
    ...{ known: knownOf(creative), decidedBy: seq, visitorBy: visitor === null ? 0 : seq, ...creative },
  };
}

function joined(a: TouchFact, b: TouchFact): TouchFact {
  const first = a.touch <= b.touch ? a : b;
  // Of the same record the later reading counts: it may have learned more since.
  const decider = b.decidedBy === a.decidedBy ? b : a.known - b.known || b.decidedBy - a.decidedBy;
  const { known, decidedBy, referrer, channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement } =
    typeof decider === 'number' ? (decider > 0 ? a : b) : decider;
  const teller = [b, a].filter(({ visitorBy }) => visitorBy > 0).sort((x, y) => x.visitorBy - y.visitorBy)[0];
  return {
    ...{ touch: first.touch, key: a.key, occurredAt: Math.min(a.occurredAt, b.occurredAt), kind: a.kind },
    ...{ source: first.source, visitor: teller?.visitor ?? `~${first.touch}`, ttclid: a.ttclid, referrer },
    ...{ known, decidedBy, visitorBy: teller?.visitorBy ?? 0 },
    ...{ channel, campaignId, campaign, adgroupId, adgroup, adId, ad, placement },
  };
}
