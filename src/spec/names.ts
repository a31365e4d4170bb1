/** TikTok's current standard event names, web, offline and CRM. */
const STANDARD_EVENTS = [
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
  'Pageview',
  'Purchase',
  'Schedule',
  'Search',
  'StartTrial',
  'SubmitApplication',
  'Subscribe',
  'ViewContent',
];

/** Events whose truth the page cannot know, so their pixel leg waits for our word. */
export const GUARDED_EVENTS: readonly string[] = ['Purchase', 'Lead', 'CompleteRegistration', 'Subscribe'];

/** Other names of standard events, TikTok's of yesterday and its script's: what the spec calls them now. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['CompletePayment', 'Purchase'],
  ['SubmitForm', 'Lead'],
  ['StartCheckout', 'InitiateCheckout'],
  ['AddBilling', 'AddPaymentInfo'],
  ['ClickToDownload', 'Download'],
  ['Consult', 'Contact'],
  ['ConsultByPhone', 'Contact'],
]);

const STANDARD_BY_LETTERS = new Map(STANDARD_EVENTS.map((name) => [letters(name), name]));

/** The name to write instead: an old name's successor, or a standard name spelled another way. */
export function properName(name: string): string {
  return RENAMED.get(name) ?? STANDARD_BY_LETTERS.get(letters(name)) ?? name;
}

/** Does TikTok optimise on it without being taught what it is? */
export function isStandard(name: string): boolean {
  return STANDARD_EVENTS.includes(name);
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
