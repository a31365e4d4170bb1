import { signal } from '@preact/signals';

/** Path of the page shown. */
export const path = signal(location.pathname);

/** What the page shown is narrowed to: the address's `?…`, or nothing. */
export const query = signal(location.search);

/** Shows another page of ours and puts the reader at its beginning. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  look();
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Narrows the page shown, in place. A `step` can be taken back with the browser's button; typing is no step. */
export function narrow(to: string, how: 'step' | 'typing'): void {
  const address = location.pathname + to;
  if (how === 'step') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  look();
}

/** Makes plain links to our pages change the page without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', look);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || !isPlain(event) || !isOurs(link)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function look(): void {
  path.value = location.pathname;
  query.value = location.search;
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function isOurs(link: HTMLAnchorElement): boolean {
  return link.origin === location.origin && !link.target && !link.hash && !link.hasAttribute('download');
}
