import type { ClientParts } from '../event/client-spec.ts';
import { type Assay, assay, begin } from './calls.ts';
import { configure } from './config.ts';

export type { Methods, Order } from './calls.ts';
export type { Contacts } from './contacts.ts';
export type { Assay, ClientParts };

/** Starts collection in this page, and tells of the page view; what it returns never throws. */
export function load(config: ClientParts): Assay {
  configure(config);
  begin();
  return assay;
}
