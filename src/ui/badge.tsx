const words: Record<string, string> = {
  halfOpen: 'half open',
  inFlight: 'in flight',
  partlyPaid: 'partly paid',
  partlyRefunded: 'partly refunded',
  lost: 'dispute lost',
};

/** A verdict, a state of a dispatch or of an order, or `draft`, in its colour, always with its word. */
export function Badge({ is }: { is: string }) {
  return (
    <span class="badge" data-is={is}>
      {words[is] ?? is}
    </span>
  );
}
