import type { Route } from '../http.ts';
import type { DoorFrame } from './frame.ts';

/** The script for pages, and a sign of life. */
export function scriptRoutes({ script }: DoorFrame): Route[] {
  return [
    {
      method: 'GET',
      path: '/a.js',
      answer: ({ request }) => {
        const accepted = String(request.headers['accept-encoding'] ?? '');
        const coding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
        return {
          status: 200,
          text: script()[coding ?? 'text'],
          type: 'text/javascript',
          headers: {
            // A page may run an hour on an older spec; its events carry the version.
            'cache-control': 'public, max-age=300, stale-while-revalidate=3600',
            'access-control-allow-origin': '*',
            'cross-origin-resource-policy': 'cross-origin',
            vary: 'accept-encoding',
            ...(coding ? { 'content-encoding': coding } : {}),
          },
        };
      },
    },
    { method: 'GET', path: '/healthz', answer: () => ({ status: 200, json: { ok: true } }) },
  ];
}
