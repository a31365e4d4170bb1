import type { Answer } from './serve.ts';

export function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/**
 * A page of whoever takes the money, which loads nothing from elsewhere and stands in no frame. `formTargets`: browsers
 * hold a form's redirects to the policy too, so the shop must stand in it.
 */
export function paymentPage(status: number, body: string, formTargets = ''): Answer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': `default-src 'none'; style-src 'self'; img-src data:; form-action 'self' ${formTargets}; base-uri 'none'; frame-ancestors 'none'`,
    },
    body,
  };
}
