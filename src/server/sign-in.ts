import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Answered, type Asked, problem } from './http.ts';
import { same } from './same.ts';

const COOKIE = 'assay_admin';
const LIFE_S = 12 * 3600;

export interface SignIn {
  /** a path that works once */
  link(): string;
  /** answers the sign-in path, and everything that is not signed in */
  before(asked: Asked): Answered | undefined;
}

/**
 * One-time links and a cookie for people, a token for commands on this machine. All live as long as the process: a
 * restart signs everybody out.
 */
export function openSignIn(now: () => number, token: string): SignIn {
  const secret = randomBytes(32);
  const open = new Set<string>();
  const mac = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');

  function cookieHolds(header: string): boolean {
    const value = new RegExp(`(?:^|; ?)${COOKIE}=([\\w.-]{1,100})`).exec(header)?.[1] ?? '';
    const [until = '', signature = ''] = value.split('.');
    return /^\d{1,15}$/.test(until) && Number(until) > now() && same(signature, mac(until));
  }

  const tokenHolds = (header = ''): boolean => header.startsWith('Bearer ') && same(header.slice(7), token);

  return {
    link() {
      const once = randomBytes(24).toString('base64url');
      open.add(once);
      return `/sign-in?token=${once}`;
    },
    before(asked) {
      const { pathname, searchParams } = asked.url;
      const { headers, method } = asked.request;
      if (!hostIsOurs(headers.host ?? ''))
        return problem(403, 'host_foreign', 'This host name is not the admin listener’s.');
      if (pathname === '/sign-in') {
        if (!open.delete(searchParams.get('token') ?? ''))
          return problem(
            403,
            'link_used',
            'This sign-in link was used or never given. Restart the server for a new one.',
          );
        const until = String(now() + LIFE_S * 1000);
        const cookie = `${COOKIE}=${until}.${mac(until)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LIFE_S}`;
        // A redirect from a foreign link would not carry a Strict cookie yet; a page that goes on by itself does.
        return {
          status: 200,
          type: 'text/html',
          text: '<!doctype html><meta http-equiv="refresh" content="0;url=/"><link rel="icon" href="data:,"><title>Assay</title>',
          headers: { 'set-cookie': cookie },
        };
      }
      const anyone = pathname === '/readyz' || pathname.startsWith('/assets/');
      if (anyone || tokenHolds(headers.authorization)) return undefined;
      if (cookieHolds(headers.cookie ?? ''))
        return changes(method) && !isFromOurPage(headers)
          ? problem(
              403,
              'not_our_page',
              'What changes something comes from a page of this address, as application/json.',
            )
          : undefined;
      // Pages load and say for themselves how to sign in; what they ask for is what is kept.
      return pathname.startsWith('/v1/')
        ? problem(401, 'not_signed_in', 'Open the sign-in link that the server printed at its start.')
        : undefined;
    },
  };
}

function changes(method: string | undefined): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/**
 * Cookies go by the host and not by its port, so a page of another port sends ours along: only the origin tells them
 * apart. It is compared with the host asked for, which a tunnel may have given another port.
 */
function isFromOurPage(headers: IncomingHttpHeaders): boolean {
  const { origin = '', host } = headers;
  const json = /^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '');
  return json && URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** A name that another site could point at loopback must not reach the pages (DNS rebinding). */
function hostIsOurs(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return /^(?:localhost|[a-z\d-]+\.localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]+\])$/i.test(name);
}
