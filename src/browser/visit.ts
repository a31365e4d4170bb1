import type { Consent } from '../event/event.ts';
import type { HashedContacts } from './contacts.ts';

type Page = { url: string; referrer: string };

/** What the visitor said of themselves, with hashed contacts, and the page they are on. */
export let consent: Consent;
export let contacts: HashedContacts;
export let limited: boolean;
export let page: Page;

// As expressions, which are written in where they are used.
export const setConsent = (next: Consent): unknown => (consent = next);
export const setContacts = (hashed: HashedContacts): unknown => (contacts = hashed);
export const setLimited = (on: boolean): unknown => (limited = on);
export const setPage = (next: Page): unknown => (page = next);
