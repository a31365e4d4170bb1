import type { Door, JsonObject, Personal } from './event.ts';
import type { TouchKind } from './fact.ts';

/** Contact with an ad. The key is (touch). */
export interface TouchRow {
  touch: string;
  /** journal sequence */
  seq: number;
  type: TouchKind;
  /** when it happened, UTC ms: its receipt at our own doors, what was told of an imported one */
  at: number;
  /** our clock, UTC ms */
  receivedAt: number;
  /** `import` for what was seen elsewhere */
  door: Door;
  visitor?: string;
  session?: string;
  /** ids and names that the ad wrote into the address: campaign, ad group, ad, placement, utm_* */
  ad: JsonObject;
  /** where the click went, without its parameters */
  target?: string;
  /** `ttclid`, and the hashes of an imported touch: `external_id`, `email`, `phone` */
  personal: Personal | null;
}
