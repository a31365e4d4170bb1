import type { LiveRow } from '../../api/answers.ts';

/** Kinds of records in plain words, where the event's own name does not stand for them. */
const KINDS: Readonly<Record<string, string>> = {
  event: 'Event',
  order: 'Order',
  payment: 'Payment',
  lead: 'Lead step',
  touch: 'Ad contact',
  adReport: 'Ads Manager row',
  consent: 'Consent',
  engagement: 'Page visit',
  foreign: 'Foreign pixel call',
  pixel: 'Pixel in a page',
  fired: 'Pixel fired',
  handout: 'Handout',
  sent: 'Sent to TikTok',
  answer: 'TikTok answered',
  expired: 'Wait ended',
  spec: 'Spec activated',
  key: 'Key changed',
  test: 'Test session',
  unread: 'Unreadable request',
};

/** Some reasons say what a kind leaves open. */
const REASONS: Readonly<Record<string, string>> = {
  ad_click: 'Ad click',
  ad_view: 'Ad view',
  consent_given: 'Consent given',
  consent_withdrawn: 'Consent withdrawn',
  pixel_loaded: 'Pixel loaded',
  pixel_load_failed: 'Pixel blocked',
};

/** Kinds that are about an event, and not the event told again. */
const ABOUT = ['payment', 'fired', 'consent'];

/** What a record is, in a word or two: its event, or its kind. */
export function nameOf(row: Pick<LiveRow, 'event' | 'kind' | 'reasons' | 'verdict'>): string {
  if (row.event !== undefined && !ABOUT.includes(row.kind)) return row.event;
  // What was turned away at the door is not read any further, whatever it said.
  if (row.kind === 'unread' && row.verdict === 'refused') return 'Refused request';
  return row.reasons.map((reason) => REASONS[reason]).find(Boolean) ?? kindSays(row.kind);
}

export function kindSays(kind: string): string {
  return KINDS[kind] ?? kind;
}

const OUR_KINDS = ['sent', 'answer', 'handout', 'expired'];
const OUR_DOORS = ['answer', 'timer'];

/** Did Assay write it itself, about its own sending? Senders and operators tell everything else. */
export function isOurs(row: Pick<LiveRow, 'kind'>): boolean {
  return OUR_KINDS.includes(row.kind);
}

/** The doors through which only Assay's own records come. */
export function isOurDoor(door: string): boolean {
  return OUR_DOORS.includes(door);
}
