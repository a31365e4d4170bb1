import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { type ClientConfig, writeParts } from '../event/client-spec.ts';
import { AssayError } from '../event/error.ts';
import type { Answered, Route } from './http.ts';

/** Where the bundles lie: beside this code in the package, in `dist` of a checkout. */
const BUNDLES = new URL(import.meta.url.endsWith('.ts') ? '../../dist/' : '../', import.meta.url);

function bundle(name: string): string {
  const file = new URL(name, BUNDLES);
  if (!existsSync(file)) throw new AssayError('bundle_missing', `${name} is not built. Run: npm run build`);
  return readFileSync(file, 'utf8');
}

/** The SDK's script, plain and compressed, by the names that HTTP has for it. */
export interface Script {
  text: string;
  gzip: Buffer;
  br: Buffer;
}

/** The SDK's script with the client part of the spec in it. */
export function sdkScript(config: ClientConfig): Script {
  const text = writeParts(bundle('browser/assay.js'), config);
  return { text, gzip: gzipSync(text, { level: 9 }), br: brotliCompressSync(text) };
}

const PAGES = [
  ...['/', '/live', '/funnel', '/attribution', '/attribution/windows', '/orders', '/leads', '/deliveries'],
  ...['/trace', '/trace/:id', '/settings'],
];
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The dashboard's page and its two files. */
export function pageRoutes(): Route[] {
  const html = bundle('pages/index.html');
  const page = (): Answered => ({
    status: 200,
    type: 'text/html',
    text: html,
    headers: {
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    },
  });
  const asset = (name: string, type: string): Route => {
    const text = bundle(`pages/${name}`);
    return { method: 'GET', path: `/assets/${name}`, answer: () => ({ status: 200, type, text }) };
  };
  return [
    ...PAGES.map((path): Route => ({ method: 'GET', path, answer: page })),
    asset('dashboard.js', 'text/javascript'),
    asset('dashboard.css', 'text/css'),
  ];
}
