import type { Asked, Route } from './http.ts';

/** A route that pages of our origins may read, whatever it answers: a refusal that a page can't read is sent again. */
export function forPages(origins: () => readonly string[], route: Route): Route {
  return {
    ...route,
    answer(asked) {
      allow(origins(), asked);
      return route.answer(asked);
    },
  };
}

/** What a browser asks before it sends. */
export function preflight(origins: () => readonly string[], path: string): Route {
  return forPages(origins, { method: 'OPTIONS', path, answer: () => ({ status: 204, text: '', type: 'text/plain' }) });
}

function allow(origins: readonly string[], { request, response }: Asked): void {
  const { origin } = request.headers;
  response.setHeader('vary', 'origin');
  if (origin === undefined || !origins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  // Lets a page of the collector's own site keep the visitor's cookie. No cookie opens anything here.
  response.setHeader('access-control-allow-credentials', 'true');
  if (request.method !== 'OPTIONS') return;
  response.setHeader('access-control-allow-methods', 'GET, POST');
  response.setHeader('access-control-allow-headers', 'content-type');
  response.setHeader('access-control-max-age', '600');
}
