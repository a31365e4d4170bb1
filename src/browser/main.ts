import type { ClientConfig } from '../event/client-spec.ts';
import { type Assay, load } from './assay.ts';

/** Written in by the collector when it serves the script. */
declare const __ASSAY_CLIENT__: ClientConfig;

/** The snippet's stub, until this script has taken its place. */
interface Stub {
  q?: Parameters<Assay>[];
  page?: unknown;
}

declare global {
  interface Window {
    assay?: Stub | Assay;
  }
}

const stub = window.assay as Stub | undefined;

// A page may carry the tag twice.
if (!stub?.page) {
  const assay = load(__ASSAY_CLIENT__, document.currentScript?.nonce);
  const push = (args: Parameters<Assay>): unknown => assay(...args);
  assay.page();
  stub?.q?.forEach(push);
  // Code that kept the stub pushes to `assay.q`.
  window.assay = Object.assign(assay, { q: { push } });
}
