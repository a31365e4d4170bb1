import type { JsonObject } from './event.ts';

/** Contact with an ad. The key is (touch). */
export interface TouchRow {
  touch: string;
  /** journal sequence */
  seq: number;
  type: 'click' | 'view';
  at: number;
  visitor?: string;
  session?: string;
  ttclid?: string;
  ad: JsonObject;
  target?: string;
}
