import { readCookies } from '../http/cookies.ts';
import { type Got, request } from '../http/request.ts';
import type { VisitorPlan } from './plan.ts';

const REQUEST_MS_MAX = 5_000;
const REDIRECTS_MAX = 5;

export interface Opened {
  url: URL;
  status: number;
  text: string;
}

/** A browser without a screen: cookies a host, redirects, a referrer. Runs no script. */
export class Tab {
  readonly #jars = new Map<string, Map<string, string>>();
  readonly #userAgent: string;
  readonly #signal: AbortSignal;
  referrer: string;

  constructor(plan: VisitorPlan, signal: AbortSignal) {
    this.#userAgent = plan.userAgent;
    this.#signal = signal;
    this.referrer = plan.referrer;
  }

  cookiesOf(url: URL): Map<string, string> {
    const jar = this.#jars.get(url.hostname) ?? new Map<string, string>();
    this.#jars.set(url.hostname, jar);
    return jar;
  }

  /** Opens an address, or posts a form, and follows where it leads. */
  async open(href: string, form?: Record<string, string>): Promise<Opened> {
    let url = new URL(href);
    let got = await this.#send(url, form && new URLSearchParams(form).toString());
    for (let n = 0; n < REDIRECTS_MAX && got.status === 303; n += 1) {
      url = new URL(got.headers.location ?? '/', url);
      got = await this.#send(url, undefined);
    }
    return { url, status: got.status, text: got.text };
  }

  async #send(url: URL, body: string | undefined): Promise<Got> {
    const jar = this.cookiesOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
    const got = await request({
      method: body === undefined ? 'GET' : 'POST',
      url: url.href,
      headers: {
        'user-agent': this.#userAgent,
        'accept-language': 'en-GB,en;q=0.9',
        ...(cookie === '' ? {} : { cookie }),
        ...(this.referrer === '' ? {} : { referer: this.referrer }),
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs: REQUEST_MS_MAX,
      signal: this.#signal,
    });
    for (const line of got.headers['set-cookie'] ?? []) {
      const [name, value] = [...readCookies(line.split(';')[0] ?? '')][0] ?? [];
      if (name === undefined || value === undefined) continue;
      if (/;\s*Max-Age=0\b/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return got;
  }
}
