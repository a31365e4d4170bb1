import type { ComponentChildren } from 'preact';
import { useWide } from './wide.ts';

/** Cards beside a list; where there is no room for them, folded away under the words `says`. */
export function Side({ says, children }: { says: string; children: ComponentChildren }) {
  const cards = <div class="stack">{children}</div>;
  if (useWide()) return cards;
  return (
    <details>
      <summary>{says}</summary>
      {cards}
    </details>
  );
}
