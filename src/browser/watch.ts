import { attributesOf } from './attributes.ts';
import { carry } from './carry.ts';
import { attempt, overhear } from './client.ts';
import { CONSENT_KEY, choose } from './consent.ts';
import { acted, leave, scrolled, see, submitted } from './engagement.ts';
import { tellLead } from './lead.ts';
import { arrive, tell } from './page.ts';
import { settlePixel } from './pixel.ts';

/** What the window tells of. */
const listeners: {
  [T in keyof (WindowEventMap & DocumentEventMap)]?: (event: (WindowEventMap & DocumentEventMap)[T]) => unknown;
} = {
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
    carry((event.target as Element).closest('a,button,[type=submit]') as HTMLAnchorElement).catch(() => {});
  },
  click({ target }) {
    tell((target as Element).closest<HTMLElement>('[data-assay]:not(form,[data-assay-page])'));
  },
  submit({ target }) {
    const form = target as HTMLFormElement;
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
  for (const type in listeners)
    addEventListener(type, (event) => attempt(() => listeners[type as 'scroll']?.(event)), true);
  overhear(history, 'pushState', arrive);
  overhear(history, 'replaceState', arrive);
}
