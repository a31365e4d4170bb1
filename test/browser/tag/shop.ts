import { readFileSync } from 'node:fs';
import { type Ask, end, listen, portOf } from './asks.ts';

/** A page of the shop: what stands in its head, and headers of its answer. */
export interface PageParts {
  head: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Serves the pages of a test under every host name that ends on this machine. */
export interface Shop {
  port: number;
  asks: readonly Ask[];
  /** Pages by path; a path without a page is answered 404. */
  put(path: string, parts: PageParts): void;
  /** A path that is answered when this says so, and not before. */
  hold(path: string): () => void;
  close(): Promise<void>;
}

export async function openShop(): Promise<Shop> {
  const asks: Ask[] = [];
  const pages = new Map<string, PageParts>();
  const holds = new Map<string, Promise<void>>();
  const server = await listen(asks, (noted, request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://any');
    const held = holds.get(pathname);
    if (held !== undefined)
      return void held.then(() => {
        noted.status = 204;
        response.writeHead(204).end();
      });
    if (request.method === 'HEAD') return void response.writeHead(204).end();
    const parts = pages.get(pathname);
    noted.status = parts ? 200 : 404;
    response.writeHead(noted.status, {
      'content-type': 'text/html',
      // Every request then says in full which page it is of.
      'referrer-policy': 'unsafe-url',
      ...parts?.headers,
    });
    response.end(`<!doctype html><link rel="icon" href="data:,"><title>Shop</title>
      ${parts?.head ?? ''}<body>${parts?.body ?? ''}</body>`);
  });
  return {
    port: portOf(server),
    asks,
    put: (path, parts) => pages.set(path, parts),
    hold(path) {
      const { promise, resolve } = Promise.withResolvers<void>();
      holds.set(path, promise);
      return resolve;
    },
    close: () => end(server),
  };
}

const GUIDE = new URL('../../../docs/guides/sdk.md', import.meta.url);

/** The two tags as the guide shows them, for this collector. */
export function tag(collectorUrl: string): string {
  const [, html] = /```html\n([\s\S]*?)```/.exec(readFileSync(GUIDE, 'utf8')) ?? [];
  if (!html?.includes('/a.js')) throw new Error('the guide shows no tag in its first block of HTML');
  return html.replaceAll('https://collect.shop.example', collectorUrl);
}

/** The same two tags put in later by a script, as a tag manager does it. */
export function tagManager(collectorUrl: string): string {
  return `<script>addEventListener('load', () => {
    const parts = document.createElement('template');
    parts.innerHTML = ${JSON.stringify(tag(collectorUrl)).replaceAll('</', '<\\/')};
    for (const { src, text } of parts.content.querySelectorAll('script'))
      document.head.append(Object.assign(document.createElement('script'), src ? { src } : { text }));
  });</script>`;
}

/** TikTok's base code as a shop has it: an array of deferred calls, the script, and the page view. */
export function baseCode(scriptUrl: string, code: string): string {
  return `<script>{
    const methods = 'page track identify instances debug on off once ready alias group enableCookie disableCookie ' +
      'holdConsent revokeConsent grantConsent';
    window.TiktokAnalyticsObject = 'ttq';
    const ttq = (window.ttq = window.ttq || []);
    const defer = (queue) => {
      for (const name of methods.split(' ')) queue[name] = (...args) => void queue.push([name, ...args]);
      return queue;
    };
    defer(ttq);
    ttq.instance = (code) => defer(ttq._i[code] || []);
    ttq.load = (code, options) => {
      ttq._i = ttq._i || {};
      ttq._i[code] = [];
      ttq._i[code]._u = ${JSON.stringify(scriptUrl)};
      ttq._t = { ...ttq._t, [code]: Date.now() };
      ttq._o = { ...ttq._o, [code]: options || {} };
      const script = document.createElement('script');
      script.async = true;
      script.src = ${JSON.stringify(scriptUrl)} + '?sdkid=' + code + '&lib=ttq';
      document.head.append(script);
    };
    ttq.load(${JSON.stringify(code)});
    ttq.page();
  }</script>`;
}
