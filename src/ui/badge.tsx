const words: Record<string, string> = { inFlight: 'in flight' };

/** A verdict, a dispatch state or `draft` in its colour, always with its word. */
export function Badge({ is }: { is: string }) {
  return (
    <span class="badge" data-is={is}>
      {words[is] ?? is}
    </span>
  );
}
