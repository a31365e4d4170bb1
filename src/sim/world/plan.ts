import { PRODUCTS } from '../shop/products.ts';
import { adClick } from './ads.ts';
import { type Person, person, ROBOT_USER_AGENT, userAgent } from './people.ts';
import { type Chance, chance, mixSeed } from './random.ts';

export type Act =
  | { do: 'open'; path: string }
  | { do: 'consent'; choice: 'granted' | 'denied' }
  | { do: 'add'; product: string; quantity: number }
  | { do: 'order'; person: Person }
  | { do: 'pay' }
  | { do: 'cancel' }
  /** the thank-you page again */
  | { do: 'reload' }
  /** a Purchase that no shop ever took, sent by a machine */
  | { do: 'forge'; orderId: string }
  /** stays on the page, at most this long */
  | { do: 'linger'; forMs: number };

type Step = Act & { afterMs: number };

export interface VisitorPlan {
  kind: 'person' | 'bot';
  /** what the SDK and the pixel would have stored */
  visitor: string;
  session: string;
  ttp: string;
  userAgent: string;
  referrer: string;
  /** loses the answer to one batch, so the SDK sends it again */
  flaky: boolean;
  /** carries a page with an old tag that leaves out a required parameter */
  oldTag: boolean;
  steps: Step[];
}

const HEX = '0123456789abcdef';
const TTP_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';

/** The `n`-th visitor of a world: who they are and all they will do. The same seed gives the same visitor. */
export function visitorPlan(seed: number, n: number): VisitorPlan {
  const draw = chance(mixSeed(seed, n));
  const bot = draw.in(0.05);
  const fromAd = !bot && draw.in(0.75);
  return {
    kind: bot ? 'bot' : 'person',
    visitor: draw.text(32, HEX),
    session: draw.text(32, HEX),
    ttp: draw.text(27, TTP_ALPHABET),
    userAgent: bot ? ROBOT_USER_AGENT : userAgent(draw, fromAd),
    referrer: fromAd
      ? 'https://www.tiktok.com/'
      : bot
        ? ''
        : draw.pick(['', 'https://www.google.com/', 'https://duckduckgo.com/']),
    flaky: !bot && draw.in(0.06),
    oldTag: !bot && draw.in(0.05),
    steps: bot ? botSteps(draw) : personSteps(draw, fromAd),
  };
}

function personSteps(draw: Chance, fromAd: boolean): Step[] {
  const steps: Step[] = [];
  const then = (act: Act, lowMs: number, highMs: number): number =>
    steps.push({ ...act, afterMs: draw.between(lowMs, highMs) });
  const first = aProduct(draw);
  then({ do: 'open', path: landing(draw, fromAd, first) }, 0, 0);
  const mood = draw.next();
  if (mood < 0.74) then({ do: 'consent', choice: 'granted' }, 300, 1_500);
  else if (mood < 0.9) then({ do: 'consent', choice: 'denied' }, 300, 1_500);

  const seen = [first, ...Array.from({ length: draw.between(0, 2) }, () => aProduct(draw))];
  for (const product of seen) then({ do: 'open', path: `/product/${product}` }, 600, 2_500);
  if (!draw.in(0.6)) return steps;

  for (const product of seen.slice(0, draw.between(1, seen.length)))
    then({ do: 'add', product, quantity: draw.pick([1, 1, 1, 2]) }, 500, 1_800);
  if (!draw.in(0.75)) return steps;

  then({ do: 'open', path: '/checkout' }, 600, 2_000);
  if (!draw.in(0.85)) return steps;

  then({ do: 'order', person: person(draw) }, 1_500, 4_000);
  const end = draw.next();
  if (end < 0.08) return steps;
  if (end < 0.18) {
    then({ do: 'cancel' }, 800, 2_000);
    return steps;
  }
  then({ do: 'pay' }, 800, 2_500);
  // Some close the tab at once: their order must count all the same.
  if (draw.in(0.2)) return steps;
  const reloads = draw.pick([0, 0, 0, 1, 1, 2]);
  for (let n = 0; n < reloads; n += 1) then({ do: 'reload' }, 600, 3_000);
  then({ do: 'linger', forMs: 40_000 }, 0, 0);
  return steps;
}

function landing(draw: Chance, fromAd: boolean, product: string): string {
  const path = draw.in(0.4) ? '/' : `/product/${product}`;
  return fromAd ? `${path}?${adClick(draw)}` : path;
}

function botSteps(draw: Chance): Step[] {
  const steps: Step[] = [
    { do: 'open', path: '/', afterMs: 0 },
    { do: 'consent', choice: 'granted', afterMs: 20 },
  ];
  for (let n = draw.between(3, 6); n > 0; n -= 1)
    steps.push({ do: 'open', path: `/product/${aProduct(draw)}`, afterMs: draw.between(20, 90) });
  if (draw.in(0.6)) steps.push({ do: 'forge', orderId: `9${draw.text(5, '0123456789')}`, afterMs: 30 });
  return steps;
}

function aProduct(draw: Chance): string {
  return PRODUCTS[draw.between(0, PRODUCTS.length - 1)]?.id ?? '';
}
