import { attributesOf } from './attributes.ts';
import { cleanUrl } from './clean.ts';
import { pages } from './config.ts';
import { read, write } from './drawer.ts';
import { enter, leave } from './engagement.ts';
import { readLanding } from './landing.ts';
import { observe } from './observe.ts';
import { act } from './turn.ts';
import { setPage } from './visit.ts';

/** 30 days */
const LANDING_SECONDS = 2_592_000;
// A router changes the address first and draws the page afterwards.
const DRAW_MS = 200;

/** The address that was told of, without its fragment. */
let here: string | undefined;

/** Tells of the page view, once an address, and again when the visitor comes back to a page that the browser kept. */
export function arrive({ persisted }: Partial<PageTransitionEvent> = {}): void {
  const url = cleanUrl(location.href);
  if (url === here && !persisted) return;
  const before = here;
  leave();
  if (!persisted) {
    const referrer = before ?? cleanUrl(document.referrer);
    const landing = readLanding(location, before ? '' : document.referrer);
    void act(() => {
      setPage({ url, referrer });
      // A new click or ad takes the place of the earlier ad; only a new click that of the click id.
      if (landing)
        write(
          'assay:ad',
          [...landing, read<string[]>('assay:ad')?.find((parameter) => /ttclid/.test(parameter))],
          LANDING_SECONDS,
        );
    });
    setTimeout(look, DRAW_MS, url);
  }
  here = url;
  // TikTok's newer scripts tell a page view at every change of the address by themselves: one more would count double.
  observe('Pageview', {}, '', before);
  enter(before);
}

/** Tells an element's event with its attributes. */
export function tell(element?: HTMLElement | null, event = element?.dataset['assay']): void {
  if (event) observe(event, attributesOf(element));
}

/** What a page tells by being shown, once it is all there: the page map's event, or that of its own element. */
function look(url: string): void {
  if (document.readyState === 'loading') setTimeout(look, DRAW_MS, url);
  else if (url === here)
    tell(
      document.querySelector<HTMLElement>('[data-assay-page]'),
      pages.find(([pattern]) => location.pathname.match(pattern))?.[1],
    );
}
