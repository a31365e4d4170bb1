import type { JsonObject, Source } from '../src/event/event.ts';
import {
  APP_EVENTS,
  currentName,
  DROPPED,
  LEGACY,
  PAGEVIEW,
  PIXEL_RENAMED,
  RENAMED,
  STANDARD_EVENTS,
} from '../src/tiktok/names.ts';

/** When the golden events are received, UTC ms. */
export const GOLDEN_NOW = Date.UTC(2026, 7, 1, 12);

/** One input for every standard event of a source, told as a sender tells it: contacts plain, numbers as text here and there. */
export function goldenInputs(source: Source): JsonObject[] {
  const names: readonly string[] = source === 'app' ? APP_EVENTS : STANDARD_EVENTS;
  return names.map((event, index) => ({
    event,
    event_id: `${source}-${index + 1}`,
    time: index % 2 === 0 ? GOLDEN_NOW / 1000 - 60 : '2026-08-01T11:59:00.500Z',
    source,
    consent: 'granted',
    user: userOf(source, index),
    properties: PROPERTIES[event] ?? {},
    ...contextOf(source),
  }));
}

/** What old and other names of standard events become, one input for each, as a page's server tells it. */
export function goldenRenamed(): JsonObject[] {
  const names = [...Object.keys(RENAMED), ...Object.keys(LEGACY), ...DROPPED, ...Object.keys(PIXEL_RENAMED)];
  return names
    .filter((name) => currentName(name, 'web') !== PAGEVIEW)
    .map((event, index) => ({
      event,
      event_id: `renamed-${index + 1}`,
      time: GOLDEN_NOW / 1000 - 60,
      consent: 'granted',
      properties: PROPERTIES[currentName(event, 'web')] ?? {},
      ...contextOf('web'),
    }));
}

function userOf(source: Source, index: number): JsonObject {
  const contacts = { email: ' ALICE_abc@gmail.com ', phone: index % 2 === 0 ? '(+1)2133734253' : '+1 213 373 4253' };
  if (source === 'offline' || source === 'crm') return index % 3 === 0 ? { email: contacts.email } : contacts;
  if (source === 'app')
    return {
      ...contacts,
      ip: '203.0.113.7',
      user_agent: 'Shop/3.1',
      idfa: 'abcdef12-0000-4000-8000-000000000001',
      att_status: 'AUTHORIZED',
    };
  return {
    ...contacts,
    ...(index % 4 === 0 ? { email: ['alice_abc@gmail.com', 'bob@shop.example'] } : {}),
    external_id: 'user_123',
    ttclid: 'E.C.P.CrABsomething-opaque',
    ttp: '2abcDEFghiJKLmnoPQRstuVWXyz',
    ip: '203.0.113.7',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
    locale: 'en-US',
    first_name: 'Alice',
    zip_code: 'SW1A 2AA',
    city: 'São Paulo',
    country: 'GB',
  };
}

function contextOf(source: Source): JsonObject {
  switch (source) {
    case 'web':
      return {
        page: {
          url: 'https://shop.example/p/1?utm_source=tiktok&email=a@b.example#top',
          referrer: 'https://shop.example/',
        },
      };
    case 'app':
      return {
        app: { app_id: 1234567890, app_name: 'Shop', app_version: '3.1' },
        ad: { callback: 'cb-1', is_retargeting: false },
      };
    case 'crm':
      return { lead: { lead_id: 7300000000001, lead_event_source: 'Pipeline' } };
    case 'offline':
      return {};
  }
}

const SHIRT = {
  content_id: 'SKU-1',
  quantity: '2',
  price: '29.95',
  content_name: ' Shirt ',
  content_category: 'Clothes',
  brand: 'Acme',
};
const MUG = { content_id: 4711, quantity: 1, price: 12 };
const MONEY = { value: '71.90', currency: 'eur' };

const PROPERTIES: Readonly<Record<string, JsonObject>> = {
  AddPaymentInfo: { ...MONEY, contents: [SHIRT, MUG], content_type: 'product' },
  AddToCart: {
    value: 59.9,
    currency: 'EUR',
    content_id: 'SKU-1',
    quantity: 2,
    price: 29.95,
    content_type: 'product',
    description: 'undefined',
  },
  AddToWishlist: { content_ids: ['SKU-1', 4711], content_type: 'product' },
  ApplicationApproval: { value: 120, currency: 'EUR', status: 'approved' },
  Checkout: { ...MONEY, contents: [SHIRT, MUG] },
  CompleteRegistration: { status: 'confirmed', description: null },
  Download: { content_name: 'Price list', content_category: 'pdf' },
  FindLocation: { city: 'Berlin', country: 'DE', checkin_date: '2026-09-01', num_adults: '2' },
  InitiateCheckout: { ...MONEY, num_items: '3', step: 1, contents: [SHIRT, MUG], coupon: 'SUMMER' },
  Lead: { value: 40, currency: 'EUR', lead_id: 'L-1' },
  LoanApplication: { value: 10000, currency: 'JPY' },
  Purchase: {
    value: '71.90',
    currency: 'EUR',
    order_id: 10045,
    num_items: 3,
    contents: [SHIRT, MUG],
    content_type: 'product',
    shop_id: 'berlin',
    delivery_category: 'home_delivery',
    predicted_ltv: '180.5',
  },
  Rate: { user_score: '4.5' },
  Schedule: { travel_start: '2026-09-01', mileage: { unit: 'KM', value: '12000' }, preferred_price_range: ['10', 20] },
  Search: { search_string: 'red shirt', query: 'red shirt', content_category: 'Clothes' },
  SpendCredits: { value: 1.234, currency: 'KWD' },
  StartTrial: { value: 0, currency: 'EUR', predicted_ltv: 99 },
  SubmitApplication: { description: 'loan', status: 'sent' },
  Subscribe: { value: '9.99', currency: 'USD', order_id: 'S-1' },
  ViewContent: {
    content_id: 'SKU-1',
    content_type: 'product',
    page_category: 'product',
    price: '29.95',
    value: 29.95,
    currency: 'EUR',
    origin_airport: 'BER',
  },
};
