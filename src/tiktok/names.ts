import type { Source } from '../event/event.ts';

/** Standard events of web, offline and CRM sources (help center list of September 2025). */
export const STANDARD_EVENTS = [
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'ApplicationApproval',
  'CompleteRegistration',
  'Contact',
  'CustomizeProduct',
  'Download',
  'FindLocation',
  'InitiateCheckout',
  'Lead',
  'Purchase',
  'Schedule',
  'Search',
  'StartTrial',
  'SubmitApplication',
  'Subscribe',
  'ViewContent',
] as const;

/** Standard events of the app source. */
export const APP_EVENTS = [
  'AchieveLevel',
  'AddPaymentInfo',
  'AddToCart',
  'AddToWishlist',
  'Checkout',
  'CompleteTutorial',
  'CreateGroup',
  'CreateRole',
  'GenerateLead',
  'InAppADClick',
  'InAppADImpr',
  'InstallApp',
  'JoinGroup',
  'LaunchAPP',
  'LoanApplication',
  'LoanApproval',
  'LoanDisbursal',
  'Login',
  'Purchase',
  'Rate',
  'Registration',
  'Search',
  'SpendCredits',
  'StartTrial',
  'Subscribe',
  'UnlockAchievement',
  'ViewContent',
] as const;

/** The 2025 renames, old to new. `PlaceAnOrder` and `ClickButton` were dropped without a successor and keep their names. */
export const RENAMED: Readonly<Record<string, string>> = {
  CompletePayment: 'Purchase',
  SubmitForm: 'Lead',
  PageView: 'Pageview',
};

/**
 * What TikTok's script of 2024 made of other names in the page. The api leg has to use the same name, or TikTok would
 * count both. Its changes of meaning, such as ViewForm to ViewContent, are left out.
 */
export const PIXEL_RENAMED: Readonly<Record<string, string>> = {
  AddBilling: 'AddPaymentInfo',
  ClickToDownload: 'Download',
  Consult: 'Contact',
  ConsultByPhone: 'Contact',
  Registration: 'CompleteRegistration',
  StartCheckout: 'InitiateCheckout',
};
export const DROPPED = ['PlaceAnOrder', 'ClickButton'];
export const LEGACY: Readonly<Record<string, string>> = { Purchase: 'CompletePayment', Lead: 'SubmitForm' };

const CUSTOM = /^[a-zA-Z](?:[a-zA-Z_\-\d]*[a-zA-Z\d])?$/;
const NAME_MAX = 50;

export type Generation = 'current' | 'legacy';

/** The page view that the pixel sends by itself: never hybrid, exempt from the pixel's checks. */
export const PAGEVIEW = 'Pageview';

/** Our one name for an event, whichever generation the sender used. App events were never renamed. */
export function currentName(name: string, source: Source): string {
  if (source !== 'app' && Object.hasOwn(RENAMED, name)) return RENAMED[name] ?? name;
  return source === 'web' && Object.hasOwn(PIXEL_RENAMED, name) ? (PIXEL_RENAMED[name] ?? name) : name;
}

/** The name a destination of that generation gets: deduplication compares names, so both legs use this one. */
export function nameFor(name: string, source: Source, generation: Generation): string {
  return generation === 'legacy' && source !== 'app' && Object.hasOwn(LEGACY, name) ? (LEGACY[name] ?? name) : name;
}

/** The name that one of these generations wants instead of the one told, or nothing. */
export function otherName(
  told: string,
  name: string,
  source: Source,
  generations: readonly { eventNames: Generation }[],
): string | undefined {
  if (told === name && !Object.hasOwn(LEGACY, name)) return undefined;
  for (const { eventNames } of generations) {
    const wanted = nameFor(name, source, eventNames);
    if (wanted !== told) return wanted;
  }
  return undefined;
}

export type NameCheck = { ok: true; standard: boolean } | { ok: false; what: string; fix: string };

const STANDARD_OK: NameCheck = { ok: true, standard: true };
const CUSTOM_OK: NameCheck = { ok: true, standard: false };
const STANDARD_SET: ReadonlySet<string> = new Set(STANDARD_EVENTS);
const APP_SET: ReadonlySet<string> = new Set(APP_EVENTS);

/** Is this (current) name one that TikTok takes on this source? */
export function checkName(name: string, source: Source): NameCheck {
  if ((source === 'app' ? APP_SET : STANDARD_SET).has(name)) return STANDARD_OK;
  if (name === '') return { ok: false, what: 'the event has no name', fix: 'send the name of what happened' };
  // The advertiser maps the stages of a CRM by name, in any of 19 languages.
  if (source === 'crm' || (source !== 'app' && DROPPED.includes(name))) return CUSTOM_OK;
  const standard: readonly string[] = source === 'app' ? APP_EVENTS : STANDARD_EVENTS;
  const near = standard.find((known) => known.toLowerCase() === name.toLowerCase());
  if (near) return { ok: false, what: 'event names are case sensitive', fix: `write ${near}` };
  if (source === 'offline')
    return { ok: false, what: 'offline events must be standard events', fix: `use one of ${standard.join(', ')}` };
  if (name === PAGEVIEW) return CUSTOM_OK;
  if (name.length > NAME_MAX)
    return { ok: false, what: `an event name has at most ${NAME_MAX} characters`, fix: 'shorten the name' };
  if (!CUSTOM.test(name))
    return {
      ok: false,
      what: 'a custom event name starts with a letter and has letters, digits, _ and - only',
      fix: `rename the event, for example to ${suggested(name)}`,
    };
  return CUSTOM_OK;
}

function suggested(name: string): string {
  const kept = name.replace(/[^a-zA-Z\d]+/g, '').replace(/^\d+/, '');
  return kept === '' ? 'MyEvent' : kept.slice(0, NAME_MAX);
}
