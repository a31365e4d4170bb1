import { type Assay, assay, begin } from './calls.ts';

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
  begin();
  const push = (args: Parameters<Assay>): unknown => assay(...args);
  stub?.q?.forEach(push);
  // Code that kept the stub pushes to `assay.q`.
  window.assay = Object.assign(assay, { q: { push } });
}

if (document.prerendering) document.addEventListener('prerenderingchange', start);
else start();
