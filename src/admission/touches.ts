import type { Reason } from '../event/reason.ts';
import type { ToldEngagement, ToldForeign, ToldTouch } from '../event/told.ts';
import type { JournalRecord } from '../store/journal.ts';
import { currentName, STANDARD_EVENTS } from '../tiktok/names.ts';
import type { Context } from './context.ts';
import { fingerprint } from './guard.ts';

/** Contact with an ad. Its id makes a picture that is loaded again, or a link that is opened again, one touch. */
export function tellTouch(record: JournalRecord, told: ToldTouch, context: Context): void {
  if (context.working.touch(told.touch)) {
    context.working.verdict(record, 'duplicate', ['touch_known']);
    return;
  }
  context.working.putTouch({
    touch: told.touch,
    seq: record.seq,
    type: told.type,
    at: told.time ?? record.receivedAt,
    receivedAt: record.receivedAt,
    door: record.door,
    ad: told.ad ?? {},
    personal: record.personal,
    ...(told.visitor === undefined ? {} : { visitor: told.visitor }),
    ...(told.session === undefined ? {} : { session: told.session }),
    ...(told.target === undefined ? {} : { target: told.target }),
  });
  const reason = record.door === 'import' ? 'touch_imported' : told.type === 'click' ? 'ad_click' : 'ad_view';
  context.working.verdict(record, 'admitted', [reason]);
}

/** What a page load was like. */
export function tellEngagement(record: JournalRecord, _told: ToldEngagement, context: Context): void {
  context.working.verdict(record, 'admitted', ['engagement_noted']);
}

/** Another tag of the page calls TikTok's pixel. With our own key TikTok merges its copy; with any other it counts it. */
export function tellForeign(record: JournalRecord, told: ToldForeign, context: Context): void {
  const { working, guard, spec } = context;
  working.verdict(record, 'admitted', ['foreign_call']);
  if (told.draft) return;
  const name = currentName(told.event.trim(), 'web');
  const key = told.event_id === undefined ? undefined : fingerprint(`${spec.business.id}/web`, name, told.event_id);
  const ours = key && guard.find(key, record.receivedAt);
  // Names come from the page: one subject for all that nobody expects keeps the list of findings short.
  const isListed = Object.hasOwn(spec.events, name) || (STANDARD_EVENTS as readonly string[]).includes(name);
  const subject = isListed ? `event ${name}` : 'event of another name';
  // After a commit that failed, the guard knows of later records too.
  if (ours && ours.seq < record.seq)
    working.finding('foreign_pixel_merged', subject, FOREIGN_SAYS.merged, record.receivedAt);
  else
    working.finding(
      'foreign_pixel',
      subject,
      told.event_id === undefined ? FOREIGN_SAYS.withoutId : FOREIGN_SAYS.otherId,
      record.receivedAt,
    );
}

const FOREIGN_SAYS = {
  merged: 'is fired by another tag too, with our event_id: TikTok merges the two',
  withoutId: 'is fired by another tag too, without an event_id: TikTok counts it beside ours',
  otherId: 'is fired by another tag too, with an event_id of its own: TikTok counts it beside ours',
};

export const TOUCH_REASONS: Reason[] = [
  { code: 'ad_click', with: 'admitted', means: 'A click on an ad went through the redirect.', fix: '' },
  { code: 'ad_view', with: 'admitted', means: 'An ad’s view loaded the picture.', fix: '' },
  {
    code: 'touch_imported',
    with: 'admitted',
    means: 'Contact with an ad, told by an import.',
    fix: '',
  },
  { code: 'touch_known', with: 'duplicate', means: 'The same contact with an ad, told again.', fix: '' },
  { code: 'engagement_noted', with: 'admitted', means: 'What a page load was like; TikTok does not get it.', fix: '' },
  {
    code: 'foreign_call',
    with: 'admitted',
    means: 'Another tag of the page called TikTok’s pixel by itself.',
    fix: 'Remove the other tag: TikTok may count its events beside ours.',
  },
];
