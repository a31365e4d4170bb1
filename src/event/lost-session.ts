/** Between which two ends of an order its visitor's session was lost: one end knew it, and the other named another, or none. */
export interface LostSession {
  /** host of the page that the order was told on, such as `shop.example` */
  from: string;
  /** host of the page that came next, or whose webhook it was */
  to: string;
  /** what the other end named instead */
  how: 'otherVisitor' | 'otherSession' | 'noVisitor' | 'unknownVisitor';
  /** journal sequence of the record that shows it */
  seq: number;
  /** when that record came, UTC ms */
  at: number;
}

/** `the session was lost between shop.example and stripe’s webhook, which named no visitor` */
export function lostSessionSays({ from, to, how }: Pick<LostSession, 'from' | 'to' | 'how'>): string {
  return `the session was lost between ${from} and ${to}, which named ${NAMED[how]}`;
}

const NAMED: Readonly<Record<LostSession['how'], string>> = {
  otherVisitor: 'another visitor',
  otherSession: 'another session of the same visitor',
  noVisitor: 'no visitor',
  unknownVisitor: 'a visitor whom no page has told of',
};
