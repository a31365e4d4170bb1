import type { ComponentChildren } from 'preact';

/** Nothing here, why, and what brings something. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}

/** What went wrong and how to mend it. */
export function ErrorNote({ what, fix, children }: { what: string; fix: string; children?: ComponentChildren }) {
  return (
    <div class="note" data-is="error" role="alert">
      <h2>{what}</h2>
      <p>{fix}</p>
      {children}
    </div>
  );
}

/** Says what is being fetched, over the shape of what will come. */
export function Loading({ what }: { what: string }) {
  return (
    <div class="card stack" role="status">
      <span class="quiet">{what}</span>
      <div class="bones" aria-hidden="true">
        <span />
        <span />
        <span />
      </div>
    </div>
  );
}
