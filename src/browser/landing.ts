import { attempt } from './client.ts';

/** What an ad wrote into an address: `ttclid`, utm_* and tt_* parameters under their own names. */
export type Landing = Record<string, string>;

/** The landing of the page's address, and what it lacks of the page before it on the same host. */
export function readLanding(here: { href: string; host: string }, referrer: string): Landing {
  const landing: Landing = {};
  for (const href of [referrer, here.href])
    attempt(() => {
      const url = new URL(href);
      if (url.host !== here.host) return;
      url.searchParams.forEach((value, name) => {
        // A macro that was not expanded, because it was mistyped, arrives as its own name.
        if (/^(ttclid$|utm|tt_)/.test(name) && !/^(_[A-Z_]+_)?$/.test(value)) landing[name] = value;
      });
    });
  return landing;
}
