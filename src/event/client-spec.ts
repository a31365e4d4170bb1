/** The part of the tracking spec that a page needs: compiled by the server into the SDK's script. */
export interface ClientSpec {
  /** spec version the page runs */
  version: number;
  /** business id, the prefix of order event ids */
  shop: string;
  /** TikTok pixel codes */
  pixels: string[];
  consent: 'required' | 'none';
  /** hosts that belong to the site */
  domains: string[];
  /** events with a rule of their own; any other has a pixel leg, fired at once. `within` is ms. */
  events: Record<string, { pixel?: false; guarded?: true; oncePer?: string[]; within?: number }>;
}

/** What stands in for the placeholder in the served script. */
export interface ClientConfig extends ClientSpec {
  /** write key of the browser door */
  key: string;
  /** collector's base URL, without a slash at the end */
  collector: string;
  /** URL of TikTok's pixel script, without its query */
  pixelScript: string;
}
