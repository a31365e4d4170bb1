import { type KeyObject, X509Certificate } from 'node:crypto';
import { DAY, MINUTE } from '../../event/time.ts';
import type { HookWorld } from './provider.ts';

/** A certificate that PayPal signs with. */
interface SigningKey {
  key: KeyObject;
  /** UTC ms */
  from: number;
  until: number;
}

/** PayPal has a handful of certificates at a time. */
const KEPT_MAX = 16;
const CERTIFICATES_MAX = 5;
/** A body is a certificate or a few; a page of theirs that says "not found" is no reason to ask again at once. */
const FAILURE_KEPT_MS = MINUTE;
const KEPT_MS = DAY;

const HOSTS: ReadonlyMap<string, 'live' | 'sandbox'> = new Map([
  ['api.paypal.com', 'live'],
  ['api.sandbox.paypal.com', 'sandbox'],
]);
const PATH = /^\/v1\/notifications\/certs\/[\w-]{1,200}$/;

/** Whose certificate stands at this address; undefined where it is none of PayPal's, so that nothing is fetched. */
export function certificateHost(url: string): 'live' | 'sandbox' | undefined {
  const parsed = url.length > 300 ? null : URL.parse(url);
  // Written in the one way that PayPal writes it: no port, no user, no dots to resolve, no parameters.
  if (!parsed || parsed.href !== url || parsed.href !== `https://${parsed.hostname}${parsed.pathname}`)
    return undefined;
  return PATH.test(parsed.pathname) ? HOSTS.get(parsed.hostname) : undefined;
}

/**
 * The keys that PayPal's addresses hold. PayPal's own host must serve the certificate over TLS, and it must be made out
 * for signing webhooks, be in force, and lead up to one of the roots. An issuer that does not come along is fetched from
 * the authority of PayPal's certificates, whose signature it must have given.
 */
export class PaypalCertificates {
  readonly #kept = new Map<string, { until: number; key: Promise<SigningKey | undefined>; isGood: boolean }>();

  /** The key at an address that `certificateHost` knows; undefined where none can be had, or it is not in force. */
  async keyAt(url: string, now: number, world: HookWorld): Promise<KeyObject | undefined> {
    const kept = this.#kept.get(url);
    const key = await (kept && kept.until > now ? kept.key : this.#fetch(url, now, world));
    return key && key.from <= now && now <= key.until ? key.key : undefined;
  }

  #fetch(url: string, now: number, world: HookWorld): Promise<SigningKey | undefined> {
    const key = this.#signingKey(url, world).catch(() => undefined);
    const entry = { until: now + FAILURE_KEPT_MS, key, isGood: false };
    this.#kept.delete(url);
    this.#makeRoom(now);
    this.#kept.set(url, entry);
    void key.then((found) => {
      if (!found) return;
      entry.until = now + KEPT_MS;
      entry.isGood = true;
    });
    return key;
  }

  async #signingKey(url: string, world: HookWorld): Promise<SigningKey | undefined> {
    const chain = chainOf(await world.fetch(url), url);
    if (!chain) return undefined;
    for (let last = chain.at(-1); last; last = chain.at(-1)) {
      const root = rootOf(last, world.roots());
      if (root) return keyOf([...chain, root]);
      const address = chain.length < CERTIFICATES_MAX ? issuerAddress(last) : undefined;
      const issuer = address === undefined ? undefined : new X509Certificate(await world.fetch(address));
      if (!isIssuedBy(last, issuer) || !issuer) return undefined;
      chain.push(issuer);
    }
    return undefined;
  }

  /** Whoever makes up addresses must not push out those that PayPal uses. */
  #makeRoom(now: number): void {
    if (this.#kept.size < KEPT_MAX) return;
    const idle = [...this.#kept].find(([, { isGood, until }]) => !isGood || until <= now);
    const [first] = this.#kept.keys();
    this.#kept.delete(idle?.[0] ?? first ?? '');
  }
}

/** The first one's key, in force while all of them are. */
function keyOf(chain: readonly X509Certificate[]): SigningKey | undefined {
  const [own] = chain;
  return (
    own && {
      key: own.publicKey,
      from: Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom))),
      until: Math.min(...chain.map(({ validTo }) => Date.parse(validTo))),
    }
  );
}

/** The chain that PayPal serves, each issued by the next. */
function chainOf(body: Buffer, url: string): X509Certificate[] | undefined {
  const blocks = body.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = blocks.slice(0, CERTIFICATES_MAX).map((block) => new X509Certificate(block));
  const [own] = chain;
  if (!own || own.ca || own.publicKey.asymmetricKeyType !== 'rsa' || !isForSigning(own, url)) return undefined;
  return chain.every((certificate, n) => n === chain.length - 1 || isIssuedBy(certificate, chain[n + 1]))
    ? chain
    : undefined;
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate | undefined): boolean {
  return Boolean(issuer?.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
}

/** The root that the last of a chain is, or was issued by. */
function rootOf(last: X509Certificate, roots: readonly string[]): X509Certificate | undefined {
  for (const pem of roots) {
    const root = new X509Certificate(pem);
    if (root.raw.equals(last.raw) || isIssuedBy(last, root)) return root;
  }
  return undefined;
}

/** Where the authority of PayPal's certificates keeps its own, over TLS: a certificate itself names it without. */
function issuerAddress({ infoAccess = '' }: X509Certificate): string | undefined {
  const [, path] = /^CA Issuers - URI:https?:\/\/cacerts\.digicert\.com(\/[\w.-]{1,100})$/m.exec(infoAccess) ?? [];
  return path === undefined ? undefined : `https://cacerts.digicert.com${path}`;
}

/** PayPal's certificates for this have names of their own, one for each of its worlds. */
function isForSigning({ subject }: X509Certificate, url: string): boolean {
  const name = certificateHost(url) === 'sandbox' ? 'sandbox.paypal.com' : 'paypal.com';
  return subject.split('\n').includes(`CN=messageverificationcerts.${name}`);
}
