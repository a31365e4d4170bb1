import { randomBytes } from 'node:crypto';
import { isContactId } from '../contacts/scrub.ts';

/** Ids are keys of the ledger, and go to TikTok. */
const ID_CHARS_MAX = 512;

/** As many digits as money is read with. */
const AMOUNT = /^\d{1,30}(?:\.\d{1,10})?$/;

/** A text that may stand as an id: not blank, not endless, and nobody's e-mail address or phone number. */
export function isUsableId(text: string): boolean {
  return text !== '' && text.length <= ID_CHARS_MAX && !isContactId(text);
}

/** A sum of money in major units, zero or more, with a point. */
export function isUsableAmount(text: string): boolean {
  return AMOUNT.test(text);
}

/** An id for what came without one: 128 random bits, which nobody can guess. */
export function mintedId(): string {
  return randomBytes(16).toString('hex');
}
