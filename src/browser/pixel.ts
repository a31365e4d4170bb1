import type { BrowserReport } from '../api/wire.ts';
import { attempt, client } from './client.ts';
import { enqueue } from './queue.ts';

/** TikTok's pixel: an array of calls until its script has come, then the script's own object. */
interface Ttq {
  _i?: Record<string, unknown[]>;
  _t?: Record<string, number>;
  _o?: Record<string, unknown>;
  [method: string]: unknown;
}

type Queue = unknown[] & { [method: string]: unknown };

interface Policy {
  createScriptURL(url: string): string;
}

declare global {
  var ttq: Ttq;
  var TiktokAnalyticsObject: string;
  var trustedTypes: { createPolicy(name: string, rules: Policy): Policy };
}

type PixelState = Extract<BrowserReport, { type: 'pixel' }>['state'];

// An array whose methods push their own name and arguments: with any other form TikTok's script drains nothing.
const METHODS =
  'page,track,identify,instances,debug,on,off,once,ready,alias,group,enableCookie,disableCookie,holdConsent,revokeConsent,grantConsent'.split(
    ',',
  );

/** Whether TikTok's script came; undefined before the start. */
export let pixelState: PixelState | undefined;

/** Takes the page's pixel, or makes one, and loads the codes that nobody has loaded. */
export function startPixel(nonce: string): void {
  const policy = attempt(() => trustedTypes.createPolicy('assay', { createScriptURL: (url) => url }));
  const loaded = (): void => settlePixel('loaded');
  const failed = (): void => settlePixel('loadFailed');

  function load(code: string, options: unknown = {}): void {
    ttq._i = { ...ttq._i, [code]: Object.assign([], { _u: client.pixelScript }) };
    ttq._t = { ...ttq._t, [code]: Date.now() };
    ttq._o = { ...ttq._o, [code]: options };
    const url = `${client.pixelScript}?sdkid=${code}&lib=ttq`;
    const script = document.createElement('script');
    script.nonce = nonce;
    script.onload = loaded;
    script.onerror = failed;
    // A page that requires Trusted Types takes a script's address only from a policy, and throws otherwise.
    script.src = policy?.createScriptURL(url) ?? url;
    document.head.append(script);
  }

  pixelState = 'unknown';
  window.TiktokAnalyticsObject = 'ttq';
  window.ttq ??= Object.assign(defer([] as unknown as Queue), {
    load,
    instance: (code: string) => defer((ttq._i?.[code] ?? []) as Queue),
  });
  for (const code of client.pixels)
    try {
      if (!ttq._i?.[code] && !document.querySelector(`script[src*="sdkid=${code}"]`)) load(code);
    } catch {
      failed();
    }
  callPixel('ready', loaded);
}

/** Tells the collector of the script's fate, once. */
export function settlePixel(state: PixelState): void {
  if (pixelState !== 'unknown') return;
  pixelState = state;
  enqueue('reports', { type: 'pixel', state });
}

/** A call that may fail, or wait for the script. */
export function callPixel(method: string, ...args: unknown[]): void {
  attempt(() => (ttq[method] as (...args: unknown[]) => unknown)(...args));
}

function defer(queue: Queue): Ttq {
  for (const method of METHODS) queue[method] = (...args: unknown[]) => queue.push([method, ...args]);
  return queue as unknown as Ttq;
}
