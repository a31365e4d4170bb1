import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface ConfirmProps {
  /** on the button, such as `End` */
  label: string;
  /** what the button is about, for those who hear the page */
  of: string;
  /** what will happen */
  question: ComponentChildren;
  /** on the button that does it */
  yes: string;
  busy?: boolean;
  onYes(): void;
  children?: ComponentChildren;
}

/** A button that asks once, in its place, before it does what can't be undone. Escape takes the question back. */
export function Confirm({ label, of, question, yes, busy = false, onYes, children }: ConfirmProps) {
  const [asks, setAsks] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const no = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);

  useLayoutEffect(() => {
    if (asks) no.current?.focus();
    else if (asked.current) opener.current?.focus();
    asked.current = asks;
  }, [asks]);

  if (!asks)
    return (
      <button
        ref={opener}
        type="button"
        class="button quiet"
        aria-label={`${label} ${of}`}
        disabled={busy}
        onClick={() => setAsks(true)}
      >
        {label}
      </button>
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a line everywhere
    <div
      class="confirm"
      role="group"
      aria-label={`${label} ${of}`}
      onKeyDown={(event) => event.key === 'Escape' && setAsks(false)}
    >
      <p>{question}</p>
      {children}
      <span class="row">
        <button
          type="button"
          class="button danger"
          onClick={() => {
            setAsks(false);
            onYes();
          }}
        >
          {yes}
        </button>
        <button ref={no} type="button" class="button quiet" onClick={() => setAsks(false)}>
          Keep
        </button>
      </span>
    </div>
  );
}
