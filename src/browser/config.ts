import type { ClientParts } from '../event/client-spec.ts';

/** What the collector tells this page, each as `ClientParts` says. There is one page, so its state lives in the modules. */
export let shop: ClientParts[0];
export let key: ClientParts[1];
export let version: ClientParts[2];
export let consentRequired: ClientParts[3];
export let collector: ClientParts[4];
export let domains: ClientParts[5];
export let leadEvent: ClientParts[6];
export let rules: ClientParts[7];
export let pixels: ClientParts[8];
export let pixelScript: ClientParts[9];
export let freeKeys: ClientParts[10];
export let pages: ClientParts[11];

export const configure = (parts: ClientParts): unknown =>
  ([shop, key, version, consentRequired, collector, domains, leadEvent, rules, pixels, pixelScript, freeKeys, pages] =
    parts);
