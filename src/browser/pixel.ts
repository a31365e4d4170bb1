import type { BrowserReport } from '../api/wire.ts';
import type { JsonObject } from '../event/event.ts';
import { attempt, overhear } from './client.ts';
import { pixelScript, pixels } from './config.ts';
import { report } from './queue.ts';

// An array whose methods push their own name and arguments: with any other form TikTok's script drains nothing.
const METHODS = 'page,track,identify,ready,enableCookie,disableCookie,holdConsent,revokeConsent,grantConsent';

type Method = (...args: unknown[]) => void;

/**
 * TikTok's pixel: an array of calls until its script has come, then the script's own object. `load` and `instance` are
 * missing until then: a base code of the page's own brings them along.
 */
interface Ttq extends Array<[method: string, ...args: unknown[]]> {
  _i?: Record<string, unknown[]>;
  _t?: Record<string, number>;
  _o?: Record<string, unknown>;
  page: Method;
  track: Method;
  identify: Method;
  ready: Method;
  holdConsent: Method;
  revokeConsent: Method;
  grantConsent: Method;
  instance(code: string): { page(): void };
}

interface Policy {
  createScriptURL(url: string): string;
}

declare global {
  var ttq: Ttq;
  var TiktokAnalyticsObject: string;
  var trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
}

type PixelState = Extract<BrowserReport, { type: 'pixel' }>['state'];
type TrackCall = [event: string, properties?: unknown, options?: { event_id?: string }];

const FOREIGN_MAX = 16;
const FOREIGN_LENGTH_MAX = 200;

/** Whether TikTok's script came; undefined before the start. */
export let pixelState: PixelState | undefined;

/** Each of our codes: settled when its script is there. Before, a script that came with another code would lose our calls. */
const scripts: Record<string, Promise<void>> = {};
/** Events of other tags that were reported. */
const foreign: unknown[] = [];
let ours: boolean;
let watched: unknown;

/** Takes the page's pixel, or makes one, and loads the codes that nobody has loaded. */
export function startPixel(): void {
  // A page that requires Trusted Types takes a script's address only from a policy, and throws otherwise.
  const plain: Policy = { createScriptURL: (url) => url };
  const policy = attempt(() => trustedTypes.createPolicy('assay', plain)) ?? plain;
  let viewed = false;
  pixelState = 'unknown';
  window.TiktokAnalyticsObject = 'ttq';
  window.ttq ??= stub();
  // What other tags told before, and the script has not taken yet: it will be told of every code.
  attempt(() => {
    for (const [method, ...call] of ttq) {
      viewed ||= method === 'page';
      if (method === 'track') note(call as TrackCall);
    }
  });
  for (const code of pixels)
    scripts[code] = new Promise((done) => {
      const own = ttq._i?.[code];
      const onload = (): void =>
        usePixel(() => {
          settlePixel('loaded');
          done();
          // The page view of a code that the page loads by itself is the page's.
          if (!own && !viewed) ttq.instance(code).page();
        });
      if (own) return usePixel(() => ttq.ready(onload));
      ttq._i ??= {};
      ttq._i[code] = Object.assign([], { _u: pixelScript });
      ttq._t ??= {};
      ttq._t[code] = Date.now();
      ttq._o ??= {};
      ttq._o[code] = {};
      document.head.append(
        Object.assign(document.createElement('script'), {
          onload,
          onerror: () => settlePixel('loadFailed'),
          nonce: document.querySelector<HTMLElement>('script[nonce]')?.nonce,
          src: policy.createScriptURL(`${pixelScript}?sdkid=${code}&lib=ttq`),
        }),
      );
    });
}

function stub(): Ttq {
  const queue = [] as unknown as Ttq & Record<string, Method>;
  for (const method of METHODS.split(',')) queue[method] = (...args) => queue.push([method, ...args]);
  return queue;
}

/** Tells the collector of the script's fate, once. */
export function settlePixel(state: PixelState): void {
  if (pixelState !== 'unknown') return;
  pixelState = state;
  report({ type: 'pixel', state });
}

/** Fires an event at one of our pixels. */
export function fire(event: string, properties: JsonObject, event_id: string, pixel_code: string): void {
  void scripts[pixel_code]?.then(() => usePixel(() => ttq.track(event, properties, { event_id, pixel_code })));
}

/** Calls the pixel, which may fail, and listens to `ttq.track`, for TikTok's script puts its own in the stub's place. */
export function usePixel(call: () => void): void {
  ours = true;
  attempt(call);
  ours = false;
  attempt(() => {
    if (ttq.track !== watched) overhear(ttq, 'track', note);
    watched = ttq.track;
  });
}

/** Reports a call that is not ours, each event once a page load. */
function note([event, , options]: TrackCall): void {
  const event_id = options?.event_id;
  if (ours || foreign[FOREIGN_MAX - 1] || foreign.includes(event) || (event + event_id)[FOREIGN_LENGTH_MAX]) return;
  foreign.push(event);
  report({ type: 'foreign', event, event_id: event_id as string });
}
