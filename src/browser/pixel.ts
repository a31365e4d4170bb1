import type { ScriptState } from '../api/wire.ts';
import type { JsonObject } from '../event/event.ts';
import { attempt, overhear } from './client.ts';
import { pixelScript, pixels } from './config.ts';
import { report } from './queue.ts';

// An array whose methods push their own name and arguments: with any other form TikTok's script drains nothing.
const METHODS = 'page,track,identify,ready,holdConsent,revokeConsent,grantConsent';

type Method = (...args: unknown[]) => void;

/**
 * TikTok's pixel: an array of calls until its script has come, then the script's own object. `load` and `instance` are
 * missing until then: a base code of the page's own brings them along.
 */
interface Ttq extends Array<[method: string, ...args: unknown[]]> {
  _i: Record<string, unknown[]>;
  _t: Record<string, number>;
  _o: Record<string, unknown>;
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

type TrackCall = [event?: unknown, properties?: unknown, options?: { event_id?: unknown }];

const FOREIGN_MAX = 16;

/** Whether TikTok's script came; undefined before the start. */
export let pixelState: ScriptState | undefined;

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
  window.ttq = window.ttq ?? [];
  // The stub of an older base code lacks some of them.
  for (const method of METHODS.split(',')) ttq[method as 'track'] ??= (...args) => ttq.push([method, ...args]);
  // What other tags told before, and the script has not taken yet: it will be told of every code.
  attempt(() => {
    for (const [method, ...call] of ttq) {
      viewed ||= method === 'page';
      if (method === 'track') note(call as TrackCall);
    }
  });
  for (const table of '_i,_t,_o'.split(',')) ttq[table as '_i'] ??= {};
  for (const code of pixels)
    scripts[code] = new Promise<void>((done, fail) => {
      const own = ttq._i[code];
      const onload = (): void =>
        usePixel(() => {
          settlePixel('loaded');
          done();
          // The page view of a code that the page loads by itself is the page's.
          if (!own && !viewed) ttq.instance(code).page();
        });
      if (own) return usePixel(() => ttq.ready(onload));
      ttq._i[code] = Object.assign([], { _u: pixelScript });
      ttq._o[code] = {};
      ttq._t[code] = Date.now();
      document.head.append(
        Object.assign(document.createElement('script'), {
          onload,
          onerror: fail,
          nonce: document.querySelector<HTMLElement>('script[nonce]')?.nonce,
          src: policy.createScriptURL(`${pixelScript}?sdkid=${code}&lib=ttq`),
        }),
      );
      // Where it throws, too. Calls that come after this wait in the stub for ever.
    }).catch(() => settlePixel('loadFailed'));
}

/** Tells the collector of the script's fate, once. */
export function settlePixel(state: ScriptState): void {
  if (pixelState !== 'unknown') return;
  pixelState = state;
  report(['pixel', state]);
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
  if (ours || foreign[FOREIGN_MAX - 1] || foreign.includes(event)) return;
  foreign.push(event);
  report(['foreign', event, options?.event_id]);
}
