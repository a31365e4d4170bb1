import type { ClientParts } from '../event/client-spec.ts';

/**
 * What the collector tells this page, each as `ClientParts` says. There is one page, so its state lives in the modules.
 * In the served script none of these is left: there the collector writes each part over its name.
 */
export let shop: ClientParts['shop'];
export let key: ClientParts['key'];
export let version: ClientParts['version'];
export let choices: ClientParts['choices'];
export let collector: ClientParts['collector'];
export let domains: ClientParts['domains'];
export let leadEvent: ClientParts['leadEvent'];
export let rules: ClientParts['rules'];
export let pixels: ClientParts['pixels'];
export let pixelScript: ClientParts['pixelScript'];
export let freeKeys: ClientParts['freeKeys'];
export let pages: ClientParts['pages'];

export const configure = (parts: ClientParts): unknown =>
  ({ shop, key, version, choices, collector, domains, leadEvent, rules, pixels, pixelScript, freeKeys, pages } = parts);
