/**
 * Characters that nobody sees and that make two ids of one: controls, zero-width characters, marks of direction; and
 * halves of a character, which no encoding can carry.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const CONTROLS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu;
/** Printable ASCII needs no look-up of a character's class. */
const PLAIN = /^[ -~]*$/;

/** An id as every sender's copy of it reads: trimmed, without hidden characters. */
export function cleanId(text: string): string {
  return PLAIN.test(text) ? text.trim() : text.replace(HIDDEN, '').trim();
}

/** A text of words: trimmed, control characters as spaces. Joiners stay, because some scripts need them. */
export function cleanText(text: string): string {
  return PLAIN.test(text) ? text.trim() : text.replace(CONTROLS, ' ').trim();
}
