import type { Source } from '../../event/event.ts';

/** Standard events of web, offline and CRM. */
export const STANDARD_EVENTS: ReadonlySet<string> = new Set([
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
]);

/** Names of earlier lists that senders still use. */
export const LEGACY_EVENTS: ReadonlySet<string> = new Set([
  'CompletePayment',
  'SubmitForm',
  'PlaceAnOrder',
  'ClickButton',
]);

/** What the browser script of January 2024 made of a name before it sent it. */
export const BROWSER_RENAMES: Readonly<Record<string, string>> = {
  AddBilling: 'AddPaymentInfo',
  Checkout: 'PlaceAnOrder',
  ClickForm: 'ClickButton',
  ClickInConsultationPage: 'ClickButton',
  ClickInDownloadPage: 'ClickButton',
  ClickToDownload: 'Download',
  Consult: 'Contact',
  ConsultByPhone: 'Contact',
  Purchase: 'CompletePayment',
  Registration: 'CompleteRegistration',
  StartCheckout: 'InitiateCheckout',
  ViewConsultationPage: 'ViewContent',
  ViewDownloadPage: 'ViewContent',
  ViewForm: 'ViewContent',
};

export const EVENT_CHARS_MAX = 50;

/** The currencies that TikTok lists. */
export const CURRENCIES: ReadonlySet<string> = new Set(
  `AED ARS AUD BDT BHD BIF BOB BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GTQ HKD HNL HUF IDR ILS INR ISK JPY
  KES KHR KRW KWD KZT MAD MOP MXN MYR NGN NIO NOK NZD OMR PEN PHP PKR PLN PYG QAR RON RUB SAR SEK SGD THB TRY TWD UAH
  USD VES VND ZAR`.split(/\s+/),
);

const CUSTOM_NAME = /^[a-zA-Z]([a-zA-Z_\-\d]*[a-zA-Z\d])?$/;
const RENAMED: Readonly<Record<string, string>> = { CompletePayment: 'Purchase', SubmitForm: 'Lead' };

/** The name of today for a renamed standard event; any other name as it is. */
export function currentName(event: string): string {
  return RENAMED[event] ?? event;
}

/** Page views carry no event id and are never compared with each other. */
export function isPageview(event: string): boolean {
  return event === 'Pageview' || event === 'PageView';
}

/** Does the name follow the rules for custom events? Standard names do as well. */
export function isWellFormedName(event: string): boolean {
  return event.length <= EVENT_CHARS_MAX && CUSTOM_NAME.test(event);
}

/** May this source send an event of this name at all? */
export function isAllowedName(event: string, source: Source): boolean {
  return source !== 'offline' || STANDARD_EVENTS.has(event) || LEGACY_EVENTS.has(event);
}
