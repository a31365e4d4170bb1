import * as tls from 'node:tls';
import { type Dispatcher, request } from 'undici';
import type { HookWorld } from '../../collection/webhooks/provider.ts';

const BYTES_MAX = 64 * 1024;
const TIMEOUT_MS = 5_000;
/** Who sends forged webhooks decides how often this is asked: never more at once, and few that wait. */
const FETCHES_MAX = 4;
const WAITING_MAX = 32;

/** The world as providers may use it: small documents at https addresses, a few at a time. */
export function openHookWorld(dispatcher?: Dispatcher): HookWorld {
  let trusted: readonly string[] | undefined;
  let running = 0;
  const waiting: (() => void)[] = [];

  async function turn(): Promise<void> {
    if (running < FETCHES_MAX) running++;
    else if (waiting.length >= WAITING_MAX) throw new Error('too many documents are being fetched');
    // Who leaves hands its place on, so nobody can slip in between.
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }

  return {
    roots: () => (trusted ??= trustedRoots()),
    async fetch(url) {
      const address = URL.parse(url);
      if (address?.protocol !== 'https:' || address.username !== '' || address.password !== '')
        throw new Error('only plain https addresses are fetched');
      await turn();
      try {
        return await read(address, dispatcher);
      } finally {
        leave();
      }
    },
  };
}

/** Those of Node and of `NODE_EXTRA_CA_CERTS`; versions of Node before 22.15 tell the first ones only. */
function trustedRoots(): readonly string[] {
  const told = (tls as Partial<typeof tls>).getCACertificates;
  return told ? told('default') : tls.rootCertificates;
}

async function read(address: URL, dispatcher: Dispatcher | undefined): Promise<Buffer> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  // A redirect is not followed: it would lead past the provider's check of the host.
  const { statusCode, body } = await request(address, { signal, ...(dispatcher ? { dispatcher } : {}) });
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop early ends the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (statusCode !== 200) throw new Error(`${address.host} answered ${statusCode}`);
    bytes += chunk.length;
    if (bytes > BYTES_MAX) throw new Error(`${address.host} answered with more than ${BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  if (statusCode !== 200) throw new Error(`${address.host} answered ${statusCode}`);
  return Buffer.concat(chunks);
}
