import { signal } from '@preact/signals';

/** Path of the page shown. */
export const path = signal(location.pathname);

/** Shows another page of ours and puts the reader at its beginning. */
export function navigate(to: string): void {
  history.pushState(null, '', to);
  path.value = location.pathname;
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}

/** Makes plain links to our pages change the page without loading it anew. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    path.value = location.pathname;
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || event.defaultPrevented || !isPlain(event) || !isOurs(link)) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}

function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}

function isOurs(link: HTMLAnchorElement): boolean {
  return link.origin === location.origin && !link.target && !link.hash && !link.hasAttribute('download');
}
