import type { FactKind, OrderStatus } from '../../event/order.ts';

interface StatusWords {
  /** in a list of choices */
  says: string;
  /** what it means for the reader */
  means: string;
}

/** Every status of an order, in the order of its life. */
export const STATUSES: Readonly<Record<OrderStatus, StatusWords>> = {
  orphan: { says: 'Orphan', means: 'Money came for it, and nobody told the order itself.' },
  created: { says: 'Created', means: 'It was placed; nothing was heard of its money yet.' },
  pending: { says: 'Pending', means: 'The payment provider waits for the money.' },
  partlyPaid: { says: 'Partly paid', means: 'Less than its total was paid.' },
  paid: { says: 'Paid', means: 'All of its total was paid.' },
  partlyRefunded: { says: 'Partly refunded', means: 'A part of what was paid went back.' },
  refunded: { says: 'Refunded', means: 'All that was paid went back.' },
  cancelled: { says: 'Cancelled', means: 'It was called off.' },
  disputed: { says: 'Disputed', means: 'The payer asks for the money back, and nobody has decided.' },
  lost: { says: 'Dispute lost', means: 'A dispute, or a chargeback, was decided for the payer.' },
};

/** The words of a status; one that is not known stands for itself. */
export function statusWords(status: string): StatusWords {
  return (STATUSES as Readonly<Record<string, StatusWords>>)[status] ?? { says: status, means: '' };
}

const FACTS: Readonly<Record<FactKind, string>> = {
  payment: 'Payment',
  refund: 'Refund',
  refundReversed: 'Refund failed, money back',
  fee: 'Fee',
  feeReturned: 'Fee given back',
  chargeback: 'Chargeback',
  chargebackReversed: 'Chargeback reversed',
  pending: 'Payment pending',
  cancellation: 'Cancelled',
  dispute: 'Dispute opened',
  disputeWon: 'Dispute won',
  disputeLost: 'Dispute lost',
};

export function factSays(fact: string): string {
  return (FACTS as Readonly<Record<string, string>>)[fact] ?? fact;
}
