import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWide } from './wide.ts';

export interface PanelProps {
  /** what is shown; when it changes, focus comes back to the heading */
  of: string | number;
  title: string;
  onClose(): void;
  children: ComponentChildren;
}

/** Details of one row: beside the list when wide, a sheet over it on a phone. Mount it to open it. */
export function DetailPanel({ of, title, onClose, children }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const opener = useRef<Element | null>(null);
  const wide = useWide();

  useLayoutEffect(() => {
    const at = document.activeElement;
    if (at && !dialog.current?.contains(at)) opener.current = at;
    if (wide) dialog.current?.show();
    else dialog.current?.showModal();
    heading.current?.focus({ preventScroll: true });
    return () => dialog.current?.close();
  }, [wide, of]);

  // A passive effect's end runs after the next paint, when the reader may already have moved on.
  useLayoutEffect(
    () => () => {
      if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
    },
    [],
  );

  // Here too: a fast reader may press Escape before the first paint.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && onClose();
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onClose]);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is on the backdrop; Escape is its keyboard way
    <dialog
      ref={dialog}
      class="panel"
      aria-label={title}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="button quiet" onClick={onClose}>
          Close
        </button>
      </div>
      <div class="panel-body">{children}</div>
    </dialog>
  );
}
