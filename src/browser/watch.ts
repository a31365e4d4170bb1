import { attributesOf } from './attributes.ts';
import { carry } from './carry.ts';
import { attempt, overhear } from './client.ts';
import { CONSENT_KEY, choose } from './consent.ts';
import { acted, leave, scrolled, see, submitted } from './engagement.ts';
import { tellLead } from './lead.ts';
import { arrive, tell } from './page.ts';
import { settlePixel } from './pixel.ts';

type Events = WindowEventMap & DocumentEventMap;
type Target<T> = T extends 'submit' ? HTMLFormElement : HTMLElement;

/** What the window tells of. */
const listeners: { [T in keyof Events]?: (event: Omit<Events[T], 'target'> & { target: Target<T> }) => unknown } = {
  visibilitychange: see,
  pagehide() {
    settlePixel('unknown');
    leave();
  },
  pageshow: arrive,
  popstate: arrive,
  scroll: scrolled,
  keydown: acted,
  pointerdown(event) {
    acted(event);
    carry(event.target.closest('a,form') as Parameters<typeof carry>[0]);
  },
  click({ target }) {
    tell(target.closest<HTMLElement>('[data-assay]:not(form,[data-assay-page])'));
  },
  submit({ target: form }) {
    submitted();
    if (form.dataset['assayLead'] != null) tellLead(attributesOf(form), form);
    tell(form);
  },
  // The choice of another tab.
  storage({ key, newValue }) {
    if (key === CONSENT_KEY) choose(newValue);
  },
};

/** Hears what the visitor does before the page does, and follows them to addresses without a load. */
export function watchWindow(): void {
  // Not a loop: what has no statement is written in where it is called.
  Object.keys(listeners).forEach((type) => {
    addEventListener(
      type,
      (event) => attempt(() => (listeners as Record<string, (event: Event) => unknown>)[type]?.(event)),
      true,
    );
  });
  overhear(history, 'pushState', arrive);
  overhear(history, 'replaceState', arrive);
}
