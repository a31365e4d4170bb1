import type { ClientParts } from '../event/client-spec.ts';
import { type Assay, load } from './assay.ts';

/** Written in by the collector when it serves the script. */
declare const __ASSAY_CLIENT__: ClientParts;

/** The snippet's stub, until this script has taken its place. */
interface Stub {
  q?: Parameters<Assay>[];
  page?: unknown;
}

declare global {
  interface Window {
    assay?: Stub | Assay;
  }
  interface Document {
    /** the browser prepares a page that nobody has asked for yet */
    prerendering?: boolean;
  }
}

function start(): void {
  const stub = window.assay as Stub | undefined;
  // A page may carry the tag twice.
  if (stub?.page) return;
  const assay = load(__ASSAY_CLIENT__);
  const push = (args: Parameters<Assay>): unknown => assay(...args);
  stub?.q?.forEach(push);
  // Code that kept the stub pushes to `assay.q`.
  window.assay = Object.assign(assay, { q: { push } });
}

if (document.prerendering) document.addEventListener('prerenderingchange', start);
else start();
